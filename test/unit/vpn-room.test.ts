/** The security group of the VPN's server has a rule for each private subnet that clients get to. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { diagnosticsOf } from "../support/compile.ts";

/** What is said where the VPN reaches so many environments, each of three zones, as its own is. */
function saidAbout(count: number): string[] {
  const names = Array.from({ length: count }, (_, index) => `env-${index}`);
  const each = (line: (name: string, index: number) => string) => names.map(line).join("\n");
  const text = `version: 1
name: demo
regions: [eu-west-1]
vpn: { environment: hub, reaches: [${names}] }
accounts:
  hub: { id: "100000000000", email: hub@demo.example }
${each((name, index) => `  ${name}: { id: "${200000000000 + index}", email: ${name}@demo.example }`)}
environments:
  hub: { account: hub }
${each((name) => `  ${name}: { account: ${name} }`)}
`;
  return diagnosticsOf(compile({ spec: { file: "spec.yaml", text }, ledger: { file: "spec.lock.yaml" } }))
    .split("\n")
    .filter((line) => line.startsWith("spec.yaml"));
}

test("where there is room, nothing is said", () => {
  expect(saidAbout(14)).toEqual([]);
});

test("near the limit the headroom is said, and over it there is an error", () => {
  expect(saidAbout(16)).toEqual([
    "spec.yaml:4:26 warning limit-near: the security group of the VPN's server has 53 rules for where clients get to; 7 more are allowed",
  ]);
  expect(saidAbout(19)).toEqual([
    "spec.yaml:4:26 error limit-exceeded: the security group of the VPN's server has 62 rules for where clients get to; at most 60 are allowed",
  ]);
});
