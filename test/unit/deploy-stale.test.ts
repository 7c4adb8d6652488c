/** Values that stacks go by though others are published by now. */
import { describe, expect, test } from "vitest";
import { describeStale, readAgain } from "../../cli/deploy/stale-values.ts";
import type { Aws } from "../../deploy/aws.ts";
import type { Difference } from "../../deploy/difference.ts";
import type { LiveInstance } from "../../deploy/live.ts";
import type { Manifest, Target } from "../../deploy/manifest.ts";
import { touchedBy } from "../../deploy/operation.ts";
import { readsFrom, unlookedReaders } from "../../deploy/readers.ts";
import { compareValues, lookForStale } from "../../deploy/stale.ts";
import { dynamicReferences, publishedAs } from "../../deploy/template.ts";
import type { EndedOperation } from "../../deploy/wait.ts";

const SPEC = { name: "acme" };
const SHARED = "arn:aws:ssm:eu-west-1:300000000003:parameter/acme/transit-gateway/transit-gateway-id";
const target = (id: string, region = "eu-west-1") => ({ id, region }) as Target;

describe("a published value", () => {
  test.each([
    ["/acme/network/vpc-id", { producer: "network", output: "vpc-id" }],
    [SHARED, { producer: "transit-gateway", output: "transit-gateway-id" }],
    ["/acme/store-main/replica/1", { producer: "store-main", output: "replica/1" }],
    ["/other/network/vpc-id", undefined],
    ["/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id", undefined],
    ["arn:aws:s3:::bucket/acme/network/vpc-id", undefined],
  ])("%s is known by its name", (name, expected) => {
    expect(publishedAs("acme", name)).toEqual(expected);
  });

  test("may be read by a dynamic reference, of which one with a version does not change", () => {
    const template =
      "{A: '{{resolve:ssm:/acme/a/b}}', B: !Sub 'x-{{resolve:ssm:/acme/a/b}}', C: '{{resolve:ssm:/acme/c/d:3}}'}";
    expect(dynamicReferences(template)).toEqual(["/acme/a/b"]);
  });
});

describe("a stack that reads", () => {
  const reader = (template: string) => ({ name: "api", template, dependsOn: ["network", "transit-gateway"] });
  const touched = new Map([
    ["network", new Set(["1/eu-west-1"])],
    ["transit-gateway", new Set(["300000000003/eu-west-1"])],
  ]);

  test("reads in its own account and Region", () => {
    const isReader = readsFrom(SPEC, reader("Default: /acme/network/vpc-id"), touched);
    expect([target("1"), target("1", "us-east-1"), target("2")].map(isReader)).toEqual([true, false, false]);
  });

  test("reads in another account what is named by its ARN", () => {
    const isReader = readsFrom(SPEC, reader(`Default: ${SHARED}`), touched);
    expect([target("1"), target("2")].map(isReader)).toEqual([true, true]);
  });

  test("reads of nothing that was not touched, nor its own values", () => {
    expect(readsFrom(SPEC, reader("Default: /acme/keys/key-arn"), touched)(target("1"))).toBe(false);
    const own = { ...reader("Name: /acme/network/vpc-id"), name: "network" };
    expect(readsFrom(SPEC, own, touched)(target("1"))).toBe(false);
  });
});

