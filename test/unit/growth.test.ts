/** What a change of the spec changes in the output, and what it leaves alone. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { originOf } from "../../compiler/architecture.ts";
import { compileText } from "../support/compile.ts";

const spec = readFileSync("test/support/six-accounts.yaml", "utf8");
const before = compileText(spec, { name: "acme" });
const { ledger } = before;

/** The lines that are only in one of two texts: `-` before, `+` after. */
function difference(file: string, changed: string): string[] {
  const { files } = compileText(changed, { name: "acme", ledger });
  const old = (before.files.get(file) as string).split("\n");
  const young = (files.get(file) as string).split("\n");
  return [
    ...subtract(old, young).map((line) => `- ${line.trim()}`),
    ...subtract(young, old).map((line) => `+ ${line.trim()}`),
  ];
}

function subtract(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

const withQa = (environment: string) =>
  spec
    .replace(
      "  dev:             { id",
      "  qa:              { id: 700000000007, email: qa@acme.example }\n  dev:             { id",
    )
    .replace(
      "  stage:           { account: stage }",
      `  qa:              ${environment}\n  stage:           { account: stage }`,
    );

test.each([
  ["dev", "{ account: qa, network: { azs: 2, nat: single } }"],
  ["prod", "{ account: qa }"],
])("an environment like %s, in the middle of the spec, adds rows and nothing else", (_, environment) => {
  for (const file of ["keys.yaml", "network.yaml"]) {
    const lines = difference(file, withQa(environment));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => !/^\+ (qa: \{|'700000000007': qa$)/.test(line))).toEqual([]);
  }
});

test("a third zone in dev turns its condition and moves nothing", () => {
  const grown = spec.replace(
    "dev:             { account: dev,   network: { azs: 2,",
    "dev:             { account: dev,   network: { azs: 3,",
  );
  expect(difference("network.yaml", grown)).toMatchInlineSnapshot(`
    [
      "- shared-services: {HasNatGateway2: 'false', HasZone3: 'false'}",
      "- dev: {HasNatGateway2: 'false', HasZone3: 'false'}",
      "- stage: {HasNatGateway2: 'true', HasZone3: 'true'}",
      "- prod: {HasNatGateway2: 'true', HasZone3: 'true'}",
      "- dev: {CidrBlock: 10.1.200.0/22} # not in use here",
      "- dev: {CidrBlock: 10.1.64.0/19} # not in use here",
      "- dev: {CidrBlock: 10.1.232.0/22} # not in use here",
      "- NatGatewayId: !Ref NatGateway3",
      "- Condition: HasZone3",
      "- Condition: HasZone3",
      "+ shared-services: {HasNatGateway2: 'false', HasZone3: 'false', HasNatGateway3: 'false'}",
      "+ dev: {HasNatGateway2: 'false', HasZone3: 'true', HasNatGateway3: 'false'}",
      "+ stage: {HasNatGateway2: 'true', HasZone3: 'true', HasNatGateway3: 'true'}",
      "+ prod: {HasNatGateway2: 'true', HasZone3: 'true', HasNatGateway3: 'true'}",
      "+ dev: {CidrBlock: 10.1.200.0/22}",
      "+ dev: {CidrBlock: 10.1.64.0/19}",
      "+ dev: {CidrBlock: 10.1.232.0/22}",
      "+ HasNatGateway3: !And",
      "+ - !Condition HasZone3",
      "+ - !Equals",
      "+ - !FindInMap [Conditions, !FindInMap [Placement, !Ref AWS::Region, !Ref AWS::AccountId], HasNatGateway3]",
      "+ - 'true'",
      "+ Condition: HasNatGateway3",
      "+ Condition: HasNatGateway3",
      "+ NatGatewayId: !If [HasNatGateway3, !Ref NatGateway3, !Ref NatGateway1]",
    ]
  `);
});

test("another order of environments changes nothing", () => {
  const lines = spec.split("\n");
  const at = lines.findIndex((line) => line.startsWith("  stage:") && line.includes("account:"));
  [lines[at], lines[at + 1]] = [lines[at + 1] as string, lines[at] as string];
  expect(difference("network.yaml", lines.join("\n"))).toEqual([]);
});

test("an environment that is gone leaves its range to nobody else", () => {
  const without = spec.replace(/ {2}dev: +\{ account: dev.*\n/, "");
  const gone = compileText(without, { name: "acme", ledger });
  expect(gone.ledger).toBe(ledger);
  expect(gone.files.get("network.yaml")).not.toContain("10.1.0.0/16");
});

test("closing an account removes its rows and moves nothing else; active again, all is as it was", () => {
  const closed = spec.replace("email: aws+stage@acme.example", "$&, status: closed");
  for (const file of ["keys.yaml", "network.yaml"]) {
    const lines = difference(file, closed);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => !/^- (stage: \{.*|'500000000005': stage)$/.test(line))).toEqual([]);
  }
  const role = difference("bootstrap-administration.yaml", closed);
  expect(role).toEqual([expect.stringMatching(/^- - !Sub .*500000000005:role/)]);
  expect(difference("bootstrap-execution.yaml", closed)).toEqual([]);
  const after = compileText(closed, { name: "acme", ledger });
  expect(after.ledger).toBe(ledger);
  expect(compileText(spec, { name: "acme", ledger: after.ledger }).files).toEqual(before.files);
});

test("null in an environment's own delta leaves the default, whether or not there is something to remove", () => {
  const bare = spec.replace(/^network: .*$/m, "");
  const removed = bare.replace(
    "stage:           { account: stage }",
    "stage: { account: stage, network: { flow-logs: ~, azs: ~ } }",
  );
  expect(compileText(removed, { name: "acme", ledger }).files).toEqual(
    compileText(bare, { name: "acme", ledger }).files,
  );
});

test("explain follows what decides: a delta that removes a map hides what it held", () => {
  const text = spec.replace(
    /^network: .*$/m,
    "network: { flow-logs: { traffic: reject }, in: { dev: { flow-logs: ~ } } }",
  );
  const { architecture } = compileText(text, { name: "acme", ledger });
  const origin = (environment: string) =>
    originOf(architecture.spec, ["network"], environment, ["flow-logs", "traffic"]);
  expect(origin("dev")).toEqual({ by: "schema", path: ["network", "flow-logs", "traffic"] });
  expect(origin("prod")).toEqual({ by: "spec", path: ["network", "flow-logs", "traffic"] });
});
