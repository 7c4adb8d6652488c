/** What has to happen to a stack set, and the operations that do it. */
import { describe, expect, test } from "vitest";
import { batchesOf, compare, needsAnother, refreshing, stepsOf } from "../../deploy/difference.ts";
import type { LiveInstance, LiveStackSet } from "../../deploy/live.ts";
import type { DesiredStackSet, Target } from "../../deploy/manifest.ts";

const target = (environment: string, id: string, region = "eu-west-1"): Target => ({
  environment,
  account: environment,
  id,
  region,
});
const DEV = target("dev", "1");
const PROD = target("prod", "2");

const desired: DesiredStackSet = {
  name: "network",
  stackSetName: "acme-network",
  description: "VPC",
  template: "new",
  dependsOn: [],
  artifacts: [],
  capabilities: [],
  tags: [{ Key: "landform:spec", Value: "acme" }],
  administrationRoleArn: "admin",
  executionRoleName: "execution",
  preferences: {
    RegionConcurrencyType: "SEQUENTIAL",
    FailureToleranceCount: 0,
    MaxConcurrentCount: 1,
    ConcurrencyMode: "STRICT_FAILURE_TOLERANCE",
  },
  targets: [DEV, PROD],
};
const live: LiveStackSet = { ...desired, id: "acme-network:1", hasManagedExecution: true, drifted: 0 };
const older = { ...live, template: "old" };
const instance = (of: Target, status: LiveInstance["status"] = "CURRENT", more = {}): LiveInstance => ({
  id: of.id,
  region: of.region,
  status,
  detailedStatus: "SUCCEEDED",
  reason: "",
  drift: "NOT_CHECKED",
  ...more,
});
const all = () => true;
const only = (environment: string) => (of: Target) => of.environment === environment;

/** What becomes of each stack, and the operations, in short. */
function summary(...args: Parameters<typeof compare>) {
  const difference = compare(...args);
  return {
    change: difference.change,
    instances: difference.instances.map(
      ({ target: { environment }, change }) => `${environment} ${change.kind}`,
    ),
    unwanted: difference.unwanted.map(({ id }) => id),
    steps: stepsOf(difference).map(
      ({ kind, batch, withTemplate }) =>
        `${kind} ${batch.accounts.join("+")}${withTemplate ? " with the template" : ""}`,
    ),
    ...(needsAnother(difference) && { needsAnother: true }),
  };
}

describe("a stack set", () => {
  test("that is not there is made, with all its stacks in one operation", () => {
    expect(summary(desired, undefined, [], all)).toEqual({
      change: "create",
      instances: ["dev add", "prod add"],
      unwanted: [],
      steps: ["add 1+2"],
    });
  });

  test("that is as it should be is left alone", () => {
    expect(summary(desired, live, [instance(DEV), instance(PROD)], all)).toEqual({
      change: "none",
      instances: ["dev none", "prod none"],
      unwanted: [],
      steps: [],
    });
  });

  test("with an older template is updated, and what is missing is added after that", () => {
    expect(summary(desired, older, [instance(DEV)], all)).toMatchObject({
      change: "template",
      instances: ["dev update", "prod add"],
      steps: ["update 1 with the template", "add 2"],
    });
  });

  test("with other tags counts as one with an older template, since stacks get the tags", () => {
    const tagged = { ...live, tags: [...live.tags, { Key: "team", Value: "web" }] };
    expect(summary(desired, tagged, [instance(DEV), instance(PROD)], all).change).toBe("template");
  });

  test("with other settings is updated without a new template", () => {
    const managed = { ...live, hasManagedExecution: false };
    expect(summary(desired, managed, [instance(DEV), instance(PROD)], all)).toMatchObject({
      change: "settings",
      steps: ["update 1+2"],
    });
  });

  test("without stacks takes its template alone", () => {
    const nowhere = { ...desired, targets: [] };
    expect(summary(nowhere, older, [], all).steps).toEqual(["update  with the template"]);
  });
});

