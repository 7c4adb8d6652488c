/** The commands that talk to AWS, as people run them, against stack sets in memory. */
import { setTimeout as sleep } from "node:timers/promises";
import { CloudFormationClient, CreateChangeSetCommand } from "@aws-sdk/client-cloudformation";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Aws, type AwsOptions, startAws } from "../aws/server.ts";
import type { MemoryStacks } from "../aws/stacks.ts";
import type { OperationState } from "../aws/state.ts";
import { loggedIn, type Workplace, workplace } from "../support/landform.ts";

const ADMIN = "300000000003";
const [DEV, STAGE, PROD] = ["012345678904", "500000000005", "600000000006"] as const;
const POLL = ["--poll", "0.02"];

let aws: Aws;
let place: Workplace;

async function start(options: AwsOptions = {}): Promise<void> {
  await aws?.stop();
  aws = await startAws({ instanceMilliseconds: 1, ...options });
  place.env = await loggedIn(aws, ADMIN);
}
beforeEach(async () => {
  place = workplace();
  await start();
});
afterEach(async () => {
  place.remove();
  await aws.stop();
});

const deploy = (...args: string[]) => place.landform("deploy", ...POLL, ...args);
const azs = (before: number, after: number) =>
  place.edit("specs/acme.yaml", `azs: ${before}, nat: per-az`, `azs: ${after}, nat: per-az`);
const compile = async () => expect((await place.landform("compile")).code).toBe(0);

/** `prod CURRENT`, of each stack of a stack set. */
function instances(name = "acme-network"): string[] {
  const names: Record<string, string> = {
    [ADMIN]: "shared-services",
    [DEV]: "dev",
    [STAGE]: "stage",
    [PROD]: "prod",
  };
  return [...(aws.stackSets.get(name)?.instances.values() ?? [])].map(
    ({ account, status }) => `${names[account] ?? account} ${status}`,
  );
}

const operations = (name = "acme-network") => [...(aws.stackSets.get(name)?.operations.values() ?? [])];

