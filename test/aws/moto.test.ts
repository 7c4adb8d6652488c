/** The local AWS in front of moto: stack sets whose stacks really change in the target accounts. */
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DeleteStackInstancesCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clients, clientsFor, type Moto, startMoto } from "../python/moto.ts";
import { CONSUMER, DEV, NETWORK, SHARED_SERVICES } from "../python/templates.ts";
import { describePython, installedTools } from "../python/tools.ts";
import { clientOf, createIn, ended, instancesOf, REGION, resultsOf } from "./client.ts";
import { type Aws, startAws } from "./server.ts";

const ADMIN = "100000000001";
const ROLES = `Resources:
  Execution:
    Type: AWS::IAM::Role
    Properties: {RoleName: acme-execution, AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}
`;
const BOTH = [SHARED_SERVICES, DEV];

describePython("AWS in front of moto", () => {
  let moto: Moto;
  let aws: Aws;
  let admin: CloudFormationClient;
  let dev: Clients;

  beforeAll(async () => {
    moto = await startMoto(installedTools().python);
    aws = await startAws({ moto, instanceMilliseconds: 0 });
    admin = await clientOf(aws, ADMIN);
    dev = await clientsFor(aws.endpoint, DEV, REGION);
  }, 60_000);
  afterAll(async () => {
    await aws?.stop();
    await moto?.stop();
  });

  const update = async (StackSetName: string, TemplateBody: string, more: object = {}) => {
    const { OperationId } = await admin.send(
      new UpdateStackSetCommand({ StackSetName, TemplateBody, ...more }),
    );
    const status = await ended(admin, StackSetName, OperationId);
    return { status, OperationId };
  };
  const published = async () => {
    const { Parameters = [] } = await dev.ssm.send(
      new GetParametersByPathCommand({ Path: "/landform/network" }),
    );
    return Object.fromEntries(Parameters.map(({ Name, Value }) => [Name?.split("/").at(-1), Value]));
  };
  const subnets = async () => {
    const { Vpcs } = await dev.ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["false"] }] }),
    );
    const ids = Vpcs?.map(({ VpcId }) => VpcId ?? "") ?? [];
    if (ids.length === 0) return undefined;
    const { Subnets } = await dev.ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: ids }] }),
    );
    return Subnets?.map(({ CidrBlock }) => CidrBlock).sort();
  };

  test("roles are missing until a stack makes them", async () => {
    const roles = { ExecutionRoleName: "acme-execution", AdministrationRoleARN: "arn:aws:iam::1:role/a" };
    const id = await createIn(admin, "roles", [DEV], { TemplateBody: NETWORK, ...roles });
    expect(await ended(admin, "roles", id)).toBe("FAILED");
    expect((await resultsOf(admin, "roles", id))[0]).toContain("should have 'acme-execution' role");
    const sts = new STSClient({
      endpoint: aws.endpoint,
      region: REGION,
      credentials: await aws.credentialsFor(ADMIN),
      maxAttempts: 1,
    });
    const assume = { RoleArn: `arn:aws:iam::${DEV}:role/acme-execution`, RoleSessionName: "test" };
    await expect(sts.send(new AssumeRoleCommand(assume))).rejects.toMatchObject({ name: "AccessDenied" });
    const Capabilities = ["CAPABILITY_NAMED_IAM" as const];
    await dev.cloudFormation.send(
      new CreateStackCommand({ StackName: "execution", TemplateBody: ROLES, Capabilities }),
    );
    expect((await sts.send(new AssumeRoleCommand(assume))).Credentials).toBeDefined();
  });

  test("an update changes what is in the accounts", async () => {
    const set = { ExecutionRoleName: "Test" };
    const id = await createIn(admin, "network", BOTH, {
      TemplateBody: NETWORK,
      ...set,
      Tags: [{ Key: "a", Value: "b" }],
    });
    expect(await resultsOf(admin, "network", id)).toHaveLength(2);
    expect(await ended(admin, "network", id)).toBe("SUCCEEDED");
    expect(await subnets()).toEqual(["10.1.0.0/24"]);
    const { Stacks } = await dev.cloudFormation.send(new DescribeStacksCommand({}));
    expect(Stacks?.find(({ StackName }) => StackName?.startsWith("StackSet-network-"))?.Tags).toEqual([
      { Key: "a", Value: "b" },
    ]);

    // A condition that turns true adds a subnet, one that turns false removes it.
    const before = await published();
    const zone = NETWORK.replace("HasZone3: 'false'", "HasZone3: 'true'").replace(
      "10.0.2.0/24",
      "10.1.2.0/24",
    );
    expect((await update("network", zone, { Accounts: [DEV], Regions: [REGION] })).status).toBe("SUCCEEDED");
    expect(await subnets()).toEqual(["10.1.0.0/24", "10.1.2.0/24"]);
    const after = await published();
    expect(after["vpc-id"]).toBe(before["vpc-id"]);
    expect(after["subnet-ids"]?.split(",")).toHaveLength(2);
    expect(instancesOf(aws, "network")).toEqual([
      `${SHARED_SERVICES} OUTDATED SUCCEEDED`,
      `${DEV} CURRENT SUCCEEDED`,
    ]);

    // A mapping alone changes too, and a resource goes.
    const moved = NETWORK.replace("10.1.0.0/24", "10.1.7.0/24").replace(
      / {2}VpcId:\n {4}Type[\s\S]*?(?= {2}SubnetIds:)/,
      "",
    );
    expect((await update("network", moved)).status).toBe("SUCCEEDED");
    expect(await subnets()).toEqual(["10.1.7.0/24"]);
    expect(Object.keys(await published())).toEqual(["subnet-ids"]);
    expect((await update("network", NETWORK)).status).toBe("SUCCEEDED");
  });

  test("a stack reads again what another publishes", async () => {
    const id = await createIn(admin, "consumer", [DEV], {
      TemplateBody: CONSUMER,
      ExecutionRoleName: "Test",
    });
    expect(await ended(admin, "consumer", id)).toBe("SUCCEEDED");
    const changed = CONSUMER.replace("GroupDescription: Consumer", "GroupDescription: Changed");
    expect((await update("consumer", changed)).status).toBe("SUCCEEDED");
  });

  test("what moto refuses fails with its reason, and the stack stays as it was", async () => {
    const before = await published();
    const wrong = NETWORK.replace("Value: !Ref Vpc", "Value: changed").replace("10.1.0.0/24", "10.1.0.0/99");
    const { status, OperationId } = await update("network", wrong, { Accounts: [DEV], Regions: [REGION] });
    expect(status).toBe("FAILED");
    expect((await resultsOf(admin, "network", OperationId))[0]).toContain(
      "ResourceLogicalId:Subnet1, ResourceType:AWS::EC2::Subnet, ResourceStatusReason:",
    );
    expect(await published()).toEqual(before);
    const StackName = aws.stackSets.get("network")?.instances.get(`${DEV}/${REGION}`)?.stackId;
    const { StackEvents } = await dev.cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
    const failed = StackEvents?.find(({ ResourceStatus }) => ResourceStatus === "UPDATE_FAILED");
    expect(failed).toMatchObject({ LogicalResourceId: "Subnet1" });
    expect((await update("network", NETWORK)).status).toBe("SUCCEEDED");
  });

  test("a stack that can't be made is made at the next try", async () => {
    const wrong = "Resources: {Own: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/99}}}";
    const id = await createIn(admin, "retry", [DEV], { TemplateBody: wrong, ExecutionRoleName: "Test" });
    expect(await ended(admin, "retry", id)).toBe("FAILED");
    expect((await resultsOf(admin, "retry", id))[0]).toContain("ResourceLogicalId:Own");
    const own = () => aws.stackSets.get("retry")?.instances.get(`${DEV}/${REGION}`)?.stackId;
    const StackName = own();
    const { Stacks } = await dev.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks).toMatchObject([{ StackStatus: "DELETE_COMPLETE" }]);
    const { StackEvents } = await dev.cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
    expect(StackEvents?.slice(0, 2).map(({ ResourceStatus }) => ResourceStatus)).toEqual([
      "DELETE_COMPLETE",
      "DELETE_IN_PROGRESS",
    ]);
    expect(StackEvents?.map(({ ResourceStatus }) => ResourceStatus)).toContain("CREATE_FAILED");
    expect((await update("retry", wrong.replace("/99", "/16"))).status).toBe("SUCCEEDED");
    expect(own()).not.toBe(StackName);
    const removal = { StackSetName: "retry", Accounts: [DEV], Regions: [REGION], RetainStacks: false };
    const { OperationId } = await admin.send(new DeleteStackInstancesCommand(removal));
    expect(await ended(admin, "retry", OperationId)).toBe("SUCCEEDED");
  });

  test("a template that reads what is not published is refused", async () => {
    const other = CONSUMER.replace("/landform/network/vpc-id", "/landform/nothing");
    const refusal = "Unable to fetch parameters [/landform/nothing] from parameter store for this account.";
    const change = { StackName: "reader", ChangeSetName: "preview", ChangeSetType: "CREATE" as const };
    const preview = (TemplateBody: string) =>
      dev.cloudFormation.send(new CreateChangeSetCommand({ ...change, TemplateBody }));
    await expect(preview(other)).rejects.toMatchObject({ name: "ValidationError", message: refusal });
    const id = await createIn(admin, "reader", [DEV], { TemplateBody: other, ExecutionRoleName: "Test" });
    expect(await ended(admin, "reader", id)).toBe("FAILED");
    expect(await resultsOf(admin, "reader", id)).toEqual([`${DEV} FAILED: ${refusal}`]);
    await preview(CONSUMER);
    await dev.cloudFormation.send(new DeleteChangeSetCommand(change));
    await dev.cloudFormation.send(new DeleteStackCommand(change));
  });

  test("failures can be ordered, and leave their events", async () => {
    const reason = "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:No more VPCs.";
    aws.setFaults({ onInstance: () => reason });
    const { status } = await update("network", `${NETWORK}#`);
    aws.setFaults(undefined);
    expect(status).toBe("FAILED");
    const { account, stackId: StackName } =
      [...(aws.stackSets.get("network")?.instances.values() ?? [])][0] ?? {};
    const client = await clientOf(aws, account ?? "");
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
    expect(StackEvents?.map(({ ResourceStatus }) => ResourceStatus)).toContain("UPDATE_FAILED");
    expect((await update("network", NETWORK)).status).toBe("SUCCEEDED");
  });

  test("a change set compares with what moto has; templates come from its buckets", async () => {
    const credentials = await aws.credentialsFor(DEV);
    const s3 = new S3Client({
      endpoint: aws.endpoint,
      region: "us-east-1",
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    });
    await s3.send(new CreateBucketCommand({ Bucket: "acme-templates" }));
    const Body = `${NETWORK.replace("10.1.0.0/16", "10.9.0.0/16")}#${"x".repeat(60_000)}`;
    await s3.send(new PutObjectCommand({ Bucket: "acme-templates", Key: "network/1.yaml", Body }));
    const TemplateURL = `${aws.endpoint}/acme-templates/network/1.yaml`;
    const StackName = aws.stackSets.get("network")?.instances.get(`${DEV}/${REGION}`)?.stackId;
    const change = { StackName, ChangeSetName: "preview" };
    await dev.cloudFormation.send(new CreateChangeSetCommand({ ...change, TemplateURL }));
    const { Changes } = await dev.cloudFormation.send(new DescribeChangeSetCommand(change));
    expect(Changes?.map(({ ResourceChange: of }) => `${of?.LogicalResourceId} ${of?.Replacement}`)).toEqual([
      "Vpc True",
    ]);
  });

  test("what is deleted is gone", async () => {
    for (const StackSetName of ["consumer", "network"]) {
      const removal = { StackSetName, Accounts: BOTH, Regions: [REGION], RetainStacks: false };
      const { OperationId } = await admin.send(new DeleteStackInstancesCommand(removal));
      expect(await ended(admin, StackSetName, OperationId), StackSetName).toBe("SUCCEEDED");
    }
    expect(await subnets()).toBeUndefined();
    expect(await published()).toEqual({});
  });

  test("a moto that ends early says why", async () => {
    await expect(startMoto("false")).rejects.toThrow("moto's server ended early (1)");
  });
});
