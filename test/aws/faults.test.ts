/** What goes wrong between a deployer and the local AWS, as the SDK's own client sees it. */
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
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

test("lists show what there was some calls ago, as often as they are told to", async () => {
  const client = await clientOf(aws, ADMIN);
  const first = await createIn(client, StackSetName, ACCOUNTS, { TemplateBody: TEMPLATE });
  await ended(client, StackSetName, first);
  let behind = 0;
  aws.setFaults({ lag: () => behind });
  const OperationId = "update";
  const set = { StackSetName };
  await client.send(new UpdateStackSetCommand({ ...set, TemplateBody: `${TEMPLATE}#`, OperationId }));
  const status = () => aws.stackSets.get(StackSetName)?.operations.get(OperationId)?.status;
  await expect.poll(status).toBe("SUCCEEDED");
  // Before the update, which was the last call.
  behind = 5;
  const { Summaries } = await client.send(new ListStackSetOperationsCommand(set));
  expect(Summaries?.map(({ OperationId: id }) => id)).toEqual([first]);
  const instances = async () => {
    const listed = await client.send(new ListStackInstancesCommand(set));
    return listed.Summaries?.map(({ LastOperationId, Status }) => `${LastOperationId} ${Status}`);
  };
  expect(await instances()).toEqual(ACCOUNTS.map(() => `${first} CURRENT`));
  await client.send(new DescribeStackSetCommand(set));
  behind = 0;
  expect(await instances()).toEqual(ACCOUNTS.map(() => "update CURRENT"));
  expect(await resultsOf(client, StackSetName, OperationId)).toHaveLength(2);
  behind = 5;
  for (let call = 0; call < 5; call++) await client.send(new DescribeStackSetCommand(set));
  // No list is behind for long, and what is described never is.
  expect(await instances()).toEqual(ACCOUNTS.map(() => "update CURRENT"));
});

test("results that lag are not all there yet", async () => {
  const client = await clientOf(aws, ADMIN);
  aws.setFaults({ lag: ({ action }) => (action === "ListStackSetOperationResults" ? 1 : 0) });
  const id = await createIn(client, StackSetName, ACCOUNTS, { TemplateBody: TEMPLATE });
  expect(await resultsOf(client, StackSetName, id)).toEqual([]);
  expect(await ended(client, StackSetName, id)).toBe("SUCCEEDED");
  await client.send(new DescribeStackSetCommand({ StackSetName }));
  expect(await resultsOf(client, StackSetName, id)).toEqual(
    ACCOUNTS.map((account) => `${account} SUCCEEDED`),
  );
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

test("chance lets lists lag by a few calls, and counts that", () => {
  const lags = (seed: number) => {
    const faults = seededFaults(seed, { rate: 0.5, most: 30 });
    const list = { action: "ListStackInstances", stackSet: StackSetName } as const;
    return Array.from({ length: 300 }, () => faults.lag?.(list) ?? 0);
  };
  expect(lags(7)).toEqual(lags(7));
  expect(lags(7).filter(Boolean)).toHaveLength(30);
  expect(new Set(lags(7))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
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