describe("deploy", () => {
  test("makes everything, in order, and then has nothing to do", async () => {
    await start({ instanceMilliseconds: 20 });
    const first = await deploy();
    expect(first).toMatchObject({ code: 0, out: "specs/acme.yaml: 2 stack sets deployed, 0 unchanged\n" });
    const lines = first.err.split("\n").map((line) => line.trim().replace(/^\S+ /, "").replace(/\(.*/, ""));
    expect(lines).toEqual([
      "deploying acme",
      ...["keys", "network"].flatMap((name) => [
        `${name}: creating the stack set`,
        `${name}: create RUNNING `,
        ...["shared-services", "dev", "stage", "prod"].map((where) => `${name}: ${where} SUCCEEDED`),
        `${name}: create SUCCEEDED `,
        `${name}: deployed`,
      ]),
      "",
    ]);
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT", "prod CURRENT"]);
    expect(aws.stackSets.get("acme-network")?.template).toBe(place.read("generated/acme/network.yaml"));

    const before = new Map(aws.calls);
    expect(await deploy()).toMatchObject({
      code: 0,
      out: expect.stringContaining("0 stack sets deployed, 2 unchanged"),
    });
    const made = [...aws.calls].map(
      ([action, count]) => [action, count - (before.get(action) ?? 0)] as const,
    );
    // Three calls for each stack set, whatever the number of accounts.
    expect(Object.fromEntries(made.filter(([, count]) => count > 0))).toEqual({
      GetCallerIdentity: 1,
      DescribeStackSet: 2,
      ListStackInstances: 2,
      ListStackSetOperations: 2,
      ListStackSets: 1,
    });
  });

  test("touches only what changed", async () => {
    await deploy();
    azs(3, 4);
    await compile();
    expect(await deploy()).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 stack set deployed, 1 unchanged"),
    });
    expect(operations("acme-keys").map(({ action }) => action)).toEqual(["CREATE"]);
    expect(operations().map(({ action }) => action)).toEqual(["CREATE", "UPDATE"]);
  });

  test("promotes one environment after the other", async () => {
    await deploy();
    azs(3, 4);
    await compile();
    const dev = await deploy("-e", "dev");
    expect(dev).toMatchObject({
      code: 0,
      out: expect.stringContaining("outdated: network in shared-services, network in stage, network in prod"),
    });
    expect(instances()).toEqual([
      "shared-services OUTDATED",
      "dev CURRENT",
      "stage OUTDATED",
      "prod OUTDATED",
    ]);
    expect((await place.landform("status")).out).toMatch(/network +outdated +current +outdated +outdated/);
    expect((await deploy("-e", "shared-services,stage")).code).toBe(0);
    expect((await deploy("-e", "prod")).code).toBe(0);
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT", "prod CURRENT"]);
  });

  test("can't bring a new template to an environment that has no stack yet, and says what can", async () => {
    await deploy("-e", "dev");
    azs(3, 4);
    await compile();
    const prod = await deploy("-e", "prod");
    expect(prod).toMatchObject({
      code: 1,
      err: expect.stringContaining("deploy `dev` first (`landform deploy --environment dev`)"),
    });
    expect(instances()).toEqual(["dev CURRENT"]);
  });

  test("of one stack set deploys what it depends on too", async () => {
    expect(await deploy("--only", "network")).toMatchObject({
      code: 0,
      out: expect.stringContaining("2 stack sets deployed"),
    });
    expect(await deploy("--only", "keys")).toMatchObject({
      code: 0,
      out: expect.stringContaining("0 stack sets deployed, 1 unchanged"),
    });
  });

  test("goes back to an earlier template like to any other", async () => {
    await deploy();
    for (const [from, to] of [
      [3, 4],
      [4, 3],
    ] as const) {
      azs(from, to);
      await compile();
      expect((await deploy()).code).toBe(0);
      expect(aws.stackSets.get("acme-network")?.template).toBe(place.read("generated/acme/network.yaml"));
    }
    expect(await deploy()).toMatchObject({ out: expect.stringContaining("2 unchanged") });
  });

  test("is not deceived by an operation of long ago that had the same wish", async () => {
    await deploy();
    const network = aws.stackSets.get("acme-network");
    if (!network) throw new Error("there is no network");
    const template = network.template;
    // Since then, somebody else has put another template there, by more operations than one page of the history has.
    const [first] = network.operations.values();
    for (let index = 0; index < 120; index++)
      network.operations.set(`other-${index}`, {
        ...(first as OperationState),
        id: `other-${index}`,
        created: new Date(Date.UTC(2027, 0, 1, 0, index)),
      });
    network.template = "Resources: {}";
    expect(await deploy()).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 stack set deployed, 1 unchanged"),
    });
    expect(aws.stackSets.get("acme-network")?.template).toBe(template);
    expect(operations().at(-1)?.id).toMatch(/-final-2$/);
  });

  test("adopts what runs already", async () => {
    await start({ instanceMilliseconds: 2_000 });
    const first = place.start("deploy", ...POLL);
    while (operations("acme-keys").length === 0) await sleep(5);
    const second = place.start("deploy", ...POLL);
    // The operation goes on slowly until the second has seen it, however long that takes to start.
    second.child.stderr?.on("data", (text: string) => {
      if (text.includes("what ran already")) aws.setInstanceMilliseconds(1);
    });
    expect(await second.ended).toMatchObject({
      code: 0,
      err: expect.stringMatching(/keys: what ran already RUNNING/),
    });
    expect((await first.ended).code).toBe(0);
    expect(operations("acme-keys")).toHaveLength(1);
    expect(operations()).toHaveLength(1);
  });

  test("ends at Ctrl-C, says what goes on, and goes on from there", async () => {
    await start({ instanceMilliseconds: 200 });
    const run = place.start("deploy", ...POLL);
    while (operations("acme-keys").length === 0) await sleep(5);
    run.child.kill("SIGINT");
    const { code, err } = await run.ended;
    const [operation] = operations("acme-keys");
    expect(code).toBe(130);
    expect(err).toContain(`acme-keys: ${operation?.id} (RUNNING)`);
    expect(err).toContain(
      "to stop it: aws cloudformation stop-stack-set-operation --region eu-west-1 --stack-set-name acme-keys",
    );
    expect(err).toContain("`landform deploy` goes on from here");
    expect((await deploy()).code).toBe(0);
    expect(operations("acme-keys")).toHaveLength(1);
  });

  test("of one environment tells each time who is left outdated", async () => {
    await deploy();
    azs(3, 4);
    await compile();
    for (const _ of [1, 2])
      expect(await deploy("-e", "dev")).toMatchObject({
        code: 0,
        out: expect.stringContaining("outdated: network in shared-services"),
      });
  });

  test("tells what it did though something else can't be looked for", async () => {
    aws.setFaults({ onCall: ({ action }) => (action === "ListStackSets" ? { kind: "expired" } : undefined) });
    expect(await deploy()).toMatchObject({
      code: 0,
      out: "specs/acme.yaml: 2 stack sets deployed, 0 unchanged\n",
      err: expect.stringContaining(
        "what left the spec could not be looked for: the AWS credentials have expired",
      ),
    });
  });

  test("goes to the healthy accounts, whatever their number of Regions, when one is suspended", async () => {
    place.edit("specs/acme.yaml", "regions: [eu-west-1] ", "regions: [eu-west-1, us-east-1] ");
    place.edit(
      "specs/acme.yaml",
      "prod:            { account: prod }",
      "prod:            { account: prod, regions: [eu-west-1] }",
    );
    await compile();
    aws.setFaults({ suspended: new Set([DEV]) });
    expect((await deploy("--only", "keys")).code).toBe(1);
    expect(
      instances("acme-keys")
        .filter((text) => text.endsWith("CURRENT"))
        .toSorted(),
    ).toEqual([
      "prod CURRENT",
      "shared-services CURRENT",
      "shared-services CURRENT",
      "stage CURRENT",
      "stage CURRENT",
    ]);
  });

  test("does not take over a stack set that is not the spec's", async () => {
    await deploy();
    const keys = aws.stackSets.get("acme-keys");
    if (keys) keys.tags = { "landform:spec": "other" };
    expect(await deploy()).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is a stack set acme-keys that has no tag landform:spec=acme"),
    });
  });

  test("deploys only what is committed", async () => {
    azs(3, 4);
    expect(await deploy()).toMatchObject({
      code: 1,
      err: expect.stringContaining("generated/acme/network.yaml error out-of-date"),
    });
    expect(aws.calls.size).toBe(0);
  });

  test("speaks JSON", async () => {
    const { out } = await deploy("--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      specs: [
        {
          stackSets: { keys: "deployed", network: "deployed" },
          outdated: [],
          notStarted: [],
          removable: [],
          diagnostics: [],
        },
      ],
    });
  });
});

