/** Stack sets of the local AWS in memory, through the SDK's own client. */
import {
  type CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetCommand,
  DescribeStackSetOperationCommand,
  DetectStackSetDriftCommand,
  ListStackInstanceResourceDriftsCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
  StopStackSetOperationCommand,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientOf, createIn, ended, instancesOf, REGION, resultsOf } from "./client.ts";
import { type Aws, type AwsOptions, startAws } from "./server.ts";

const ADMIN = "300000000003";
const [A, B, C] = ["012345678904", "012345678905", "012345678906"] as const;
const TEMPLATE =
  "Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: ' <one> & \"two\"\r'}}\n";
const CHANGED = TEMPLATE.replace("one", "three");
const StackSetName = "acme-network";
const set = { StackSetName };
const QUOTA =
  "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:The maximum number of VPCs has been reached.";

let aws: Aws;
let client: CloudFormationClient;
async function start(options: AwsOptions = {}): Promise<void> {
  await aws?.stop();
  aws = await startAws({ instanceMilliseconds: 0, ...options });
  client = await clientOf(aws, ADMIN);
}
beforeEach(() => start());
afterEach(() => aws.stop());

test("usage: a stack set is made, changed, promoted and removed", async () => {
  const created = await createIn(client, StackSetName, [A, B], { TemplateBody: TEMPLATE });
  expect(await ended(client, StackSetName, created)).toBe("SUCCEEDED");
  const update = await client.send(
    new UpdateStackSetCommand({ ...set, TemplateBody: CHANGED, Accounts: [A], Regions: [REGION] }),
  );
  expect(await ended(client, StackSetName, update.OperationId)).toBe("SUCCEEDED");
  expect(instancesOf(aws, StackSetName)).toEqual([`${A} CURRENT SUCCEEDED`, `${B} OUTDATED SUCCEEDED`]);
  const promoted = await client.send(
    new UpdateStackSetCommand({ ...set, UsePreviousTemplate: true, Accounts: [B], Regions: [REGION] }),
  );
  expect(await ended(client, StackSetName, promoted.OperationId)).toBe("SUCCEEDED");
  const { Summaries } = await client.send(new ListStackInstancesCommand({ ...set, StackInstanceAccount: B }));
  expect(Summaries).toMatchObject([{ Account: B, Status: "CURRENT", LastOperationId: promoted.OperationId }]);
  expect(Summaries?.[0]?.StackId).toMatch(
    `arn:aws:cloudformation:${REGION}:${B}:stack/StackSet-${StackSetName}-`,
  );

  await expect(client.send(new DeleteStackSetCommand(set))).rejects.toThrow("not empty");
  const removal = { ...set, Accounts: [A, B, C], Regions: [REGION], RetainStacks: false };
  const { OperationId } = await client.send(new DeleteStackInstancesCommand(removal));
  expect(await ended(client, StackSetName, OperationId)).toBe("SUCCEEDED");
  const operations = await client.send(new ListStackSetOperationsCommand(set));
  expect(operations.Summaries?.map(({ Action }) => Action)).toEqual(["DELETE", "UPDATE", "UPDATE", "CREATE"]);
  await client.send(new DeleteStackSetCommand(set));
  await expect(client.send(new DescribeStackSetCommand(set))).rejects.toMatchObject({
    name: "StackSetNotFoundException",
  });
  const deleted = await client.send(new ListStackSetsCommand({ Status: "DELETED" }));
  expect(deleted.Summaries).toMatchObject([{ ...set, Status: "DELETED" }]);
  expect(aws.calls.get("UpdateStackSet")).toBe(2);
});

test("a stack set is described as it was given", async () => {
  const role = `arn:aws:iam::${ADMIN}:role/acme-stack-set-administration`;
  const given = {
    ...set,
    TemplateBody: TEMPLATE,
    Description: "The network",
    Tags: [{ Key: "landform:spec", Value: "a & b" }],
    AdministrationRoleARN: role,
    ExecutionRoleName: "acme-stack-set-execution",
    ManagedExecution: { Active: true },
  };
  const token = { ...given, ClientRequestToken: "one" };
  const first = await client.send(new CreateStackSetCommand(token));
  expect((await client.send(new CreateStackSetCommand(token))).StackSetId).toBe(first.StackSetId);
  await expect(client.send(new CreateStackSetCommand(given))).rejects.toMatchObject({
    name: "NameAlreadyExistsException",
  });
  const { StackSet } = await client.send(new DescribeStackSetCommand(set));
  expect(StackSet).toMatchObject({ ...given, Status: "ACTIVE", PermissionModel: "SELF_MANAGED" });
  await client.send(new UpdateStackSetCommand({ ...set, UsePreviousTemplate: true, Tags: [] }));
  expect((await client.send(new DescribeStackSetCommand(set))).StackSet?.Tags).toEqual([]);
});

