/** Stacks, change sets, objects and roles of the local AWS in memory, through the SDK's own clients. */
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CONSUMER, DEV, NETWORK } from "../python/templates.ts";
import { clientOf, createIn, ended, REGION, resultsOf } from "./client.ts";
import { type Aws, type AwsOptions, startAws } from "./server.ts";
import type { MemoryStacks } from "./stacks.ts";

const ADMIN = "300000000003";

let aws: Aws;
let admin: CloudFormationClient;
let target: CloudFormationClient;
async function start(options: AwsOptions = {}): Promise<void> {
  await aws?.stop();
  aws = await startAws({ instanceMilliseconds: 0, ...options });
  admin = await clientOf(aws, ADMIN);
  target = await clientOf(aws, DEV);
}
beforeEach(() => start());
afterEach(() => aws.stop());

async function stackOf(StackSetName: string, template: string): Promise<string> {
  await ended(admin, StackSetName, await createIn(admin, StackSetName, [DEV], { TemplateBody: template }));
  return aws.stackSets.get(StackSetName)?.instances.get(`${DEV}/${REGION}`)?.stackId ?? "";
}

test("an instance's stack is seen in its account", async () => {
  const StackName = await stackOf("network", NETWORK);
  const { Stacks } = await target.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks).toMatchObject([{ StackId: StackName, StackStatus: "CREATE_COMPLETE" }]);
  expect((await target.send(new GetTemplateCommand({ StackName }))).TemplateBody).toBe(NETWORK);
  const { StackResourceSummaries } = await target.send(new ListStackResourcesCommand({ StackName }));
  expect(StackResourceSummaries?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual([
    "Vpc",
    "Subnet1",
    "Endpoint",
    "VpcId",
    "SubnetIds",
  ]);
  await expect(admin.send(new DescribeStacksCommand({ StackName }))).rejects.toThrow("does not exist");
});

test("the events of a stack that failed say at which resource", async () => {
  const reason = "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:No more VPCs.";
  aws.setFaults({ onInstance: () => reason });
  const StackName = await stackOf("network", NETWORK);
  const { StackEvents } = await target.send(new DescribeStackEventsCommand({ StackName }));
  expect(StackEvents?.map((event) => `${event.ResourceStatus} ${event.ResourceStatusReason}`)).toEqual([
    "DELETE_COMPLETE undefined",
    "DELETE_IN_PROGRESS undefined",
    "ROLLBACK_COMPLETE undefined",
    "ROLLBACK_IN_PROGRESS The following resource(s) failed: [Vpc].",
    "CREATE_FAILED No more VPCs.",
    "CREATE_IN_PROGRESS User Initiated",
  ]);
});