describe("a failure", () => {
  const VPCS =
    "ResourceLogicalId:Vpc, ResourceType:AWS::EC2::VPC, ResourceStatusReason:The maximum number of VPCs has been reached.";
  const failIn = (account: string, reason = VPCS) =>
    aws.setFaults({
      onInstance: (work) =>
        work.account === account && work.stackSet === "acme-network" ? reason : undefined,
    });

  test("is shown at its line of the spec: which resource, where, why, and what next", async () => {
    failIn(DEV);
    const { code, err } = await deploy();
    expect(code).toBe(1);
    expect(err).toContain(
      "specs/acme.yaml:22:10 error deployment-failed: `network`: in `dev` (012345678904, eu-west-1) `Vpc` (AWS::EC2::VPC) failed first: The maximum number of VPCs has been reached",
    );
    expect(err).toContain(
      "help: put it right in the spec or in the account; then run `landform deploy` again",
    );
    expect(err).not.toContain("CANCELLED: Cancelled since failure tolerance has exceeded\nspecs");
    aws.setFaults(undefined);
    expect((await deploy()).code).toBe(0);
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT", "prod CURRENT"]);
  });

  test("keeps back what depends on it, and nothing else", async () => {
    aws.setFaults({ onInstance: ({ stackSet }) => (stackSet === "acme-keys" ? "no" : undefined) });
    const { code, err } = await deploy();
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining("not started, since what they depend on failed: network"),
    });
    expect(aws.stackSets.has("acme-network")).toBe(false);
  });

  test("of a role that is not there leads to bootstrap, at the account", async () => {
    await start({ roles: new Set([`arn:aws:iam::${ADMIN}:role/acme-stack-set-execution`]) });
    const { code, err } = await deploy();
    expect(code).toBe(1);
    expect(err).toMatch(
      /specs\/acme.yaml:\d+:3 error deployment-failed: `keys`: the account `dev` \(012345678904\) does not let `acme` in/,
    );
    expect(err).toContain("help: `landform bootstrap` makes the roles that are missing");
  });

  test("of a service whose role is not there leads to bootstrap too, at the resource", async () => {
    failIn(
      DEV,
      'ResourceLogicalId:Vpc, ResourceType:AWS::ECS::Cluster, ResourceStatusReason:Resource handler returned message: "Invalid request provided: CreateCluster Invalid Request: Unable to assume the service linked role. Please verify that the ECS service linked role exists."',
    );
    const { code, err } = await deploy();
    expect(code).toBe(1);
    expect(err).toMatch(
      /deployment-failed: `network`: in `dev` [^\n]* `Vpc` \(AWS::ECS::Cluster\) failed first/,
    );
    expect(err).toContain(
      "help: `landform bootstrap` makes the role where it is not there by now; then run `landform deploy` again",
    );
  });

  test("of a suspended account says how to keep it out", async () => {
    aws.setFaults({ suspended: new Set([PROD]) });
    const { code, err } = await deploy();
    expect(code).toBe(1);
    expect(err).toMatch(
      /specs\/acme.yaml:14:3 error deployment-failed: `keys`: the account `prod` \(600000000006\) is suspended/,
    );
    expect(err).toContain("say `status: closed` at the account to keep it out");
  });

  test("that somebody stopped is called that", async () => {
    await start({ instanceMilliseconds: 50 });
    aws.setFaults({
      onOperation: ({ stackSet }) => (stackSet === "acme-keys" ? { stopAfter: 2 } : undefined),
    });
    expect(await deploy()).toMatchObject({
      code: 1,
      err: expect.stringContaining("somebody stopped the operation before it was done"),
    });
    aws.setFaults(undefined);
    expect((await deploy()).code).toBe(0);
  });

  test("is looked into, though its own reason only says that something else failed", async () => {
    await deploy();
    azs(3, 4);
    await compile();
    failIn(
      DEV,
      "ResourceLogicalId:FlowLog, ResourceType:AWS::EC2::FlowLog, ResourceStatusReason:Resource update cancelled",
    );
    expect(await deploy()).toMatchObject({
      code: 1,
      err: expect.stringContaining("in `dev` (012345678904, eu-west-1)"),
    });
  });

  test("of a stack in one environment keeps back no other environment", async () => {
    await deploy();
    const stack = aws.stackSets.get("acme-network")?.instances.get(`${PROD}/eu-west-1`);
    if (stack) Object.assign(stack, { status: "INOPERABLE", detailedStatus: "INOPERABLE" });
    azs(3, 4);
    await compile();
    expect((await deploy("-e", "dev")).code).toBe(0);
    expect(await place.landform("plan")).toMatchObject({
      code: 1,
      out: expect.stringContaining("INOPERABLE"),
    });
    expect((await deploy()).code).toBe(1);
  });

  test("that left a stack inoperable is not passed over in silence", async () => {
    await deploy();
    const stack = aws.stackSets.get("acme-network")?.instances.get(`${PROD}/eu-west-1`);
    if (!stack) throw new Error("prod has no stack");
    Object.assign(stack, { status: "INOPERABLE", detailedStatus: "INOPERABLE", reason: "DELETE_FAILED" });
    azs(3, 4);
    await compile();
    const { code, err } = await deploy();
    expect(code).toBe(1);
    expect(err).toContain(
      "the stack in `prod` (600000000006, eu-west-1) is INOPERABLE, and StackSets leaves it out of everything: DELETE_FAILED",
    );
    expect(err).toContain("`landform remove network --in prod --retain` lets go of the stack");
    expect((await place.landform("status")).out).toMatch(/network +current +current +current +inoperable/);
    // It is told every time.
    expect((await deploy()).code).toBe(1);
    expect(
      (await place.landform("remove", "network", "--in", "prod", "--retain", "--yes", ...POLL)).code,
    ).toBe(0);
    expect((await deploy()).code).toBe(0);
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT", "prod CURRENT"]);
  });
});