test("too many failures cancel the rest; the template stays, and the next try mends it", async () => {
  await start({
    faults: {
      onInstance: ({ account, action }) => (account === B && action === "CREATE" ? QUOTA : undefined),
    },
  });
  const id = await createIn(client, StackSetName, [A, B, C], { TemplateBody: TEMPLATE });
  expect(await ended(client, StackSetName, id)).toBe("FAILED");
  expect(await resultsOf(client, StackSetName, id)).toEqual([
    `${A} SUCCEEDED`,
    `${B} FAILED: ${QUOTA}`,
    `${C} CANCELLED: Cancelled since failure tolerance has exceeded`,
  ]);
  expect(instancesOf(aws, StackSetName)).toEqual([
    `${A} CURRENT SUCCEEDED`,
    `${B} OUTDATED FAILED`,
    `${C} OUTDATED CANCELLED`,
  ]);
  const failed = await client.send(
    new ListStackInstancesCommand({ ...set, Filters: [{ Name: "DETAILED_STATUS", Values: "FAILED" }] }),
  );
  expect(failed.Summaries).toMatchObject([{ Account: B, StatusReason: QUOTA }]);
  const again = await client.send(new UpdateStackSetCommand({ ...set, UsePreviousTemplate: true }));
  expect(await ended(client, StackSetName, again.OperationId)).toBe("SUCCEEDED");
});

test("failures within the tolerance leave an operation successful", async () => {
  await start({
    faults: { onInstance: ({ account }) => (account === A ? QUOTA : undefined), suspended: new Set([C]) },
  });
  const preferences = { FailureToleranceCount: 1, MaxConcurrentCount: 10 };
  const id = await createIn(client, StackSetName, [A, B, C], { TemplateBody: TEMPLATE, preferences });
  expect(await ended(client, StackSetName, id)).toBe("SUCCEEDED");
  const { StackSetOperation } = await client.send(
    new DescribeStackSetOperationCommand({ ...set, OperationId: id }),
  );
  expect(StackSetOperation?.StatusDetails?.FailedStackInstancesCount).toBe(1);
  expect(await resultsOf(client, StackSetName, id)).toContain(`${C} CANCELLED: Account is suspended`);
  expect(instancesOf(aws, StackSetName)).toContain(`${C} OUTDATED SKIPPED_SUSPENDED_ACCOUNT`);
});

test("accounts without the execution role fail", async () => {
  await start({ roles: new Set([`arn:aws:iam::${A}:role/execution`]) });
  const AdministrationRoleARN = `arn:aws:iam::${ADMIN}:role/administration`;
  const roles = { AdministrationRoleARN, ExecutionRoleName: "execution", TemplateBody: TEMPLATE };
  const id = await createIn(client, StackSetName, [A, B], roles);
  expect(await ended(client, StackSetName, id)).toBe("FAILED");
  expect(await resultsOf(client, StackSetName, id)).toEqual([
    `${A} SUCCEEDED`,
    `${B} FAILED: Account ${B} should have 'execution' role with trust relationship to Role '${AdministrationRoleARN}'.`,
  ]);
});

test("what fails to be deleted is inoperable until it is let go", async () => {
  await start({ faults: { onInstance: ({ action }) => (action === "DELETE" ? "not empty" : undefined) } });
  await ended(client, StackSetName, await createIn(client, StackSetName, [A], { TemplateBody: TEMPLATE }));
  const places = { ...set, Accounts: [A], Regions: [REGION] };
  const remove = async (RetainStacks: boolean) => {
    const { OperationId } = await client.send(new DeleteStackInstancesCommand({ ...places, RetainStacks }));
    return ended(client, StackSetName, OperationId);
  };
  expect(await remove(false)).toBe("FAILED");
  expect(instancesOf(aws, StackSetName)).toEqual([`${A} INOPERABLE FAILED`]);
  const update = await client.send(new UpdateStackSetCommand({ ...set, TemplateBody: CHANGED }));
  expect(await ended(client, StackSetName, update.OperationId)).toBe("SUCCEEDED");
  expect(instancesOf(aws, StackSetName)).toEqual([`${A} INOPERABLE FAILED`]);
  expect(await remove(true)).toBe("SUCCEEDED");
});

test("operations that conflict wait; others run side by side; ids are used once", async () => {
  await ended(client, StackSetName, await createIn(client, StackSetName, [A, B], { TemplateBody: TEMPLATE }));
  aws.setInstanceMilliseconds(500);
  const at = (account: string) => ({ ...set, Accounts: [account], Regions: [REGION] });
  await client.send(new UpdateStackInstancesCommand({ ...at(A), OperationId: "one" }));
  await client.send(new UpdateStackInstancesCommand({ ...at(B), OperationId: "two" }));
  await client.send(new UpdateStackInstancesCommand({ ...at(A), OperationId: "three" }));
  await client.send(new UpdateStackSetCommand({ ...set, TemplateBody: CHANGED, OperationId: "four" }));
  const statuses = [...(aws.stackSets.get(StackSetName)?.operations.values() ?? [])].map(
    ({ status }) => status,
  );
  expect(statuses).toEqual(["SUCCEEDED", "RUNNING", "RUNNING", "QUEUED", "QUEUED"]);
  aws.setInstanceMilliseconds(20);
  await expect(
    client.send(new UpdateStackInstancesCommand({ ...at(A), OperationId: "one" })),
  ).rejects.toMatchObject({ name: "OperationIdAlreadyExistsException" });
  expect(await ended(client, StackSetName, "four")).toBe("SUCCEEDED");
  await client.send(
    new UpdateStackSetCommand({ ...set, UsePreviousTemplate: true, ManagedExecution: { Active: false } }),
  );
  await expect(client.send(new UpdateStackInstancesCommand(at(A)))).rejects.toMatchObject({
    name: "OperationInProgressException",
  });
});

