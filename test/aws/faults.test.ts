/** What goes wrong between a deployer and the local AWS, as the SDK's own client sees it. */
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DescribeStackSetCommand,
  ListStackSetsCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientOf, createIn, ended, REGION, resultsOf } from "./client.ts";
import { type CallFault, type FaultyCall, seededFaults } from "./faults.ts";
import { type Aws, startAws } from "./server.ts";

const ADMIN = "300000000003";
const ACCOUNTS = ["012345678904", "012345678905"];
const TEMPLATE = "Resources: {Topic: {Type: AWS::SNS::Topic}}";
const StackSetName = "acme-network";

let aws: Aws;
beforeEach(async () => {
  aws = await startAws({ instanceMilliseconds: 0 });
});
afterEach(() => aws.stop());

test.each<[CallFault, string]>([
  [{ kind: "throttle" }, "Throttling"],
  [{ kind: "error" }, "InternalFailure"],
  [{ kind: "unavailable" }, "ServiceUnavailable"],
  [{ kind: "expired" }, "ExpiredToken"],
  [{ kind: "in-progress" }, "OperationInProgressException"],
  [{ kind: "reset", when: "before" }, "TimeoutError"],
  [{ kind: "reset", when: "after" }, "TimeoutError"],
])("%j is %s to a caller", async (fault, name) => {
  const client = await clientOf(aws, ADMIN);
  await ended(
    client,
    StackSetName,
    await createIn(client, StackSetName, ACCOUNTS, { TemplateBody: TEMPLATE }),
  );
  aws.setFaults({ onCall: ({ action }) => (action === "UpdateStackSet" ? fault : undefined) });
  const update = { StackSetName, TemplateBody: `${TEMPLATE}\n`, OperationId: "update" };
  await expect(client.send(new UpdateStackSetCommand(update))).rejects.toMatchObject({ name });
  const tookEffect = fault.kind === "reset" && fault.when === "after";
  expect(aws.stackSets.get(StackSetName)?.operations.has("update")).toBe(tookEffect);
});

test("a slow call is answered later, and what starts nothing is not in progress", async () => {
  const client = await clientOf(aws, ADMIN);
  aws.setFaults({
    onCall: ({ index }) => (index === 0 ? { kind: "slow", milliseconds: 5 } : { kind: "in-progress" }),
  });
  expect((await client.send(new ListStackSetsCommand({}))).Summaries).toEqual([]);
  expect((await client.send(new ListStackSetsCommand({}))).Summaries).toEqual([]);
  expect(aws.log.map(({ action, account, outcome }) => `${action} ${account} ${outcome}`)).toEqual([
    `ListStackSets ${ADMIN} ok`,
    `ListStackSets ${ADMIN} ok`,
  ]);
});

test("operations stay queued, or somebody stops them", async () => {
  const client = await clientOf(aws, ADMIN);
  aws.setFaults({ onOperation: ({ index }) => (index === 0 ? { queuedFor: 3 } : { stopAfter: 2 }) });
  const first = await createIn(client, StackSetName, ACCOUNTS, { TemplateBody: TEMPLATE });
  expect(aws.stackSets.get(StackSetName)?.operations.get(first)?.status).toBe("QUEUED");
  expect(await ended(client, StackSetName, first)).toBe("SUCCEEDED");
  expect(aws.calls.get("DescribeStackSetOperation")).toBeGreaterThanOrEqual(3);
  const again = { StackSetName, Accounts: ACCOUNTS, Regions: [REGION] };
  const { OperationId } = await client.send(new CreateStackInstancesCommand(again));
  expect(await ended(client, StackSetName, OperationId)).toBe("STOPPED");
  expect((await resultsOf(client, StackSetName, OperationId)).at(-1)).toContain("CANCELLED");
});

test("chance is the same for the same seed, and has an end", () => {
  const draws = (seed: number) => {
    const faults = seededFaults(seed, { rate: 0.5, most: 30 });
    const call = (index: number): FaultyCall => ({
      action: "UpdateStackSet",
      account: ADMIN,
      index,
      params: {},
    });
    return Array.from({ length: 200 }, (_, index) => faults.onCall?.(call(index))?.kind);
  };
  expect(draws(7)).toEqual(draws(7));
  expect(draws(7)).not.toEqual(draws(8));
  expect(draws(7).filter(Boolean)).toHaveLength(30);
  const kinds = new Set(Array.from({ length: 20 }, (_, seed) => draws(seed)).flat());
  expect([...kinds].filter(Boolean).sort()).toEqual(
    ["error", "expired", "in-progress", "reset", "slow", "throttle", "unavailable"].sort(),
  );
});

test("a client that tries again gets over chance", async () => {
  const credentials = await aws.credentialsFor(ADMIN);
  const client = new CloudFormationClient({
    endpoint: aws.endpoint,
    region: REGION,
    credentials,
    maxAttempts: 5,
  });
  aws.setFaults({ ...seededFaults(3, { rate: 0.3, most: 4 }) });
  const token = { StackSetName, TemplateBody: TEMPLATE, ClientRequestToken: "one" };
  await client.send(new CreateStackSetCommand(token));
  for (let call = 0; call < 20; call++) await client.send(new DescribeStackSetCommand({ StackSetName }));
  expect(aws.log.filter(({ outcome }) => outcome !== "ok").length).toBeGreaterThan(0);
});