describe("what is not the spec's", () => {
  test.each([["plan"], ["status"], ["drift", ...POLL], ["deploy", ...POLL]])(
    "%s does not touch it",
    async (...args) => {
      await deploy();
      const keys = aws.stackSets.get("acme-keys");
      if (keys) keys.tags = { "landform:spec": "other" };
      const count = operations("acme-keys").length;
      const { code, err } = await place.landform(...args);
      expect(code).not.toBe(0);
      expect(err).toContain("acme-keys that has no tag landform:spec=acme");
      expect(operations("acme-keys")).toHaveLength(count);
    },
  );

  test("remove neither sees nor lets go of it", async () => {
    await deploy();
    const keys = aws.stackSets.get("acme-keys");
    if (keys) keys.tags = { "landform:spec": "other" };
    expect(
      await place.landform("remove", "keys", "--in", "prod", "--retain", "--yes", ...POLL),
    ).toMatchObject({ code: 0, out: expect.stringContaining("nothing to remove") });
    expect(instances("acme-keys")).toHaveLength(4);
  });
});

describe("plan", () => {
  test("says what would be made, in every account, and leaves nothing behind", async () => {
    const { code, out } = await place.landform("plan");
    expect(code).toBe(4);
    expect(out).toMatch(/network +create\n +add +shared-services, dev, stage, prod/);
    expect(out).toMatch(/keys +Add +LogsKey +AWS::KMS::Key +data +shared-services, dev, stage, prod/);
    // What reads from a stack that is not there can't be previewed, by AWS's rules.
    expect(out).toContain("network in prod can't be previewed: known once keys is deployed there");
    expect(out).toContain("8 stacks to add, 0 to update, 0 to leave");
    expect(aws.stackSets.size).toBe(0);
    expect((aws.stacks as MemoryStacks).byId.size).toBe(4);
    for (const account of [ADMIN, DEV, STAGE, PROD])
      expect((aws.stacks as MemoryStacks).in(account, "eu-west-1").size).toBe(0);
    expect((aws.stacks as MemoryStacks).changeSets.size).toBe(0);
    expect(aws.calls.has("PutObject")).toBe(false);
    expect((await deploy("--only", "keys")).code).toBe(0);
    expect((await place.landform("plan")).out).toMatch(
      /network +Add +PublicSubnet3 +AWS::EC2::Subnet +stage, prod/,
    );
  });

  test("of what is deployed has nothing to say", async () => {
    await deploy();
    expect(await place.landform("plan")).toMatchObject({
      code: 0,
      out: expect.stringContaining("nothing to do"),
    });
  });

  test("tells that data is at risk, by its exit code too", async () => {
    await deploy();
    // Once there was a table.
    const table =
      "  Table:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    Properties: {TableName: users}\n";
    const keys = aws.stackSets.get("acme-keys");
    const stacks = aws.stacks as MemoryStacks;
    if (keys) keys.template += table;
    for (const stack of stacks.byId.values()) if (stack.name.includes("acme-keys")) stack.template += table;
    const { code, out } = await place.landform("plan", "-e", "prod");
    expect(code).toBe(5);
    expect(out).toMatch(/keys +new template\n +update +prod\n +left outdated +shared-services, dev, stage/);
    expect(out).toMatch(/keys +Remove +Table +AWS::DynamoDB::Table +AT RISK +prod/);
    expect(out).toContain("0 stacks to add, 1 to update, 4 to leave; DATA AT RISK in 1 resource\n");
    const { code: same, out: text } = await place.landform("plan", "-e", "prod", "--json");
    expect(same).toBe(5);
    expect(JSON.parse(text)).toMatchObject({ changes: true, dataAtRisk: true });
  });

  test("tells of an outage, which is no reason for another exit code", async () => {
    await deploy();
    const group = (
      port: number,
    ) => `  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: ${port}}}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      Priority: 1
      Conditions: [{Field: path-pattern, PathPatternConfig: {Values: [/own]}}]
      Actions: [{Type: forward, TargetGroupArn: !Ref Group}]
`;
    const spec = place.read("specs/acme.yaml");
    place.write("specs/templates/own.yaml", `Resources:\n${group(80)}`);
    place.write("specs/acme.yaml", `${spec}templates: { own: { file: templates/own.yaml } }\n`);
    await compile();
    await deploy();
    place.write("specs/templates/own.yaml", `Resources:\n${group(443)}`);
    await compile();
    const { code, out } = await place.landform("plan", "-e", "prod");
    expect(code).toBe(4);
    expect(out).toMatch(/STACK SET +ACTION +RESOURCE +TYPE +REPLACEMENT +DATA +OUTAGE +WHERE\n/);
    expect(out).toMatch(/own +Modify +Group +AWS::ElasticLoadBalancingV2::TargetGroup +yes +OUTAGE +prod\n/);
    expect(out).toContain("; OUTAGE by 1 resource\n");
    const { out: text } = await place.landform("plan", "-e", "prod", "--json");
    expect(JSON.parse(text)).toMatchObject({ changes: true, dataAtRisk: false, outage: true });
  });

  test("goes on where it may not look, and says where", async () => {
    const roles = [ADMIN, DEV, STAGE].map((id) => `arn:aws:iam::${id}:role/acme-stack-set-inspection`);
    const execution = [ADMIN, DEV, STAGE, PROD].map(
      (id) => `arn:aws:iam::${id}:role/acme-stack-set-execution`,
    );
    await start({ roles: new Set([...roles, ...execution]) });
    expect((await deploy("--only", "keys")).code).toBe(0);
    const { code, out } = await place.landform("plan");
    expect(code).toBe(4);
    expect(out).toMatch(
      /network in prod can't be previewed: AWS does not allow it: .*sts:AssumeRole on resource: arn:aws:iam::600000000006:role\/acme-stack-set-inspection/,
    );
    expect(out).toMatch(/network +Add +Vpc +AWS::EC2::VPC +shared-services, dev, stage\n/);
  });
});