test("a stopped operation cancels what it hasn't begun", async () => {
  await start({ instanceMilliseconds: 50 });
  const id = await createIn(client, StackSetName, [A, B], { TemplateBody: TEMPLATE });
  await client.send(new StopStackSetOperationCommand({ ...set, OperationId: id }));
  expect(aws.stackSets.get(StackSetName)?.operations.get(id)?.status).toBe("STOPPING");
  expect(await ended(client, StackSetName, id)).toBe("STOPPED");
  expect(instancesOf(aws, StackSetName)).toEqual([`${A} CURRENT SUCCEEDED`, `${B} OUTDATED CANCELLED`]);
});

test("drift is found where there is some", async () => {
  await ended(client, StackSetName, await createIn(client, StackSetName, [A, B], { TemplateBody: TEMPLATE }));
  const where = { StackInstanceAccount: A, StackInstanceRegion: REGION };
  const { StackInstance } = await client.send(new DescribeStackInstanceCommand({ ...set, ...where }));
  const differences = [{ path: "/DisplayName", expected: "a", actual: "b", type: "NOT_EQUAL" as const }];
  aws.stacks.drifts.set(StackInstance?.StackId ?? "", [
    { logicalId: "Topic", type: "AWS::SNS::Topic", status: "MODIFIED", differences },
  ]);
  const { OperationId } = await client.send(new DetectStackSetDriftCommand(set));
  expect(await ended(client, StackSetName, OperationId)).toBe("SUCCEEDED");
  const { StackSet } = await client.send(new DescribeStackSetCommand(set));
  expect(StackSet?.StackSetDriftDetectionDetails).toMatchObject({
    DriftStatus: "DRIFTED",
    DriftedStackInstancesCount: 1,
  });
  const { Summaries } = await client.send(
    new ListStackInstanceResourceDriftsCommand({ ...set, ...where, OperationId }),
  );
  expect(Summaries).toMatchObject([{ LogicalResourceId: "Topic", StackResourceDriftStatus: "MODIFIED" }]);
});

test("what is not right is refused", async () => {
  await createIn(client, StackSetName, [A], { TemplateBody: TEMPLATE });
  const refused = async (sent: Promise<unknown>) =>
    sent.then(
      () => "accepted",
      ({ name }: Error) => name,
    );
  const create = (more: object) =>
    refused(client.send(new CreateStackSetCommand({ StackSetName: "other", ...more })));
  expect(await create({ TemplateBody: `${TEMPLATE}#${"x".repeat(52_000)}` })).toBe("ValidationError");
  expect(await create({ TemplateURL: `${aws.endpoint}/bucket/nothing` })).toBe("ValidationError");
  const role = "Resources: {Role: {Type: AWS::IAM::Role}}";
  expect(await create({ TemplateBody: role })).toBe("InsufficientCapabilitiesException");
  const absent = { Accounts: [A, B], Regions: [REGION] };
  expect(
    await refused(client.send(new UpdateStackSetCommand({ ...set, TemplateBody: CHANGED, ...absent }))),
  ).toBe("StackInstanceNotFoundException");
  expect(aws.stackSets.get(StackSetName)?.template).toBe(TEMPLATE);
  expect(
    await refused(
      client.send(new CreateStackInstancesCommand({ ...set, Accounts: ["12"], Regions: [REGION] })),
    ),
  ).toBe("ValidationError");
  expect(
    await refused(client.send(new DescribeStackSetOperationCommand({ ...set, OperationId: "none" }))),
  ).toBe("OperationNotFoundException");
});

test("500 accounts are listed by the page", async () => {
  const accounts = Array.from({ length: 500 }, (_, index) => String(400_000_000_000 + index));
  const preferences = { MaxConcurrentCount: 50, FailureToleranceCount: 50 };
  const id = await createIn(client, StackSetName, accounts, { TemplateBody: TEMPLATE, preferences });
  expect(await ended(client, StackSetName, id)).toBe("SUCCEEDED");
  const listed: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackInstancesCommand({ ...set, NextToken }));
    listed.push(...(page.Summaries ?? []).map(({ Account }) => Account));
    NextToken = page.NextToken;
  } while (NextToken);
  expect(listed).toEqual(accounts);
  expect(aws.calls.get("ListStackInstances")).toBe(5);
});
