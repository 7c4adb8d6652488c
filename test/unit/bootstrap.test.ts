/** What deploying relies on in the bootstrap stacks: names that agree, and roles that can do no more than they should. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { STACK_SETS_FILE } from "../../compiler/output/files.ts";
import { compileText } from "../support/compile.ts";

const { assembly, files } = compileText(`version: 1
name: demo
regions: [eu-west-1, eu-south-2]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
  old: { id: "333333333333", email: old@demo.example, status: closed }
environments:
  dev: { account: dev }
  prod: { account: prod }
`);

/** The properties of a resource as they are in an account and Region, so far as they are known before it is deployed. */
function propertiesOf(stack: string, logicalId: string, account = "111111111111", region = "eu-west-1") {
  const template = assembly.bootstrap.find(({ key }) => key === stack)?.template;
  const known: Record<string, string> = { Partition: "aws", AccountId: account, Region: region };
  const text = JSON.stringify(template?.Resources[logicalId]?.Properties).replace(
    /\$\{AWS::(\w+)\}/g,
    (_, name) => known[name] as string,
  );
  return JSON.parse(text, (_, value) => value?.["Fn::Sub"] ?? value);
}

/** Every statement of a role's own policies. */
const statementsOf = (logicalId: string, stack = "execution"): Statement[] =>
  propertiesOf(stack, logicalId).Policies.flatMap(
    ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
  );

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

test("the names that deploying reads are those of the templates", () => {
  const { administration, bootstrap, stackSets } = parse(files.get(STACK_SETS_FILE) as string);
  for (const [region, bucket] of Object.entries(administration.artifacts)) {
    expect(propertiesOf("artifacts", "ArtifactsBucket", administration.id, region).BucketName).toBe(bucket);
  }
  expect(Object.keys(administration.artifacts)).toEqual(["eu-west-1", "eu-south-2"]);
  expect(Object.keys(bootstrap)).toEqual(["administration", "execution", "artifacts"]);
  expect(propertiesOf("execution", "InspectionRole").RoleName).toBe(administration.inspectionRole);
  const { AdministrationRoleARN, ExecutionRoleName } = stackSets.keys;
  const { RoleName } = propertiesOf("administration", "AdministrationRole");
  expect(AdministrationRoleARN).toBe(`arn:aws:iam::${administration.id}:role/${RoleName}`);
  expect(propertiesOf("execution", "ExecutionRole").RoleName).toBe(ExecutionRoleName);
  expect(propertiesOf("execution", "ExecutionRole").AssumeRolePolicyDocument.Statement).toEqual([
    { Effect: "Allow", Principal: { AWS: AdministrationRoleARN }, Action: "sts:AssumeRole" },
  ]);
  expect(statementsOf("AdministrationRole", "administration")).toEqual([
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Resource: ["111111111111", "222222222222"].map(
        (account) => `arn:aws:iam::${account}:role/${ExecutionRoleName}`,
      ),
    },
  ]);
});

test("whoever inspects can look, and change only what a look leaves behind", () => {
  const writing = statementsOf("InspectionRole").flatMap(({ Action, Resource }) =>
    [Action]
      .flat()
      .filter((action) => !/^(\w+:(Describe|Get|List)\w+|kms:Decrypt)$/.test(action))
      .map((action) => [action, Resource]),
  );
  const stacks = (prefix: string) => `arn:aws:cloudformation:*:111111111111:stack/${prefix}-demo-*/*`;
  expect(writing).toEqual([
    ["cloudformation:CreateChangeSet", [stacks("StackSet"), stacks("landform-preview")]],
    ["cloudformation:DeleteChangeSet", [stacks("StackSet"), stacks("landform-preview")]],
    ["cloudformation:DeleteStack", stacks("landform-preview")],
  ]);
});

test("no policy knows a closed account", () => {
  for (const { template } of assembly.bootstrap) {
    expect(JSON.stringify(template)).not.toContain("333333333333");
  }
});