describe("status and drift", () => {
  test("status before and after", async () => {
    const before = await place.landform("status");
    expect(before).toMatchObject({
      code: 4,
      out: expect.stringMatching(/keys +missing +missing +missing +missing +not deployed/),
    });
    await deploy();
    expect(await place.landform("status")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/keys +current +current +current +current\n/),
    });
    const { out } = await place.landform("status", "--json");
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      stackSets: [{ stackSet: "keys", isThere: true, isBehindSpec: false }, {}],
    });
  });

  test("status shows what failed, with the reason", async () => {
    aws.setFaults({
      onInstance: ({ account, stackSet }) =>
        account === DEV && stackSet === "acme-network" ? "no more VPCs" : undefined,
    });
    await deploy();
    const { code, out } = await place.landform("status");
    expect(code).toBe(4);
    expect(out).toMatch(/network +current +failed +outdated +outdated/);
    expect(out).toContain("network in dev: no more VPCs");
  });

  test("drift finds a stack that was updated directly, which StackSets does not", async () => {
    await deploy();
    expect(await place.landform("drift", ...POLL)).toMatchObject({
      code: 0,
      out: expect.stringContaining("as it was deployed"),
    });
    const { stackId = "" } = aws.stackSets.get("acme-network")?.instances.get(`${PROD}/eu-west-1`) ?? {};
    const stack = (aws.stacks as MemoryStacks).byId.get(stackId);
    if (stack) stack.template = "Resources: {}";
    const { code, out } = await place.landform("drift", ...POLL);
    expect({ code, out }).toEqual({
      code: 4,
      out: expect.stringMatching(/network +prod +the stack was updated directly/),
    });
  });
});

