/** The audit really deployed: from nothing, and to an account that joins. moto makes neither trails nor recorders. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnMoto } from "../aws/on-moto.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";

const DEV = "111111111111";
const PROD = "222222222222";
const SECURITY = "333333333333";
const HOME = "eu-west-1";
// What GuardDuty finds is no part of it.
const SPEC = `${goldenSpec("test/golden/trail/default.yaml")}security: { detection: { guardduty: false } }\n`;
const OWN = ["aggregator", "log-archive", "recorder", "recorder-global", "rules", "rules-global", "trail"];

describeOnMoto("the audit on moto", (on) => {
  let place: Workplace;
  beforeAll(async () => {
    place = emptyWorkplace();
    place.write("specs/spec.yaml", SPEC);
    place.env = await loggedIn(on.aws, DEV);
  });
  afterAll(() => place?.remove());

  async function well(...args: string[]): Promise<string> {
    const { code, out, err } = await place.landform(...args);
    expect(code, err + out).toBe(0);
    return out;
  }

  /** The stack sets of the audit that an account has a stack of in a Region. */
  async function stacksIn(account: string, region: string): Promise<string[]> {
    const { cloudFormation } = await on.clients(account, region);
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
    const names = Stacks.map(({ StackName = "" }) =>
      StackName.replace(/^StackSet-demo-(.+)-[0-9a-f]{8}-.*/, "$1"),
    );
    return names.filter((name) => OWN.includes(name)).toSorted();
  }

  async function logGroupOf(account: string): Promise<string | undefined> {
    const { ssm } = await on.clients(account, HOME);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/demo/trail/log-group-name" }));
    return Parameter?.Value;
  }

  test("each account has its part after a deploy, and the security account the archive", async () => {
    await well("compile");
    await well("bootstrap", "--poll", "0.05");
    await well("deploy", "--poll", "0.05");
    expect(await stacksIn(DEV, HOME)).toEqual(["recorder", "rules", "trail"]);
    expect(await stacksIn(DEV, "us-east-1")).toEqual(["recorder-global", "rules", "rules-global"]);
    expect(await stacksIn(SECURITY, HOME)).toEqual([
      "aggregator",
      "log-archive",
      "recorder",
      "rules",
      "trail",
    ]);
    expect(await logGroupOf(DEV)).toBe("/demo/trail");
    const { s3 } = await on.clients(SECURITY, HOME);
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name).toSorted()).toEqual(
      ["configuration", "requests", "trails"].map((title) => `demo-${title}-${SECURITY}-${HOME}`),
    );
    expect(await well("plan")).toContain("nothing to do");
  });

  test("the archive knows an account that joins before its trail and its recorder want to write", async () => {
    place.edit(
      "specs/spec.yaml",
      "  security:\n",
      `  prod:\n    id: "${PROD}"\n    email: aws+prod@demo.example\n  security:\n`,
    );
    await well("compile");
    await well("bootstrap", "--poll", "0.05");
    const before = on.aws.log.length;
    await well("deploy", "--poll", "0.05");
    const changes = on.aws.log
      .slice(before)
      .filter(({ action }) => /^(UpdateStackSet|CreateStackInstances)$/.test(action))
      .map(({ params }) => String(params.StackSetName));
    const archive = changes.indexOf("demo-log-archive");
    expect(archive).toBeGreaterThanOrEqual(0);
    for (const stackSet of ["demo-trail", "demo-recorder", "demo-recorder-global"])
      expect(changes.indexOf(stackSet), stackSet).toBeGreaterThan(archive);
    expect(await stacksIn(PROD, HOME)).toEqual(["recorder", "rules", "trail"]);
    expect(await logGroupOf(PROD)).toBe("/demo/trail");
  });
});
