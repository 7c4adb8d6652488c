/** What a linter finds in a template is shown at the line of the spec that it comes from. */
import { expect, test } from "vitest";
import { everyTemplate, lintDiagnostic, lintEverywhere } from "../../cli/lint.ts";
import { compile } from "../../compiler/compile.ts";
import type { Component } from "../../compiler/component.ts";
import { templateFile } from "../../compiler/output/files.ts";
import { Stack } from "../../compiler/stack.ts";
import { diagnosticsOf } from "../support/compile.ts";

const TEXT = `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
network:
  flow-logs: { retention-days: 7 }
`;

/** A component that makes what CloudFormation would refuse: everywhere, and in prod alone. */
const wrong: Component = {
  path: ["network"],
  build({ name, placement }) {
    const stack = new Stack(name, "wrong", "What CloudFormation refuses", ["network"]);
    const from = ["network", "flow-logs", "retention-days"];
    stack.add("AWS::Logs::LogGroup", "Everywhere", { RetentionInDays: 6 }, { from });
    stack.add("AWS::Logs::LogGroup", "Somewhere", {
      RetentionInDays: placement.environment === "prod" ? 8 : 7,
    });
    return [stack.build()];
  },
};

test("a finding names the rule, the resource and the placements, at its line of the spec", async () => {
  const compilation = compile(
    { spec: { file: "demo.yaml", text: TEXT }, ledger: { file: "demo.lock.yaml" } },
    [wrong],
  );
  const template = compilation.result && everyTemplate(compilation.result.assembly).at(-1);
  if (!compilation.result || !template) throw new Error(diagnosticsOf(compilation));
  const body = compilation.result.files.get(templateFile(template.name)) as string;
  const diagnostics = (await lintEverywhere(template, body)).map((finding) =>
    lintDiagnostic(finding, template),
  );
  expect(diagnosticsOf({ ...compilation, diagnostics })).toMatchInlineSnapshot(`
    "demo.yaml:10:1 error lint: W3030 8 is not one of [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] (wrong.yaml, Somewhere; in prod)
         |
      10 | network:
         | ^^^^^^^

    demo.yaml:11:16 error lint: W3030 6 is not one of [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] (wrong.yaml, Everywhere)
         |
      11 |   flow-logs: { retention-days: 7 }
         |                ^^^^^^^^^^^^^^

    "
  `);
});