test("drift looks again, however often it has looked", async () => {
  await deploy();
  const network = aws.stackSets.get("acme-network");
  const base = `landform-${"0".repeat(32)}-drift`;
  const [first] = network?.operations.values() ?? [];
  expect((await place.landform("drift", ...POLL)).code).toBe(0);
  const name = operations().at(-1)?.id.replace(/-1$/, "") ?? base;
  for (let index = 2; index <= 120; index++)
    network?.operations.set(`${name}-${index}`, {
      ...(first as OperationState),
      id: `${name}-${index}`,
      action: "DETECT_DRIFT",
      created: new Date(Date.UTC(2027, 0, 1, 0, index)),
    });
  const { stackId = "" } = network?.instances.get(`${PROD}/eu-west-1`) ?? {};
  aws.stacks.drifts.set(stackId, [
    {
      logicalId: "Vpc",
      type: "AWS::EC2::VPC",
      status: "MODIFIED",
      differences: [{ path: "/EnableDnsSupport", expected: "true", actual: "false", type: "NOT_EQUAL" }],
    },
  ]);
  const { code, out } = await place.landform("drift", ...POLL);
  expect(code).toBe(4);
  expect(out).toMatch(
    /network +prod +Vpc +modified +\/EnableDnsSupport: true → false +specs\/acme.yaml:22:10/,
  );
});

test("drift that was not looked for everywhere is not called none", async () => {
  expect(await place.landform("drift", ...POLL)).toMatchObject({
    code: 1,
    out: expect.stringContaining("not deployed: keys, network"),
  });
  await deploy();
  aws.setFaults({
    onOperation: ({ stackSet }) => (stackSet === "acme-network" ? { stopAfter: 1 } : undefined),
  });
  const { code, out } = await place.landform("drift", ...POLL);
  expect(code).toBe(1);
  expect(out).toMatch(/not seen: network: \d{12} eu-west-1: Cancelled/);
});

describe("remove", () => {
  /** The spec without prod. */
  async function withoutProd(): Promise<void> {
    place.edit("specs/acme.yaml", / {2}prod: {12}\{ account: prod \}\n/, "");
    await compile();
  }

  test("has nothing to do where all is in the spec", async () => {
    await deploy();
    expect(await place.landform("remove")).toMatchObject({ code: 0, out: "nothing to remove\n" });
  });

  test("takes away what left the spec, which deploy never does; data only where it is named", async () => {
    await deploy();
    await withoutProd();
    const deployed = await deploy();
    expect(deployed).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        "live, but not in the spec any more: keys in account prod eu-west-1, network in account prod eu-west-1",
      ),
    });
    expect(instances()).toContain("prod OUTDATED");

    const asked = await place.landform("remove", "--yes", ...POLL);
    expect(asked.out).toMatch(
      /^LEFT ALONE +WHERE +DATA\nacme-network +account prod eu-west-1 +FlowLogGroup\nacme-keys/,
    );
    expect(asked.out).toContain("removed when it is named: landform remove network keys\n");
    expect(instances()).toContain("prod OUTDATED");

    const wrongOrder = await place.landform("remove", "keys", "--yes", ...POLL);
    expect(wrongOrder).toMatchObject({
      code: 2,
      err: expect.stringContaining("`network` still reads what `keys` publishes in account prod eu-west-1"),
    });
    expect(await place.landform("remove", "keys", "network", ...POLL)).toMatchObject({
      code: 2,
      err: expect.stringContaining("needs --yes"),
    });

    const removed = await place.landform("remove", "keys", "network", "--yes", ...POLL);
    expect(removed).toMatchObject({ code: 0, out: expect.stringContaining("2 removed") });
    expect(removed.err.indexOf("network: removed")).toBeLessThan(removed.err.indexOf("keys: removed"));
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT"]);
    expect(aws.stackSets.size).toBe(2);
  });

  test("lets go of the stacks of a closed account, which nobody can reach", async () => {
    await deploy();
    place.edit(
      "specs/acme.yaml",
      "email: aws+prod@acme.example }",
      "email: aws+prod@acme.example, status: closed }",
    );
    await compile();
    aws.setFaults({ suspended: new Set([PROD]) });
    expect((await deploy()).code).toBe(0);
    expect(await place.landform("remove", "keys", "network", "--yes", ...POLL)).toMatchObject({ code: 0 });
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT"]);
    expect(
      aws.log
        .filter(({ action }) => action === "DeleteStackInstances")
        .map(({ params }) => params.RetainStacks),
    ).toEqual(["true", "true"]);
  });

  test("does not take away what an outdated stack still reads", async () => {
    await deploy();
    // The network's next template does without the key, and has come to dev only.
    const network = aws.stackSets.get("acme-network");
    if (network) network.template = network.template.replaceAll("/acme/keys/", "/elsewhere/keys/");
    for (const instance of network?.instances.values() ?? [])
      if (instance.account !== DEV) instance.status = "OUTDATED";
    await withoutProd();
    expect(await place.landform("remove", "keys", "--yes", ...POLL)).toMatchObject({
      code: 2,
      err: expect.stringContaining("`network` still reads what `keys` publishes in account prod eu-west-1"),
    });
    expect(instances("acme-keys")).toHaveLength(4);
  });

  test("takes away a whole stack set, and everything when it is told to", async () => {
    await deploy();
    place.edit("specs/acme.yaml", / {2}prod: {12}\{ account: prod \}\n/, "");
    await compile();
    await deploy();
    expect(await place.landform("remove", "--all", "--yes", ...POLL)).toMatchObject({ code: 0 });
    expect(aws.stackSets.size).toBe(2);
    const all = await place.landform("remove", "--all", "keys", "network", "--yes", ...POLL);
    expect(all).toMatchObject({ code: 0, out: expect.stringContaining("2 removed") });
    expect(aws.stackSets.size).toBe(0);
    // The second try has nothing left to do.
    expect((await place.landform("remove", "--all", "keys", "network", "--yes", ...POLL)).code).toBe(0);
  });

  test("lets go of a stack that can't be deleted, though the spec does not know it any more", async () => {
    await deploy();
    await withoutProd();
    aws.setFaults({ onInstance: ({ action }) => (action === "DELETE" ? "DELETE_FAILED" : undefined) });
    const failed = await place.landform("remove", "network", "--yes", ...POLL);
    expect(failed).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        "then run `landform remove` again: it goes on where this ended, or let go of the stack with `landform remove network --in 600000000006 --retain`",
      ),
    });
    expect((await place.landform("remove", "network", "--in", PROD, "--retain", "--yes", ...POLL)).code).toBe(
      0,
    );
    expect(instances()).toEqual(["shared-services CURRENT", "dev CURRENT", "stage CURRENT"]);
  });

  test("refuses what is in the spec, and names that are nowhere", async () => {
    await deploy();
    expect(await place.landform("remove", "network", "--yes")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^nothing to remove\n`network` is in the spec with all its stacks/),
    });
    expect(await place.landform("remove", "gone", "--yes")).toMatchObject({
      code: 0,
      out: "nothing to remove\n`gone` is not there\n",
    });
    expect(instances()).toHaveLength(4);
    expect(await place.landform("remove", "netwrk", "--yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("there is no stack set `netwrk`: did you mean `network`?"),
    });
    expect(await place.landform("remove", "network", "--retain", "--yes")).toMatchObject({ code: 2 });
  });
});

