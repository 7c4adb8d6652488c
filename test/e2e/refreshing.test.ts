/** What stacks read at deploy time is read again: when it is asked for, and where it has become another one. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Aws, type AwsOptions, startAws } from "../aws/server.ts";
import type { MemoryStacks, StackState } from "../aws/stacks.ts";
import { loggedIn, type Workplace, workplace } from "../support/landform.ts";

const ADMIN = "300000000003";
const [DEV, STAGE, PROD] = ["012345678904", "500000000005", "600000000006"] as const;
const REGION = "eu-west-1";
const POLL = ["--poll", "0.02"];
/** What `keys` publishes and `network` reads. */
const KEY = "/acme/keys/logs-key-arn";

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
const operations = (name = "network") => [...(aws.stackSets.get(`acme-${name}`)?.operations.values() ?? [])];
const publish = (account: string, name: string, value: string) =>
  (aws.stacks as MemoryStacks).publish({ account, region: REGION }, name, value);

/** The stack of a stack set in an account. */
function stackIn(account: string, name = "network"): StackState {
  const { stackId = "" } = aws.stackSets.get(`acme-${name}`)?.instances.get(`${account}/${REGION}`) ?? {};
  return (aws.stacks as MemoryStacks).byId.get(stackId) as StackState;
}
/** What was asked about stack sets since; of lists of instances, by which filter. */
const askedSince = (from: number) =>
  aws.log
    .slice(from)
    .filter(({ params }) => params.StackSetName)
    .map(({ action, params }) => params["Filters.member.1.Name"] ?? action)
    .toSorted();
/** For each of two stack sets those that tell that it is unchanged: no list of all its instances is among them. */
const THREE_CALLS = ["DETAILED_STATUS", "DescribeStackSet", "ListStackSetOperations"].flatMap((call) => [
  call,
  call,
]);
/** How often something was asked since. */
const count = (from: number, action: string) =>
  aws.log.slice(from).filter((call) => call.action === action).length;
/** What a stack goes by. */
const read = (account: string) => stackIn(account).resolved.KeysLogsKeyArn;

