/** When a function that changes in stages gets another version: whenever, and only when, Lambda would make one. */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { expect, test } from "vitest";
import { compileText } from "../support/compile.ts";

const VERSION = loadAwsServiceSpecSync()
  .lookup("resource", "cloudFormationType", "equals", "AWS::Lambda::Version")
  .only();

/** What the version is for CloudFormation, where the function is as this says. */
function versionOf(settings: string, override = ""): Readonly<Record<string, unknown>> {
  const { assembly } = compileText(`
version: 1
name: demo
regions: [eu-west-1]
accounts: { main: { id: "111111111111", email: a@demo.example } }
environments: { main: { account: main } }
functions: { report: { deploy: { strategy: canary }, ${settings} } }
${override && `overrides: { function-report: { ${override} } }`}
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
  ["something in the function", "Function: { Properties: { RecursiveLoop: Allow } }"],
  ["something within", "Function: { Properties: { LoggingConfig: { LogFormat: Text } } }"],
  ["the version itself", "Version: { Properties: { Description: by hand } }"],
])("overridden is %s: another version", (_, override) => {
  expect(versionOf("code: before", override).Description).not.toBe(before.Description);
});

test("a version that is described by hand keeps that description", () => {
  const override =
    "Function: { Properties: { RecursiveLoop: Allow } }, Version: { Properties: { Description: by hand } }";
  expect(versionOf("code: before", override).Description).toBe("by hand");
});

test.each([
  ["concurrency", "Function: { Properties: { ReservedConcurrentExecutions: 5 } }"],
  ["another resource", "LogGroup: { Properties: { RetentionInDays: 30 } }"],
])("overridden is %s: the same version", (_, override) => {
  expect(versionOf("code: before", override)).toEqual(before);
});

test.each([
  ["concurrency", "code: before, concurrency: 5"],
  ["retention of logs", "code: before, log-retention-days: 30"],
])("other %s: the same version", (_, settings) => {
  expect(versionOf(settings)).toEqual(before);
});
