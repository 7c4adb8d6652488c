/** The audit: what no golden shows of its rules, and of a spec with many accounts. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import type { Component } from "../../compiler/component.ts";
import { audit } from "../../compiler/components/audit/index.ts";
import { GLOBAL_RULES, REGIONAL_RULES } from "../../compiler/components/audit/rule-list.ts";
import { baseline } from "../../compiler/components/baseline/index.ts";
import { schemaAt } from "../../compiler/schema.ts";
import { compileText, diagnosticsOf } from "../support/compile.ts";

const specOf = (accounts: number): string => `version: 1
name: demo
regions: [eu-west-1, eu-central-1]
accounts:
${Array.from({ length: accounts }, (_, index) => `  a${index}: { id: "${500_000_000_000 + index}", email: a${index}@demo.example }\n`).join("")}  security: { id: "333333333333", email: security@demo.example }
environments:
  dev: { account: a0, regions: [eu-west-1] }
`;

test("the schema knows the rules that can be left out, each by the name it has", () => {
  const { items } = schemaAt(["security", "audit", "rules", "without"]) ?? {};
  expect(items).toMatchObject({ enum: [...Object.keys(REGIONAL_RULES), ...Object.keys(GLOBAL_RULES)] });
});

test("no account has a row: there may be more of them than a mapping has", () => {
  const { assembly } = compileText(specOf(3));
  const own = assembly.stackSets.filter(({ provenance }) =>
    Object.values(provenance).every((path) => path[1] === "audit"),
  );
  expect(own.map(({ name, placements }) => [name, placements.length])).toEqual([
    ["trail", 4],
    ["recorder", 8],
    ["rules", 12],
    ["log-archive", 1],
    ["aggregator", 1],
    ["recorder-global", 4],
    ["rules-global", 4],
  ]);
  for (const { template } of own) expect(template.Mappings).toBeUndefined();
});

test("the archive says when its policy has no room for another account", () => {
  const found = compile(
    { spec: { file: "spec.yaml", text: specOf(330) }, ledger: { file: "spec.lock.yaml" } },
    [baseline as unknown as Component, audit as unknown as Component],
  );
  expect(diagnosticsOf(found)).toContain("`log-archive` has 19683 characters in a bucket policy; 797 more");
});