describe("promotion", () => {
  test("updates one environment and leaves the others outdated", () => {
    expect(summary(desired, older, [instance(DEV), instance(PROD)], only("dev"))).toMatchObject({
      instances: ["dev update", "prod outdated"],
      steps: ["update 1 with the template"],
    });
  });

  test("of the next one gives no template, which would make the first outdated again", () => {
    expect(summary(desired, live, [instance(DEV), instance(PROD, "OUTDATED")], only("prod"))).toMatchObject({
      instances: ["dev none", "prod update"],
      steps: ["update 2"],
    });
  });

  test("of one without a stack can't bring a new template alone", () => {
    expect(summary(desired, older, [instance(DEV)], only("prod"))).toMatchObject({ needsAnother: true });
  });

  test("never updates what is not in the spec, even where nothing else could take the template", () => {
    const gone = instance(target("old", "3"));
    expect(summary({ ...desired, targets: [] }, older, [gone], all)).toMatchObject({
      unwanted: ["3"],
      steps: [],
    });
  });
});

describe("a stack", () => {
  test.each([
    [
      "that failed",
      instance(DEV, "OUTDATED", { detailedStatus: "FAILED", reason: "no more VPCs" }),
      "no more VPCs",
    ],
    [
      "that an operation did not come to",
      instance(DEV, "OUTDATED", { detailedStatus: "CANCELLED" }),
      "ended before",
    ],
    [
      "of a suspended account",
      instance(DEV, "OUTDATED", { detailedStatus: "SKIPPED_SUSPENDED_ACCOUNT" }),
      "suspended",
    ],
  ])("%s is tried again", (_, own, why) => {
    const { instances } = compare(desired, live, [own, instance(PROD)], all);
    expect(instances[0]?.change).toEqual({ kind: "update", why: expect.stringContaining(why) });
  });

  test("that is inoperable is in no operation", () => {
    expect(summary(desired, older, [instance(DEV, "INOPERABLE"), instance(PROD)], all)).toMatchObject({
      instances: ["dev inoperable", "prod update"],
      steps: ["update 2 with the template"],
    });
  });
});

test("batches are cross products of accounts and Regions that are all meant", () => {
  const targets = [
    target("dev", "1", "eu-west-1"),
    target("prod", "2", "eu-west-1"),
    target("prod", "2", "us-east-1"),
    target("stage", "3", "eu-west-1"),
  ];
  expect(batchesOf(targets)).toEqual([
    { accounts: ["1", "3"], regions: ["eu-west-1"] },
    { accounts: ["2"], regions: ["eu-west-1", "us-east-1"] },
  ]);
});

describe("a refresh", () => {
  const kinds = (difference: ReturnType<typeof compare>) => ({
    instances: difference.instances.map(({ change }) => change.kind),
    steps: stepsOf(difference).map(({ kind, batch, withTemplate }) => [kind, batch.accounts, withTemplate]),
  });

  test("is of those stacks that would be left alone, after all else", () => {
    const third = target("qa", "3");
    const of = { ...desired, targets: [DEV, PROD, third] };
    const difference = compare(of, live, [instance(DEV), instance(PROD, "OUTDATED")], all);
    expect(kinds(refreshing(difference, () => []))).toEqual({
      instances: ["refresh", "update", "add"],
      steps: [
        ["update", ["2"], false],
        ["add", ["3"], false],
        ["refresh", ["1"], false],
      ],
    });
  });

  test("is of no others than it is asked for", () => {
    const difference = compare(desired, live, [instance(DEV), instance(PROD)], all);
    const asked = refreshing(difference, ({ id }) => (id === PROD.id ? [] : undefined));
    expect(kinds(asked)).toEqual({ instances: ["none", "refresh"], steps: [["refresh", ["2"], false]] });
  });

  test("leaves to a new template what it does anyway", () => {
    const difference = compare(desired, older, [instance(DEV), instance(PROD)], only("dev"));
    expect(kinds(refreshing(difference, () => []))).toEqual({
      instances: ["update", "outdated"],
      steps: [["update", ["1"], true]],
    });
  });
});