describe("a first contact", () => {
  const COMMANDS = ["bootstrap", "plan", "deploy", "status", "drift", "remove"];

  test.each(COMMANDS)("%s without credentials says that in one line", async (command) => {
    place.env = { AWS_ENDPOINT_URL: aws.endpoint };
    expect(await place.landform(command)).toEqual({
      code: 2,
      out: "",
      err: "landform: there are no AWS credentials: log in (`aws sso login`), set AWS_PROFILE, or name a profile with --profile\n",
    });
  });

  test.each(COMMANDS)("%s with wrong ones says that in one line", async (command) => {
    place.env = { ...place.env, AWS_ACCESS_KEY_ID: "AKIAWRONG" };
    const { code, out, err } = await place.landform(command);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(/^landform: AWS does not accept these credentials: [^\n]*\n$/),
    });
  });

  test.each(COMMANDS)("%s without a network says that in one line", async (command) => {
    place.env = { ...place.env, AWS_ENDPOINT_URL: "http://localhost:9" };
    const { code, out, err } = await place.landform(command);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(
        /^landform: AWS can't be reached [^\n]*ECONNREFUSED[^\n]*: check the network\n$/,
      ),
    });
  });

  test.each(COMMANDS.slice(1))("%s in another account changes nothing", async (command) => {
    place.env = await loggedIn(aws, DEV);
    const { code, out, err } = await place.landform(command);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: "",
      err: "landform: these credentials are of account 012345678904 (`dev`), but the stack sets of `acme` live in 300000000003 (`shared-services`): name a profile of that account with --profile\n",
    });
    expect([...aws.calls.keys()]).toEqual(["GetCallerIdentity"]);
  });

  test("bootstrap goes with credentials of any account of the spec, and of no other", async () => {
    place.env = await loggedIn(aws, DEV);
    expect((await place.landform("bootstrap", ...POLL)).code).toBe(0);
    place.env = await loggedIn(aws, "999999999999");
    const { code, err } = await place.landform("bootstrap");
    expect({ code, err }).toEqual({
      code: 2,
      err: "landform: these credentials are of account 999999999999, which is not in the spec: name a profile of one of its accounts with --profile\n",
    });
  });

  test("bootstrap makes the roles that services act by, once an account, and finds them there again", async () => {
    place.write(
      "specs/acme.yaml",
      `${place.read("specs/acme.yaml")}cluster: { environments: [dev, prod] }\n`,
    );
    await compile();
    const made = async () => {
      const { code, out } = await place.landform("bootstrap", ...POLL);
      expect(code).toBe(0);
      return out.match(/^service-linked .*$/gm);
    };
    expect(await made()).toEqual([
      "service-linked role of ecs.amazonaws.com in dev (012345678904): created",
      "service-linked role of ecs.amazonaws.com in prod (600000000006): created",
    ]);
    expect(await made()).toEqual([
      "service-linked role of ecs.amazonaws.com in dev (012345678904): unchanged",
      "service-linked role of ecs.amazonaws.com in prod (600000000006): unchanged",
    ]);
    const asked = aws.log.filter(({ action }) => action === "CreateServiceLinkedRole");
    expect(asked.map(({ account, params, outcome }) => [account, params.AWSServiceName, outcome])).toEqual([
      [DEV, "ecs.amazonaws.com", "ok"],
      [PROD, "ecs.amazonaws.com", "ok"],
      [DEV, "ecs.amazonaws.com", "InvalidInput"],
      [PROD, "ecs.amazonaws.com", "InvalidInput"],
    ]);
  });

  test("bootstrap prints the call for such a role too, by account", async () => {
    place.write(
      "specs/acme.yaml",
      `${place.read("specs/acme.yaml")}cluster: { environments: [dev, prod] }\n`,
    );
    await compile();
    await start({ roles: new Set([`arn:aws:iam::${DEV}:role/OrganizationAccountAccessRole`]) });
    const { code, out } = await place.landform("bootstrap", "--json", ...POLL);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      serviceLinkedRoles: [
        { service: "ecs.amazonaws.com", account: "dev", id: DEV, outcome: "created" },
        {
          service: "ecs.amazonaws.com",
          account: "prod",
          id: PROD,
          outcome: "unreachable",
          call: "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
        },
      ],
    });
    const { out: text } = await place.landform("bootstrap", ...POLL);
    expect(text).toMatch(
      /\n# prod \(600000000006\)\naws cloudformation deploy [^\n]*\naws iam create-service-linked-role --aws-service-name ecs\.amazonaws\.com\n/,
    );
    expect(text).toContain('whose name "has been taken in this account" is there already');
  });

  test("bootstrap does not wait for a change set that nobody executes", async () => {
    const admin = new CloudFormationClient({
      endpoint: aws.endpoint,
      region: "eu-west-1",
      credentials: await aws.credentialsFor(ADMIN),
    });
    const template = place.read("generated/acme/bootstrap-artifacts.yaml");
    await admin.send(
      new CreateChangeSetCommand({
        StackName: "acme-bootstrap-artifacts",
        ChangeSetName: "mine",
        ChangeSetType: "CREATE",
        TemplateBody: template,
      }),
    );
    const { code, out } = await place.landform("bootstrap", ...POLL);
    expect(code).toBe(1);
    expect(out).toContain(
      "acme-bootstrap-artifacts in shared-services (300000000003) eu-west-1: failed: a change set waits there",
    );
  });

  test("bootstrap prints the call for accounts that it can't reach", async () => {
    await start({ roles: new Set([`arn:aws:iam::${DEV}:role/OrganizationAccountAccessRole`]) });
    const { code, out } = await place.landform("bootstrap", ...POLL);
    expect(code).toBe(1);
    expect(out).toContain("acme-bootstrap-execution in dev (012345678904) eu-west-1: created\n");
    expect(out).toMatch(
      /acme-bootstrap-execution in prod \(600000000006\) eu-west-1: unreachable: AWS does not allow it/,
    );
    expect(out).toContain(
      "# prod (600000000006)\naws cloudformation deploy --region eu-west-1 --stack-name acme-bootstrap-execution --template-file generated/acme/bootstrap-execution.yaml --capabilities CAPABILITY_NAMED_IAM --tags landform:spec=acme --no-fail-on-empty-changeset\n",
    );
    expect(out.match(/^aws /gm)).toHaveLength(4);
  });

  test("a profile that is not there is named, also where the environment names it", async () => {
    place.env = { AWS_ENDPOINT_URL: aws.endpoint };
    const { code, err } = await place.landform("status", "--profile", "nobody");
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^landform: the profile `nobody` gives no AWS credentials: [^\n]*\n$/),
    });
    place.env = { ...place.env, AWS_PROFILE: "nobody" };
    const asked = await place.landform("status", "--json");
    expect(asked.code).toBe(2);
    expect(JSON.parse(asked.out)).toEqual({
      ok: false,
      message: expect.stringMatching(
        /^the profile `nobody`, which AWS_PROFILE names, gives no AWS credentials: /,
      ),
    });
  });

  test("before bootstrap, deploy says that it is missing", async () => {
    await start({ buckets: new Set() });
    expect(await deploy()).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no artifact bucket yet: run `landform bootstrap` first"),
    });
  });

  test.each([
    [["deploy", "-e", "dve"], "there is no environment `dve`: did you mean `dev`?"],
    [["deploy", "--only", "netwrk"], "there is no stack set `netwrk`: did you mean `network`?"],
    [["deploy", "--poll", "often"], "It is no number of seconds"],
  ])("%j is refused before AWS is asked", async (args, message) => {
    expect(await place.landform(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(aws.calls.size).toBe(0);
  });
});