describe("deploy --refresh", () => {
  test("updates stacks in which nothing differs, and a plain deploy then has nothing to do", async () => {
    await deploy();
    publish(DEV, KEY, "another key");
    expect(await deploy()).toMatchObject({ out: expect.stringContaining("2 unchanged") });
    expect(read(DEV)).not.toBe("another key");

    const before = aws.log.length;
    const refreshed = await deploy("--refresh");
    expect(refreshed).toMatchObject({
      code: 0,
      out: "specs/acme.yaml: 0 stack sets deployed, 2 refreshed, 0 unchanged\n",
      err: expect.stringMatching(/network: refresh SUCCEEDED \(landform-.*\n.*network: refreshed/),
    });
    expect(read(DEV)).toBe("another key");
    // In the others there was nothing to update, which is as good.
    expect([DEV, STAGE, PROD].map((account) => stackIn(account).updated !== undefined)).toEqual([
      true,
      false,
      false,
    ]);
    const updates = aws.log.slice(before).filter(({ action }) => action === "UpdateStackSet");
    expect(updates.map(({ params }) => [params.UsePreviousTemplate, params["Accounts.member.4"]])).toEqual([
      ["true", PROD],
      ["true", PROD],
    ]);

    const calls = aws.log.length;
    expect(await deploy()).toMatchObject({
      code: 0,
      out: expect.stringContaining("0 stack sets deployed, 2 unchanged"),
    });
    expect(askedSince(calls)).toEqual(THREE_CALLS);
    expect((await place.landform("plan")).out).toContain("nothing to do");
  });

  test("goes to one environment and one stack set, and not to what that depends on", async () => {
    await deploy();
    const { code, out } = await deploy("--refresh", "-e", "dev", "--only", "network");
    expect({ code, out }).toEqual({
      code: 0,
      out: "specs/acme.yaml: 0 stack sets deployed, 1 refreshed, 1 unchanged\n",
    });
    expect(operations("keys")).toHaveLength(1);
    expect([...(operations().at(-1)?.results.keys() ?? [])]).toEqual([`${DEV}/${REGION}`]);
    expect(await deploy()).toMatchObject({ code: 0, out: expect.stringContaining("2 unchanged") });
  });

  test("of what differs is a deploy like any other", async () => {
    await deploy("-e", "dev");
    const { out } = await deploy("--refresh");
    expect(out).toContain("2 stack sets deployed, 0 unchanged");
    expect(operations().map(({ action, results }) => [action, results.size])).toEqual([
      ["CREATE", 1],
      ["CREATE", 3],
      ["UPDATE", 1],
    ]);
    expect(await deploy()).toMatchObject({ code: 0, out: expect.stringContaining("2 unchanged") });
  });

  test("reads again as often as it is asked to", async () => {
    await deploy();
    for (const value of ["second", "third"]) {
      publish(DEV, KEY, value);
      expect((await deploy("--refresh")).code).toBe(0);
      expect(read(DEV)).toBe(value);
    }
    expect(operations()).toHaveLength(3);
  });

  test.each([
    [["--refresh"], "0 stack sets deployed, 1 refreshed, 0 unchanged"],
    [[], "0 stack sets deployed, 1 unchanged"],
  ])("that was killed is waited for by deploy %j, and not begun again", async (again, says) => {
    await deploy();
    aws.setInstanceMilliseconds(3_000);
    const run = place.start("deploy", ...POLL, "--refresh", "--only", "keys");
    while (operations("keys").length < 2) await sleep(5);
    run.child.kill("SIGKILL");
    await run.ended;
    const next = place.start("deploy", ...POLL, ...again, "--only", "keys");
    next.child.stderr?.on("data", (text: string) => {
      if (text.includes("what ran already")) aws.setInstanceMilliseconds(1);
    });
    expect(await next.ended).toMatchObject({ code: 0, out: expect.stringContaining(says) });
    expect(operations("keys").map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  test("whose answers are lost is one refresh all the same", async () => {
    await deploy();
    let lost = 0;
    aws.setFaults({
      onCall: ({ action }) =>
        action === "UpdateStackSet" && lost++ % 2 === 0 ? { kind: "reset", when: "after" } : undefined,
    });
    expect((await deploy("--refresh")).code).toBe(0);
    expect(lost).toBe(4);
    expect([...operations("keys"), ...operations()]).toHaveLength(4);
  });

  test("that fails in a stack is put right by the next deploy", async () => {
    await deploy();
    publish(PROD, KEY, "another key");
    aws.setFaults({ onInstance: ({ account }) => (account === PROD ? "no such key" : undefined) });
    expect(await deploy("--refresh", "--only", "network")).toMatchObject({
      code: 1,
      err: expect.stringContaining("in `prod`"),
    });
    aws.setFaults(undefined);
    expect(await deploy()).toMatchObject({ code: 0, out: expect.stringContaining("1 stack set deployed") });
    expect(read(PROD)).toBe("another key");
  });
});

describe("a deploy of what others read", () => {
  /** The keys are deployed next time, to all environments. */
  function outdateKeys(): void {
    const keys = aws.stackSets.get("acme-keys");
    if (keys) keys.template = `# older\n${keys.template}`;
  }

  test("refreshes, in the same run, the stacks that go by another value, says why, and no others", async () => {
    await deploy();
    outdateKeys();
    publish(DEV, KEY, "another key");
    const before = aws.log.length;
    const { code, out, err } = await deploy();
    expect({ code, out }).toEqual({
      code: 0,
      out: "specs/acme.yaml: 1 stack set deployed, 1 refreshed, 0 unchanged\nread again: network in dev, since keys/logs-key-arn is another one\n",
    });
    expect(err).toContain("network: dev reads again: keys/logs-key-arn is another one\n");
    expect(read(DEV)).toBe("another key");
    expect(operations().map(({ action, results }) => [action, [...results.keys()]])).toEqual([
      ["CREATE", expect.any(Array)],
      ["UPDATE", [`${DEV}/${REGION}`]],
    ]);
    expect(count(before, "GetParameters")).toBe(4);

    const calls = aws.log.length;
    expect(await deploy()).toMatchObject({ code: 0, out: expect.stringContaining("2 unchanged") });
    expect(askedSince(calls)).toEqual(THREE_CALLS);
    expect(count(calls, "AssumeRole")).toBe(0);
  });

  test("looks only where it was deployed, and leaves alone what goes by what is published", async () => {
    await deploy();
    outdateKeys();
    publish(PROD, KEY, "another key");
    const before = aws.log.length;
    expect(await deploy("-e", "dev")).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 stack set deployed, 1 unchanged"),
    });
    expect(count(before, "GetParameters")).toBe(1);
    expect(operations()).toHaveLength(1);
    expect(await deploy("-e", "prod", "--json")).toMatchObject({ code: 0 });
    expect(read(PROD)).toBe("another key");
  });

  test("is planned as what may have others read again", async () => {
    await deploy();
    outdateKeys();
    const { out } = await place.landform("plan", "-e", "dev,prod");
    expect(out).toMatch(/keys +new template\n +update, no resource changes +dev, prod\n/);
    expect(out).toMatch(
      /network +leave +shared-services, stage\n +leave, or refresh where it reads another value then +dev, prod\n/,
    );
    const { stackSets } = JSON.parse((await place.landform("plan", "-e", "dev", "--json")).out);
    expect(stackSets.map(({ mayRefresh }: { mayRefresh: string[] }) => mayRefresh)).toEqual([[], ["dev"]]);
  });

  const UNLOOKED =
    "what they read was deployed, and they may go by what it was before: network in dev (`landform drift --only network`)\n";

  test("without them says that they were not looked at, which the next one does not do either", async () => {
    const first = await deploy("--only", "keys");
    expect(first.err).not.toContain("they may go by what it was before");
    await deploy();
    outdateKeys();
    publish(DEV, KEY, "another key");
    const only = await deploy("--only", "keys", "-e", "dev");
    expect(only).toMatchObject({ code: 0, err: expect.stringContaining(UNLOOKED) });
    expect((await deploy()).err).not.toContain("dev reads again");
    expect((await place.landform("drift", ...POLL, "--only", "network")).code).toBe(4);
  });

  test("that ends as a failure says that they were not looked at", async () => {
    await deploy();
    outdateKeys();
    aws.setFaults({ onInstance: ({ account }) => (account === STAGE ? "no" : undefined) });
    const { code, err } = await deploy();
    expect(code).toBe(1);
    expect(err).toContain("not started, since what they depend on failed: network\n");
    expect(err).toContain("they may go by what it was before: network in shared-services, network in dev (");
  });

  test("tells machines what was read again", async () => {
    await deploy();
    outdateKeys();
    publish(DEV, KEY, "another key");
    const stale = [{ producer: "keys", output: "logs-key-arn", isCertain: true }];
    expect(JSON.parse((await deploy("--json")).out)).toMatchObject({
      specs: [
        {
          stackSets: { keys: "deployed", network: "refreshed" },
          readAgain: [{ stackSet: "network", in: "dev", stale }],
          notSeen: [],
        },
      ],
    });
  });

  test("that is interrupted says that they were not looked at, and the next one, which waits for it, looks", async () => {
    await deploy();
    outdateKeys();
    publish(DEV, KEY, "another key");
    aws.setInstanceMilliseconds(3_000);
    const run = place.start("deploy", ...POLL);
    while (operations("keys").length < 2) await sleep(5);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({
      code: 130,
      err: expect.stringContaining(
        "they may go by what it was before: network in shared-services, network in dev, ",
      ),
    });
    const next = place.start("deploy", ...POLL);
    next.child.stderr?.on("data", (text: string) => {
      if (text.includes("what ran already")) aws.setInstanceMilliseconds(1);
    });
    expect(await next.ended).toMatchObject({ code: 0, out: expect.stringContaining("1 refreshed") });
    expect(read(DEV)).toBe("another key");
  });

  test("does not fail where it may not look, and says so once", async () => {
    await start({
      roles: new Set(
        [ADMIN, DEV, STAGE, PROD].map((id) => `arn:aws:iam::${id}:role/acme-stack-set-execution`),
      ),
    });
    await deploy();
    outdateKeys();
    publish(DEV, KEY, "another key");
    const { code, out, err } = await deploy();
    expect({ code, out }).toEqual({
      code: 0,
      out: "specs/acme.yaml: 1 stack set deployed, 1 unchanged\n",
    });
    expect(err.match(/could not be seen/g)).toHaveLength(1);
    expect(err).toContain(
      "what they read was deployed, and whether they go by it could not be seen: network in shared-services, network in dev, network in stage, network in prod: AWS does not allow it",
    );
    expect(err).toContain("`landform deploy --refresh --only network` has them read again\n");
  });
});

describe("drift", () => {
  const drift = (...args: string[]) => place.landform("drift", ...POLL, ...args);

  test("shows who goes by older values, and what to do", async () => {
    await deploy();
    publish(DEV, KEY, "another key");
    publish(PROD, KEY, "another key");
    const { code, out, err } = await drift();
    expect({ code, out }).toEqual({
      code: 4,
      out: [
        "network in dev reads an older keys/logs-key-arn; `landform deploy --refresh --only network -e dev`\n",
        "network in prod reads an older keys/logs-key-arn; `landform deploy --refresh --only network -e prod`\n",
      ].join(""),
    });
    expect(err).toContain("network: goes by older values\n");
    expect((await drift("--only", "keys")).code).toBe(0);
    const json = await drift("--json", "--only", "network");
    expect(json.code).toBe(4);
    const value = { stackSet: "network", producer: "keys", output: "logs-key-arn", isCertain: true };
    expect(JSON.parse(json.out)).toEqual({
      ok: false,
      drifts: [],
      stale: [
        { ...value, place: "dev" },
        { ...value, place: "prod" },
      ],
      notSeen: [],
    });

    expect((await deploy("--refresh", "--only", "network")).code).toBe(0);
    expect(await drift()).toMatchObject({ code: 0, out: "everything is as it was deployed\n" });
  });

  test("shows that a dynamic reference may be older, where the parameter was written after the stack", async () => {
    await deploy();
    const network = aws.stackSets.get("acme-network");
    const template = `${network?.template}# {{resolve:ssm:${KEY}}}\n`;
    if (network) network.template = template;
    for (const account of [ADMIN, DEV, STAGE, PROD]) stackIn(account).template = template;
    expect((await drift("--only", "network")).code).toBe(0);
    publish(DEV, KEY, read(DEV) ?? "");
    expect(await drift("--only", "network")).toMatchObject({
      code: 0,
      out: "network in dev may read an older keys/logs-key-arn; `landform deploy --refresh --only network -e dev`\n",
    });
  });

  test("says what it could not see", async () => {
    await deploy();
    aws.setFaults({
      onCall: ({ action, account }) =>
        action === "GetParameters" && account === DEV ? { kind: "expired" } : undefined,
    });
    const { code, out } = await drift("--only", "network");
    expect(code).toBe(1);
    expect(out).toContain("not seen: network: the values in 012345678904 eu-west-1: ");
  });
});