describe("a stack goes by", () => {
  const NAME = "/acme/network/vpc-id";
  const stack = (ResolvedValue: string, ParameterValue = NAME) => ({
    Parameters: [{ ParameterKey: "Vpc", ParameterValue, ResolvedValue }],
    CreationTime: new Date(1_000),
  });
  const compare = (
    of: Parameters<typeof compareValues>[2],
    name: string,
    published: { readonly Value: string; readonly LastModifiedDate?: Date },
    { own = "api", template = "" } = {},
  ) => compareValues(SPEC, { name: own, template }, of, new Map([[name, published]]));
  const vpc = { producer: "network", output: "vpc-id" };

  test("what is published", () => {
    expect(compare(stack("vpc-1"), NAME, { Value: "vpc-1", LastModifiedDate: new Date(9_000) })).toEqual([]);
  });

  test("an older value", () => {
    expect(compare(stack("vpc-1"), NAME, { Value: "vpc-2" })).toEqual([{ ...vpc, isCertain: true }]);
    expect(compare(stack("tgw-1", SHARED), SHARED, { Value: "tgw-2" })).toEqual([
      { producer: "transit-gateway", output: "transit-gateway-id", isCertain: true },
    ]);
  });

  test("its own values", () => {
    expect(compare(stack("vpc-1"), NAME, { Value: "vpc-2" }, { own: "network" })).toEqual([]);
  });

  test("perhaps an older value, where a dynamic reference was written after it", () => {
    const template = `{{resolve:ssm:${NAME}}}`;
    const at = (time: number) => ({ Value: "vpc-2", LastModifiedDate: new Date(time) });
    const created = { CreationTime: new Date(1_000) };
    const updated = { ...created, LastUpdatedTime: new Date(5_000) };
    expect(compare(created, NAME, at(2_000), { template })).toEqual([{ ...vpc, isCertain: false }]);
    expect(compare(updated, NAME, at(2_000), { template })).toEqual([]);
    expect(compare(updated, NAME, at(6_000), { template })).toEqual([{ ...vpc, isCertain: false }]);
    expect(compare(created, NAME, at(2_000))).toEqual([]);
  });
});

test("what is another one is said in a line", () => {
  const value = (output: string, isCertain = true) => ({ producer: "store-sessions", output, isCertain });
  expect(describeStale([value("address")])).toBe("store-sessions/address is another one");
  expect(describeStale([value("address"), value("port"), value("replica-1-address", false)])).toBe(
    "store-sessions/address, store-sessions/port are others; store-sessions/replica-1-address may be another one",
  );
});

describe("who was not looked at", () => {
  const stackSet = (name: string, template: string, dependsOn: string[]) => ({
    name,
    template,
    dependsOn,
    targets: [target("1"), target("2"), target("3")],
  });
  const manifest = {
    name: "acme",
    stackSets: [
      stackSet("network", "", []),
      stackSet("api", "Default: /acme/network/vpc-id", ["network"]),
      stackSet("worker", "Default: /acme/network/vpc-id", ["network"]),
    ],
  } as unknown as Manifest;
  const network = (action: "UPDATE" | "CREATE") =>
    ({ stackSet: "network", outcome: "deployed", touched: new Map([["1/eu-west-1", action]]) }) as const;
  const unlooked = (...results: Parameters<typeof unlookedReaders>[1]) =>
    unlookedReaders(manifest, results, ({ id }) => id !== "3").map(
      (one) => `${one.stackSet} in ${one.target.id}`,
    );

  test("reads what was updated, and was not meant, or not come to", () => {
    expect(unlooked(network("UPDATE"), { stackSet: "api", outcome: "not-started" })).toEqual([
      "api in 1",
      "worker in 1",
    ]);
    expect(unlooked(network("UPDATE"), { stackSet: "api", outcome: "unchanged" })).toEqual(["worker in 1"]);
  });

  test("was to read again, and a stack before it failed", () => {
    const stale = [{ producer: "network", output: "vpc-id", isCertain: true }];
    const refresh = { target: manifest.stackSets[1]?.targets[0], change: { kind: "refresh", stale } };
    const difference = { instances: [refresh] } as unknown as Difference;
    const api = { stackSet: "api", outcome: "failed", difference } as const;
    const touched = new Map([["1/eu-west-1", "UPDATE"]] as const);
    expect(unlooked(network("UPDATE"), api)).toEqual(["api in 1", "worker in 1"]);
    expect(unlooked(network("UPDATE"), { ...api, touched })).toEqual(["worker in 1"]);
    expect(readAgain(manifest, [{ ...api, failures: [] }])).toEqual([]);
    expect(readAgain(manifest, [{ ...api, failures: [], touched }])).toMatchObject([
      { stackSet: "api", stale },
    ]);
  });

  test("failed before anything was looked at", () => {
    expect(unlooked(network("UPDATE"), { stackSet: "api", outcome: "failed" })).toContain("api in 1");
  });

  test("reads of another account, whose environment was not meant", () => {
    const text = "Default: arn:aws:ssm:eu-west-1:111111111111:parameter/acme/network/vpc-id";
    const shared = { name: "acme", stackSets: [stackSet("api", text, ["network"])] } as unknown as Manifest;
    const touched = new Map([["111111111111/eu-west-1", "UPDATE"]] as const);
    const results = [
      { stackSet: "network", outcome: "deployed", touched },
      { stackSet: "api", outcome: "unchanged" },
    ] as const;
    const unlookedAt = unlookedReaders(shared, results, ({ id }) => id !== "3");
    expect(unlookedAt.map((one) => one.target.id)).toEqual(["3"]);
  });

  test("reads nothing that was only made now", () => {
    expect(unlooked(network("CREATE"))).toEqual([]);
  });
});

