/** Of what our own templates let others reach, people are told only where these are in none of the spec's accounts. */
import { expect, test } from "vitest";
import { addAnalyzer } from "../../compiler/components/baseline/analyzer.ts";
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import { Stack } from "../../compiler/stack.ts";
import { deploy, type Resource } from "../reachability/deployment.ts";
import { placedTemplates } from "../reachability/placed.ts";
import { compileText } from "../support/compile.ts";
import { compileSource, sources } from "../support/everything.ts";

const [acme] = sources().filter(({ id }) => id === "specs/acme");
if (!acme) throw new Error("there is no reference architecture");
const resources = deploy(placedTemplates(compileSource(acme)));

/** Whose policies Access Analyzer reads: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html */
const READ =
  /^AWS::(IAM::Role|KMS::Key|S3::BucketPolicy|ECR::Repository|SecretsManager::ResourcePolicy|SNS::TopicPolicy|SQS::QueuePolicy)$/;

test("nobody outside is let in but CircleCI", () => {
  const told = resources
    .filter(({ type }) => READ.test(type))
    .flatMap((resource) =>
      principalsOf(resource.properties)
        .filter((principal) => accountOf(principal) !== resource.account && !isArchived(resource, principal))
        .map((principal) => `${resource.stack} ${principal}`),
    );
  expect(new Set(told)).toEqual(new Set(["ci <shared-services ci IdentityProvider>"]));
});

/** Whom statements allow something, but for services of AWS's. */
function principalsOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(principalsOf);
  if (!isJsonObject(value)) return [];
  if (value.Effect !== "Allow" || value.Principal === undefined)
    return Object.values(value).flatMap(principalsOf);
  if (!isJsonObject(value.Principal)) return [String(value.Principal)];
  const { AWS = [], Federated = [] } = value.Principal;
  return [AWS, Federated].flat().map(String);
}

const accountOf = (principal: string): string | undefined => /^arn:aws:iam::(\d+):/.exec(principal)?.[1];

/** Whether the analyzer of the resource's account and Region archives a finding, whichever way it names who it is about. */
function isArchived({ account, region }: Resource, principal: string): boolean {
  const [analyzer] = resources.filter(
    (other) =>
      other.type === "AWS::AccessAnalyzer::Analyzer" && other.account === account && other.region === region,
  );
  const rules = (analyzer?.properties.ArchiveRules ?? []) as JsonObject[];
  return [principal, accountOf(principal) ?? principal].every((name) =>
    rules.some(({ Filter }) =>
      (Filter as JsonObject[]).every(
        ({ Eq = [], Contains = [] }) =>
          (Eq as string[]).includes(name) || (Contains as string[]).some((part) => name.includes(part)),
      ),
    ),
  );
}

test("however many accounts there are, each is in a criterion that has room for it", () => {
  const ids = Array.from({ length: 41 }, (_, index) => String(100000000001 + index));
  const accounts = ids.map((id) => `  a${id}: { id: "${id}", email: aws+${id}@demo.example }`);
  const { architecture } = compileText(
    [
      "version: 1",
      "name: demo",
      "regions: [eu-west-1]",
      `environments: { dev: { account: a${ids[0]} } }`,
      "accounts:",
      ...accounts,
    ].join("\n"),
  );
  const stack = new Stack("demo", "baseline", "", []);
  addAnalyzer(stack, "demo", architecture);
  const [analyzer] = stack.build().resources;
  const rules = (analyzer?.properties.ArchiveRules ?? []) as unknown as JsonObject[];
  const filters = rules.flatMap(({ Filter }) => Filter as JsonObject[]);
  expect(new Set(rules.map(({ RuleName }) => RuleName)).size).toBe(6);
  expect(filters.flatMap(({ Eq = [] }) => Eq)).toEqual(ids);
  expect(filters.flatMap(({ Contains = [] }) => Contains)).toEqual(ids.map((id) => `::${id}:`));
  for (const { Eq = [], Contains = [] } of filters)
    expect([...(Eq as string[]), ...(Contains as string[])].length).toBeLessThanOrEqual(20);
});
