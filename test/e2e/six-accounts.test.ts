/** The life of the reference architecture on moto, in six accounts: what is there in each of them after each command. */
import { DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnMoto } from "../aws/on-moto.ts";
import { loggedIn, type Workplace, workplace } from "../support/landform.ts";

const ACCOUNTS = {
  management: "100000000001",
  backup: "200000000002",
  "shared-services": "300000000003",
  dev: "012345678904",
  stage: "500000000005",
  prod: "600000000006",
};
type Account = keyof typeof ACCOUNTS;
const NAMES = Object.keys(ACCOUNTS) as Account[];
const REGION = "eu-west-1";
const POLL = ["--poll", "0.05"];

/** What of ours is in an account. */
interface Contents {
  /** Names of stacks without what makes them unique. */
  readonly stacks: readonly string[];
  readonly vpcs: readonly (string | undefined)[];
  readonly subnets: number;
  /** The published values of the network and the keys. */
  readonly published: Readonly<Record<string, string | undefined>>;
}

describeOnMoto("six accounts", (on) => {
  let place: Workplace;
  const landform = (...args: string[]) => place.landform(...args);

  beforeAll(async () => {
    place = workplace();
    place.env = await loggedIn(on.aws, ACCOUNTS["shared-services"]);
  });
  afterAll(() => place?.remove());

  /** Runs a command that must go well; a failure shows what it said. */
  async function well(...args: string[]) {
    const ended = await place.landform(...args);
    expect(ended.code, ended.err + ended.out).toBe(0);
    return ended;
  }

  async function contentsOf(account: Account): Promise<Contents> {
    const { cloudFormation, ec2 } = await on.clients(ACCOUNTS[account], REGION);
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
    const own = { Filters: [{ Name: "is-default", Values: ["false"] }] };
    const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand(own));
    const ids = Vpcs.map(({ VpcId = "" }) => VpcId);
    const { Subnets = [] } =
      ids.length === 0
        ? {}
        : await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: ids }] }));
    return {
      stacks: Stacks.map(({ StackName = "" }) => StackName.replace(/-[0-9a-f]{8}-.*/, "")).toSorted(),
      vpcs: Vpcs.map(({ CidrBlock }) => CidrBlock),
      subnets: Subnets.length,
      published: await on.published(ACCOUNTS[account], REGION, "/acme"),
    };
  }
  async function contents(): Promise<Record<Account, Contents>> {
    return Object.fromEntries(
      await Promise.all(NAMES.map(async (name) => [name, await contentsOf(name)] as const)),
    ) as Record<Account, Contents>;
  }
  const subnets = async () => {
    const all = await contents();
    return NAMES.map((name) => `${name} ${all[name].subnets}`);
  };
  const BOOTSTRAP = "acme-bootstrap-execution";
  const STACKS = ["StackSet-acme-keys", "StackSet-acme-network", BOOTSTRAP];

  test("without bootstrap, deploy says what is missing and makes nothing", async () => {
    const { code, err } = await landform("deploy", ...POLL);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining("run `landform bootstrap` first"),
    });
    expect(Object.values(await contents()).flatMap(({ stacks }) => stacks)).toEqual([]);
  });

  test("bootstrap makes roles in every account and the bucket in one, and then has nothing to do", async () => {
    await well("bootstrap", ...POLL);
    const all = await contents();
    for (const name of NAMES) {
      const more =
        name === "shared-services" ? ["acme-bootstrap-administration", "acme-bootstrap-artifacts"] : [];
      expect(all[name].stacks).toEqual([...more, BOOTSTRAP].toSorted());
    }
    const { code, out } = await landform("bootstrap", ...POLL);
    expect(code).toBe(0);
    expect(out.match(/: unchanged$/gm)).toHaveLength(8);
  });

  test("plan sees into every account, and deploy makes what it said", async () => {
    const plan = await landform("plan");
    expect(plan.code).toBe(4);
    expect(plan.out).toMatch(/keys +Add +LogsKey +AWS::KMS::Key +data +shared-services, dev, stage, prod/);
    expect(plan.out).toContain("network in prod can't be previewed: known once keys is deployed there");
    await well("deploy", "--only", "keys", ...POLL);
    expect((await landform("plan")).out).toMatch(
      /network +Add +PublicSubnet3 +AWS::EC2::Subnet +stage, prod/,
    );
    await well("deploy", ...POLL);
    const all = await contents();
    expect(all.management.stacks).toEqual([BOOTSTRAP]);
    expect(all.backup.stacks).toEqual([BOOTSTRAP]);
    for (const name of ["dev", "stage", "prod"] as const) expect(all[name].stacks).toEqual(STACKS);
    expect(NAMES.map((name) => all[name].vpcs[0])).toEqual([
      undefined,
      undefined,
      "10.0.0.0/16",
      "10.1.0.0/16",
      "10.2.0.0/16",
      "10.3.0.0/16",
    ]);
    expect(await subnets()).toEqual([
      "management 0",
      "backup 0",
      "shared-services 6",
      "dev 6",
      "stage 9",
      "prod 9",
    ]);
    expect(await landform("status")).toMatchObject({ code: 0 });
    expect(await landform("plan")).toMatchObject({ code: 0, out: expect.stringContaining("nothing to do") });
  });

  test("a change reaches what it is about, and nothing else", async () => {
    const before = await contents();
    place.edit("specs/acme.yaml", "azs: 3, nat: per-az", "azs: 2, nat: per-az");
    await well("compile");
    const calls = on.aws.log.length;
    await well("deploy", ...POLL);
    const changed = on.aws.log
      .slice(calls)
      .filter(({ action }) => /^(Update|Create|Delete)Stack/.test(action));
    expect(changed.map(({ action, params }) => `${action} ${params.StackSetName}`)).toEqual([
      "UpdateStackSet acme-network",
    ]);
    const after = await contents();
    expect(await subnets()).toEqual([
      "management 0",
      "backup 0",
      "shared-services 6",
      "dev 6",
      "stage 6",
      "prod 6",
    ]);
    for (const name of NAMES) {
      const fixed = ["/acme/keys/logs-key-arn", "/acme/network/vpc-id"];
      for (const parameter of fixed)
        expect(after[name].published[parameter]).toBe(before[name].published[parameter]);
    }
    expect(after.dev).toEqual(before.dev);
  });

  test("dev is promoted before prod", async () => {
    place.edit("specs/acme.yaml", "azs: 2, nat: single } }\n  stage", "azs: 3, nat: single } }\n  stage");
    place.edit("specs/acme.yaml", "azs: 2, nat: per-az", "azs: 3, nat: per-az");
    await well("compile");
    await well("deploy", "-e", "dev", ...POLL);
    expect(await subnets()).toEqual([
      "management 0",
      "backup 0",
      "shared-services 6",
      "dev 9",
      "stage 6",
      "prod 6",
    ]);
    expect((await landform("status")).out).toMatch(/network +outdated +current +outdated +outdated/);
    const plan = await landform("plan", "-e", "prod");
    expect(plan.out).toMatch(/network +Add +PublicSubnet3 +AWS::EC2::Subnet +prod\n/);
    await well("deploy", "-e", "prod", ...POLL);
    expect(await subnets()).toEqual([
      "management 0",
      "backup 0",
      "shared-services 6",
      "dev 9",
      "stage 6",
      "prod 9",
    ]);
    await well("deploy", ...POLL);
    expect(await subnets()).toEqual([
      "management 0",
      "backup 0",
      "shared-services 6",
      "dev 9",
      "stage 9",
      "prod 9",
    ]);
  });

  test("a resource that can't be made is named, where and why, and a repaired spec goes through", async () => {
    on.aws.setFaults({
      onInstance: ({ account, stackSet }) =>
        account === ACCOUNTS.stage && stackSet === "acme-network"
          ? "ResourceLogicalId:NatGateway1, ResourceType:AWS::EC2::NatGateway, ResourceStatusReason:in use"
          : undefined,
    });
    place.edit("specs/acme.yaml", "azs: 3, nat: per-az, flow", "azs: 3, nat: single, flow");
    await well("compile");
    const { code, err } = await landform("deploy", ...POLL);
    expect(code).toBe(1);
    expect(err).toMatch(
      /specs\/acme.yaml:22:47 error deployment-failed: `network`: in `stage` \(500000000005, eu-west-1\) `NatGateway1` \(AWS::EC2::NatGateway\) failed first: in use/,
    );
    on.aws.setFaults(undefined);
    place.edit("specs/acme.yaml", "azs: 3, nat: single, flow", "azs: 3, nat: per-az, flow");
    await well("compile");
    await well("deploy", ...POLL);
    expect(await subnets()).toEqual([
      "management 0",
      "backup 0",
      "shared-services 6",
      "dev 9",
      "stage 9",
      "prod 9",
    ]);
  });

  test("a key that was replaced is read again where that is asked for, and where its stack set is deployed", async () => {
    const { cloudFormation, ssm } = await on.clients(ACCOUNTS.dev, REGION);
    const replace = (Value: string) =>
      ssm.send(new PutParameterCommand({ Name: "/acme/keys/logs-key-arn", Value, Overwrite: true }));
    const keyInUse = async () => {
      const { stackId: StackName } =
        on.aws.stackSets.get("acme-network")?.instances.get(`${ACCOUNTS.dev}/${REGION}`) ?? {};
      const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      // moto gives the values that were looked up in place of the names.
      return Stacks[0]?.Parameters?.[0]?.ParameterValue;
    };
    await replace("second key");
    await well("deploy", ...POLL);
    expect(await keyInUse()).toMatch(/^arn:aws:kms:/);
    await well("deploy", "-e", "dev", "--refresh", "--only", "network", ...POLL);
    expect(await keyInUse()).toBe("second key");

    await replace("third key");
    const keys = on.aws.stackSets.get("acme-keys");
    if (keys) keys.template = `# older\n${keys.template}`;
    const { out } = await well("deploy", ...POLL);
    expect(out).toContain("read again: network in dev, since keys/logs-key-arn is another one\n");
    expect(await keyInUse()).toBe("third key");
  });

  test("what leaves the spec stays until it is removed", async () => {
    place.edit("specs/acme.yaml", / {2}prod: {12}\{ account: prod \}\n/, "");
    await well("compile");
    await well("deploy", ...POLL);
    expect((await contents()).prod).toMatchObject({ stacks: STACKS, subnets: 9 });
    await well("remove", "keys", "network", "--yes", ...POLL);
    const all = await contents();
    expect(all.prod).toEqual({ stacks: [BOOTSTRAP], vpcs: [], subnets: 0, published: {} });
    expect(all.stage).toMatchObject({ stacks: STACKS, subnets: 9 });
  });
});