describe("a look at a stack", () => {
  const names = Array.from({ length: 12 }, (_, index) => `/acme/network/value-${index}`);
  const parameters = [...names, SHARED].map((ParameterValue) => ({ ParameterValue, ResolvedValue: "old" }));
  const aws = (asked: string[][], shared: () => object) => ({
    cloudFormation: () => ({
      send: async () => ({ Stacks: [{ Parameters: parameters, CreationTime: new Date(1_000) }] }),
    }),
    parameters: () => ({
      send: async ({ input: { Names } }: { input: { Names: string[] } }) => {
        asked.push(Names);
        return Names[0] === SHARED ? shared() : { Parameters: Names.map((Name) => ({ Name, Value: "new" })) };
      },
    }),
  });
  const look = (asked: string[][], shared: () => object) =>
    lookForStale(
      aws(asked, shared) as unknown as Aws,
      { name: "acme", administration: { inspectionRole: "acme-inspection" } } as unknown as Manifest,
      { name: "api", template: "" },
      { id: "1", region: "eu-west-1", stackId: "stack" } as unknown as LiveInstance,
    );

  test("asks for ten names a call, and for what another account shares by itself", async () => {
    const asked: string[][] = [];
    // Such a one is answered by its name, which one of the account's own may have too.
    const { stale, blind } = await look(asked, () => ({
      Parameters: [{ Name: names[0], ARN: SHARED, Value: "new" }],
    }));
    expect(asked.map((call) => call.length)).toEqual([10, 2, 1]);
    expect(stale).toHaveLength(13);
    expect(blind).toBeUndefined();
  });

  test("tells of the rest what it sees where something is shared no more", async () => {
    const { stale, blind } = await look([], () => {
      throw Object.assign(new Error("is not authorized to perform: ssm:GetParameters"), {
        name: "AccessDeniedException",
        $metadata: { httpStatusCode: 400 },
      });
    });
    expect(stale).toHaveLength(12);
    expect(blind).toContain("is not authorized");
  });
});

test("an operation touches the stacks that it has updated or made", () => {
  const result = (id: string, status = "SUCCEEDED") => ({ id, region: "eu-west-1", status, reason: "" });
  const operation = (action: string, ...results: ReturnType<typeof result>[]) =>
    ({ operation: { action }, results }) as unknown as EndedOperation;
  const ended = [
    operation("CREATE", result("1"), result("2", "FAILED")),
    operation("DETECT_DRIFT", result("3")),
    operation("DELETE", result("4")),
    operation("UPDATE", result("5"), result("6", "CANCELLED")),
  ];
  expect([...touchedBy(ended)]).toEqual([
    ["1/eu-west-1", "CREATE"],
    ["5/eu-west-1", "UPDATE"],
  ]);
});
