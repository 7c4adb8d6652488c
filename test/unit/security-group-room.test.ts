/** Security groups take so many rules: what many use, and load balancers that lead to many, run out of them. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { diagnosticsOf } from "../support/compile.ts";

/** What is said about so many services behind the internal load balancer, and as many that use one of them and a store. */
function saidAbout(count: number, more = ""): string[] {
  const services = Array.from(
    { length: count },
    (_, index) => `  behind-${index}: { image: acme/web, version: "1", port: 80, internal: /${index}/* }
  user-${index}: { image: acme/web, version: "1", uses: [behind-0, behind-1, sessions] }
`,
  );
  const text = `version: 1
name: demo
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: aws+dev@demo.example } }
environments: { dev: { account: dev, domain: demo.example } }
domains: { demo.example: { environment: dev } }
stores: { sessions: { engine: memcached } }
services:
${services.join("")}${more}`;
  return diagnosticsOf(compile({ spec: { file: "spec.yaml", text }, ledger: { file: "spec.lock.yaml" } }))
    .split("\n")
    .filter((line) => line.startsWith("spec.yaml"));
}

test("where there is room, nothing is said", () => {
  expect(saidAbout(47)).toEqual([]);
});

test("near the limit, the headroom is said, of each group", () => {
  expect(saidAbout(49)).toEqual([
    "spec.yaml:5:17 warning limit-near: the internal load balancer of `dev` has 50 rules in its security group; 10 more are allowed",
    "spec.yaml:5:17 warning limit-near: the security group of the internal load balancer in `dev` has 49 rules for those who use it; 11 more are allowed",
    "spec.yaml:7:11 warning limit-near: the security group of the store `sessions` in `dev` has 49 rules for those who use it; 11 more are allowed",
  ]);
});

test("the VPN takes a rule of the internal load balancer too", () => {
  const said = saidAbout(49, "vpn: { environment: dev, reaches: [] }\n");
  expect(said).toContain(
    "spec.yaml:5:17 warning limit-near: the security group of the internal load balancer in `dev` has 50 rules for those who use it; 10 more are allowed",
  );
});

test("over the quota, it says so", () => {
  const said = saidAbout(61);
  expect(said.map((line) => line.replace(/.*(warning [\w-]+).* has (\d+).*/, "$1: $2"))).toEqual([
    "warning limit-exceeded: 62",
    "warning limit-exceeded: 61",
    "warning limit-exceeded: 61",
  ]);
});
