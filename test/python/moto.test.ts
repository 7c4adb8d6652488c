/** moto's server and the deployer: what two linked stack sets make in each of two accounts. */
import {
  CreateStackInstancesCommand,
  DescribeStacksCommand,
  ListStackSetOperationsCommand,
  StopStackSetOperationCommand,
} from "@aws-sdk/client-cloudformation";
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DeployPlan, deployStackSets, waitForOperation } from "./deploy.ts";
import { clientsFor, type Moto, startMoto } from "./moto.ts";
import { CONSUMER, DEV, NETWORK, SHARED_SERVICES } from "./templates.ts";
import { describePython, installedTools } from "./tools.ts";

const ADMIN = "100000000001";
const REGION = "eu-west-1";
const targets = [SHARED_SERVICES, DEV].map((account) => ({ account, regions: [REGION] }));
const plan: DeployPlan = {
  admin: ADMIN,
  homeRegion: REGION,
  stackSets: [
    { name: "network", templateBody: NETWORK, capabilities: [], targets },
    { name: "consumer", templateBody: CONSUMER, capabilities: [], targets },
  ],
};

describePython("moto", () => {
  let moto: Moto;

  beforeAll(async () => {
    moto = await startMoto(installedTools().python);
    await deployStackSets(moto.endpoint, plan);
  }, 60_000);

  afterAll(() => moto?.stop());

  test.each([
    { account: SHARED_SERVICES, cidr: "10.0.0.0/16", zones: ["eu-west-1a", "eu-west-1c"] },
    { account: DEV, cidr: "10.1.0.0/16", zones: ["eu-west-1a"] },
  ])("account $account has the network of its placement", async ({ account, cidr, zones }) => {
    const { cloudFormation, ec2, ssm } = await clientsFor(moto.endpoint, account, REGION);

    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({}));
    expect(Stacks?.map((stack) => stack.StackStatus)).toEqual(["CREATE_COMPLETE", "CREATE_COMPLETE"]);

    // Every account also has the default VPC.
    const own = [{ Name: "is-default", Values: ["false"] }];
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: own }));
    expect(Vpcs?.map((vpc) => vpc.CidrBlock)).toEqual([cidr]);
    const vpcId = Vpcs?.[0]?.VpcId ?? "";
    const ofVpc = [{ Name: "vpc-id", Values: [vpcId] }];

    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters: ofVpc }));
    expect(Subnets?.map((subnet) => subnet.AvailabilityZone)).toEqual(zones);
    const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: ofVpc }));
    expect(VpcEndpoints?.map((endpoint) => endpoint.SubnetIds?.length)).toEqual([zones.length]);

    const published = await ssm.send(new GetParameterCommand({ Name: "/landform/network/vpc-id" }));
    expect(published.Parameter?.Value).toBe(vpcId);
    const groups = await ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: ["consumer"] }] }),
    );
    expect(groups.SecurityGroups?.map((group) => group.VpcId)).toEqual([vpcId]);
  });

  test("the admin account has no stacks", async () => {
    const { cloudFormation } = await clientsFor(moto.endpoint, ADMIN, REGION);
    expect((await cloudFormation.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });

  test("accounts with the same Regions are created in one operation", async () => {
    const accounts = [
      { account: "300000000011", regions: [REGION, "eu-central-1"] },
      { account: "300000000012", regions: [REGION] },
      { account: "300000000013", regions: [REGION, "eu-central-1"] },
    ];
    const templateBody = "{Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}}}";
    await deployStackSets(moto.endpoint, {
      ...plan,
      stackSets: [{ name: "grouped", templateBody, capabilities: [], targets: accounts }],
    });
    const { cloudFormation } = await clientsFor(moto.endpoint, ADMIN, REGION);
    const { Summaries } = await cloudFormation.send(
      new ListStackSetOperationsCommand({ StackSetName: "grouped" }),
    );
    expect(Summaries).toHaveLength(2);
  });

  test.each([
    {
      name: "missing-parameter",
      templateBody: CONSUMER.replaceAll("vpc-id", "nowhere"),
      reason: "no SSM parameter /landform/network/nowhere",
    },
    { name: "missing-row", templateBody: NETWORK.replace(`'${DEV}': dev`, ""), reason: `KeyError: '${DEV}'` },
    {
      name: "refused-value",
      templateBody: NETWORK.replace("10.1.0.0/16", "10.1.0.0/99"),
      reason: "Value (10.1.0.0/99)",
    },
  ])("a stack that can't be created fails the deployment: $name", async ({ name, templateBody, reason }) => {
    const stackSet = { name, templateBody, capabilities: [], targets: targets.slice(1) };
    const deploying = deployStackSets(moto.endpoint, { ...plan, stackSets: [stackSet] });
    await expect(deploying).rejects.toThrow(`${name}: ${DEV} ${REGION}: `);
    await expect(deploying).rejects.toThrow(reason);
  });

  test("an operation that didn't succeed fails with the status of each stack", async () => {
    const { cloudFormation } = await clientsFor(moto.endpoint, ADMIN, REGION);
    const { OperationId } = await cloudFormation.send(
      new CreateStackInstancesCommand({ StackSetName: "network", Accounts: [DEV], Regions: [REGION] }),
    );
    await cloudFormation.send(new StopStackSetOperationCommand({ StackSetName: "network", OperationId }));
    await expect(waitForOperation(cloudFormation, "network", OperationId ?? "")).rejects.toThrow(
      `operation STOPPED\n${DEV} ${REGION} STOPPED`,
    );
  });

  test("a server that ends early says why", async () => {
    await expect(startMoto("false")).rejects.toThrow("moto's server ended early (1)");
  });
});