test("a stack that could not be made is deleted, and the next update makes another", async () => {
  const reason = "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:No more VPCs.";
  aws.setFaults({ onInstance: ({ action }) => (action === "CREATE" ? reason : undefined) });
  const StackName = await stackOf("network", NETWORK);
  const { Stacks } = await target.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks).toMatchObject([{ StackStatus: "DELETE_COMPLETE" }]);
  expect((await target.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  const again = { StackSetName: "network", UsePreviousTemplate: true };
  const { OperationId } = await admin.send(new UpdateStackSetCommand(again));
  expect(await ended(admin, "network", OperationId)).toBe("SUCCEEDED");
  const made = aws.stackSets.get("network")?.instances.get(`${DEV}/${REGION}`);
  expect(made?.status).toBe("CURRENT");
  expect(made?.stackId).not.toBe(StackName);
});

test("a template that reads what is not published is refused, and taken when it is", async () => {
  const refusal =
    "Unable to fetch parameters [/landform/network/vpc-id] from parameter store for this account.";
  const change = { StackName: "consumer", ChangeSetName: "preview", ChangeSetType: "CREATE" as const };
  const preview = (TemplateBody: string) =>
    target.send(new CreateChangeSetCommand({ ...change, TemplateBody }));
  await expect(preview(CONSUMER)).rejects.toMatchObject({ name: "ValidationError", message: refusal });
  const StackName = "consumer";
  await expect(target.send(new CreateStackCommand({ StackName, TemplateBody: CONSUMER }))).rejects.toThrow(
    refusal,
  );
  expect((await target.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  const id = await createIn(admin, "consumer", [DEV], { TemplateBody: CONSUMER });
  expect(await ended(admin, "consumer", id)).toBe("FAILED");
  expect(await resultsOf(admin, "consumer", id)).toEqual([`${DEV} FAILED: ${refusal}`]);
  expect(aws.stackSets.get("consumer")?.instances.get(`${DEV}/${REGION}`)?.stackId).toBeUndefined();

  const network = await stackOf("network", NETWORK);
  await preview(CONSUMER);
  // One account's parameters are not another's, nor one Region's.
  await expect(admin.send(new CreateStackCommand({ StackName, TemplateBody: CONSUMER }))).rejects.toThrow(
    refusal,
  );
  const again = { StackSetName: "consumer", UsePreviousTemplate: true };
  const { OperationId } = await admin.send(new UpdateStackSetCommand(again));
  expect(await ended(admin, "consumer", OperationId)).toBe("SUCCEEDED");
  await target.send(new DeleteStackCommand({ StackName: network }));
  await expect(preview(CONSUMER)).rejects.toThrow(refusal);
  const named = { ParameterKey: "NetworkVpcId", ParameterValue: "/aws/service/vpc" };
  const other = { StackName: "other", TemplateBody: CONSUMER, Parameters: [named] };
  expect((await target.send(new CreateStackCommand(other))).StackId).toBeDefined();
});

test("an update looks parameters up again, and where nothing is another one succeeds and changes nothing", async () => {
  const place = { account: DEV, region: REGION };
  const stacks = aws.stacks as MemoryStacks;
  await stackOf("network", NETWORK);
  stacks.publish(place, "/landform/network/vpc-id", "vpc-1");
  const StackName = await stackOf("consumer", CONSUMER);
  const described = async () => {
    const { Stacks = [] } = await target.send(new DescribeStacksCommand({ StackName }));
    return { values: Stacks[0]?.Parameters, isUpdated: Stacks[0]?.LastUpdatedTime !== undefined };
  };
  const update = async () => {
    const again = { StackSetName: "consumer", UsePreviousTemplate: true };
    const { OperationId } = await admin.send(new UpdateStackSetCommand(again));
    expect(await ended(admin, "consumer", OperationId)).toBe("SUCCEEDED");
    return described();
  };
  const value = (ResolvedValue: string) => [
    { ParameterKey: "NetworkVpcId", ParameterValue: "/landform/network/vpc-id", ResolvedValue },
  ];
  expect(await described()).toEqual({ values: value("vpc-1"), isUpdated: false });
  expect(await update()).toEqual({ values: value("vpc-1"), isUpdated: false });
  stacks.publish(place, "/landform/network/vpc-id", "vpc-2");
  expect(await described()).toEqual({ values: value("vpc-1"), isUpdated: false });
  expect(await update()).toEqual({ values: value("vpc-2"), isUpdated: true });
});

test("the parameter store gives what there is, of other accounts by its ARN, ten at a time", async () => {
  await stackOf("network", NETWORK);
  (aws.stacks as MemoryStacks).publish({ account: DEV, region: REGION }, "/landform/network/vpc-id", "vpc-1");
  const names = [
    "/landform/network/vpc-id",
    `arn:aws:ssm:${REGION}:${DEV}:parameter/landform/network/vpc-id`,
  ];
  const ask = async (account: string, Names: readonly string[]) => {
    const credentials = await aws.credentialsFor(account);
    const client = new SSMClient({ endpoint: aws.endpoint, region: REGION, credentials, maxAttempts: 1 });
    const { Parameters = [], InvalidParameters } = await client.send(
      new GetParametersCommand({ Names: [...Names] }),
    );
    return { found: Parameters.map(({ Name, ARN = Name, Value }) => [Name, ARN, Value]), InvalidParameters };
  };
  const [own = "", shared = ""] = names;
  expect(await ask(DEV, [own, "/no"])).toEqual({ found: [[own, own, "vpc-1"]], InvalidParameters: ["/no"] });
  expect(await ask(ADMIN, names)).toEqual({ found: [[own, shared, "vpc-1"]], InvalidParameters: [own] });
  await expect(ask(DEV, Array(11).fill(own))).rejects.toMatchObject({ name: "ValidationException" });
});

test("a change set says what differs in this account", async () => {
  const StackName = await stackOf("network", NETWORK);
  const preview = async (TemplateBody: string) => {
    const change = { StackName, ChangeSetName: "preview" };
    const { Id } = await target.send(new CreateChangeSetCommand({ ...change, TemplateBody }));
    const { Changes = [], ...rest } = await target.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    await target.send(new DeleteChangeSetCommand(change));
    const changes = Changes.map(({ ResourceChange: of }) =>
      [of?.Action, of?.LogicalResourceId, of?.Replacement, of?.PolicyAction].filter(Boolean).join(" "),
    );
    return { changes, status: rest.Status, reason: rest.StatusReason };
  };
  const same = await preview(NETWORK.replace("10.0.0.0/16", "10.9.0.0/16"));
  expect(same).toMatchObject({ changes: [], status: "FAILED" });
  expect(same.reason).toContain("didn't contain changes");
  expect(await preview(NETWORK.replace("10.1.0.0/16", "10.9.0.0/16"))).toMatchObject({
    changes: ["Modify Vpc True ReplaceAndDelete"],
    status: "CREATE_COMPLETE",
  });
  const zone = NETWORK.replace("HasZone3: 'false'", "HasZone3: 'true'").replace(
    "  VpcId:\n    Type",
    "  Id:\n    Type",
  );
  expect((await preview(zone)).changes).toEqual([
    "Add Subnet3",
    "Modify Endpoint False",
    "Add Id",
    "Modify SubnetIds False",
    "Remove VpcId Delete",
  ]);
});

test("a change set for a new stack leaves one in review", async () => {
  const change = { StackName: "new", ChangeSetName: "preview" };
  const create = { ...change, ChangeSetType: "CREATE" as const, TemplateBody: NETWORK };
  const once = { ...create, ClientToken: "one" };
  const { Id } = await target.send(new CreateChangeSetCommand(once));
  expect((await target.send(new CreateChangeSetCommand(once))).Id).toBe(Id);
  await expect(target.send(new CreateChangeSetCommand(create))).rejects.toMatchObject({
    name: "AlreadyExistsException",
  });
  expect((await target.send(new DescribeChangeSetCommand(change))).Changes).toHaveLength(5);
  for (let time = 0; time < 2; time++) await target.send(new DeleteChangeSetCommand(change));
  await expect(
    target.send(new DeleteChangeSetCommand({ ...change, StackName: "none" })),
  ).rejects.toMatchObject({ name: "ValidationError" });
  const { Stacks } = await target.send(new DescribeStacksCommand({ StackName: "new" }));
  expect(Stacks).toMatchObject([{ StackStatus: "REVIEW_IN_PROGRESS" }]);
  await target.send(new DeleteStackCommand({ StackName: "new" }));
  expect((await target.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
});

test("a stack is made, changed and deleted directly", async () => {
  const StackName = "roles";
  await target.send(new CreateStackCommand({ StackName, TemplateBody: NETWORK }));
  const update = (TemplateBody: string) => target.send(new UpdateStackCommand({ StackName, TemplateBody }));
  await expect(update(NETWORK)).rejects.toThrow("No updates are to be performed.");
  await update(`${NETWORK}# changed\n`);
  const { Stacks } = await target.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks).toMatchObject([{ StackStatus: "UPDATE_COMPLETE" }]);
  await target.send(new DeleteStackCommand({ StackName }));
  await expect(update(NETWORK)).rejects.toThrow("Stack with id roles does not exist");
});

test("long templates go through a bucket", async () => {
  await start({ buckets: new Set(["acme-templates"]) });
  const credentials = await aws.credentialsFor(ADMIN);
  const s3 = new S3Client({
    endpoint: aws.endpoint,
    region: REGION,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const object = { Bucket: "acme-templates", Key: "network/long name.yaml" };
  await expect(s3.send(new HeadObjectCommand(object))).rejects.toMatchObject({ name: "NotFound" });
  const Body = `${NETWORK}#${"x".repeat(60_000)}`;
  await s3.send(new PutObjectCommand({ ...object, Body }));
  expect(await (await s3.send(new GetObjectCommand(object))).Body?.transformToString()).toBe(Body);
  await expect(s3.send(new PutObjectCommand({ ...object, Bucket: "other", Body }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
  const TemplateURL = `${aws.endpoint}/acme-templates/network/long%20name.yaml`;
  await ended(admin, "long", await createIn(admin, "long", [DEV], { TemplateURL }));
  expect(aws.stackSets.get("long")?.template).toBe(Body);
});

test("roles that exist are assumed", async () => {
  const RoleArn = `arn:aws:iam::${DEV}:role/acme-plan`;
  await start({ roles: new Set([RoleArn]) });
  const config = { endpoint: aws.endpoint, region: REGION, maxAttempts: 1 };
  const sts = new STSClient({ ...config, credentials: await aws.credentialsFor(ADMIN) });
  const assume = (arn: string) => sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "test" }));
  const { Credentials } = await assume(RoleArn);
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  const session = new STSClient({ ...config, credentials });
  expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: DEV,
    Arn: `arn:aws:sts::${DEV}:assumed-role/acme-plan/test`,
  });
  await expect(assume(`${RoleArn}-other`)).rejects.toMatchObject({ name: "AccessDenied" });
  const unknown = new STSClient({ ...config, credentials: { ...credentials, accessKeyId: "unknown" } });
  await expect(unknown.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "InvalidClientTokenId",
  });
});
