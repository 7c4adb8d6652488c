/** When a function that changes in stages gets another version: whenever, and only when, Lambda would make one. */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { expect, test } from "vitest";
import { compileText } from "../support/compile.ts";

const VERSION = loadAwsServiceSpecSync()
  .lookup("resource", "cloudFormationType", "equals", "AWS::Lambda::Version")
  .only();

/** What the version is for CloudFormation, where the function is as this says. */
function versionOf(settings: string): Readonly<Record<string, unknown>> {
  const { assembly } = compileText(`
version: 1
name: demo
regions: [eu-west-1]
accounts: { main: { id: "111111111111", email: a@demo.example } }
environments: { main: { account: main } }
functions: { report: { deploy: { strategy: canary }, ${settings} } }
`);
  const stackSet = assembly.stackSets.find(({ name }) => name === "function-report");
  return stackSet?.template.Resources.Version?.Properties as Readonly<Record<string, unknown>>;
}

const before = versionOf("code: before");

test.each([
  ["code", "code: after"],
  ["memory", "code: before, memory: 1024"],
  ["a variable", "code: before, variables: { MODE: fast }"],
])("other %s: another version", (_, settings) => {
  const after = versionOf(settings);
  const changed = Object.keys(before).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  expect(changed.map((key) => VERSION.properties[key]?.causesReplacement)).toContain("yes");
});

test.each([
  ["concurrency", "code: before, concurrency: 5"],
  ["retention of logs", "code: before, log-retention-days: 30"],
])("other %s: the same version", (_, settings) => {
  expect(versionOf(settings)).toEqual(before);
});
