/** What a load balancer takes: rules and target groups, with the headroom said before they are used up. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";

/** What is said of limits, but for those of security groups, where so many services have so many paths each, and are deployed by a strategy. */
function saidOf(services: number, paths: number, strategy = "rolling"): string[] {
  const lines = Array.from({ length: services }, (_, index) => {
    const own = Array.from({ length: paths }, (_, path) => `/s${index}/p${path}`);
    return `  s${index}: { image: acme/s, version: "1", port: 80, internal: [${own.join(", ")}], deploy: ${strategy} }`;
  });
  const text = `version: 1
name: limits
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: a@limits.example } }
environments: { dev: { account: dev, domain: limits.example } }
domains: { limits.example: { environment: dev } }
services:
${lines.join("\n")}
`;
  const { diagnostics } = compile({
    spec: { file: "limits.yaml", text },
    ledger: { file: "limits.lock.yaml" },
  });
  return diagnostics
    .filter(({ code, message }) => code.startsWith("limit-") && !message.includes("security group"))
    .map(({ message }) => message);
}

test("far from the limits, nothing is said", () => {
  expect(saidOf(30, 2)).toEqual([]);
});

test("paths count as rules, and services as target groups", () => {
  expect(saidOf(45, 2)).toEqual([
    "the internal load balancer of `dev` has 90 listener rules; 10 more are allowed",
  ]);
  expect(saidOf(102, 1)).toEqual([
    "the internal load balancer of `dev` has 102 listener rules; at most 100 are allowed, unless AWS has raised the account's quota",
    "the internal load balancer of `dev` has 102 target groups; at most 100 are allowed, unless AWS has raised the account's quota",
  ]);
});

test("who is deployed in stages has two target groups", () => {
  expect(saidOf(51, 1, "blue-green")).toEqual([
    "the internal load balancer of `dev` has 102 target groups; at most 100 are allowed, unless AWS has raised the account's quota",
  ]);
});
