/** Secrets: an empty one for each name that is demanded, where it is demanded. */
import { expect, test } from "vitest";
import { secrets } from "../../compiler/components/secrets/index.ts";
import { secretOutput, secretsOutputs } from "../../compiler/components/secrets/outputs.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import { parameterName } from "../../compiler/stack.ts";
import { compileText } from "../support/compile.ts";
import { demanding } from "../support/demanding.ts";
import { expectLaw } from "../support/law.ts";

const components = [secrets, demanding];

const spec = (services: string) => `
version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "222222222222", email: dev@demo.example }
  prod: { id: "333333333333", email: prod@demo.example }
  qa: { id: "444444444444", email: qa@demo.example }
environments: { dev: { account: dev }, prod: { account: prod }, qa: { account: qa } }
services:
${services}`;

const compiled = (services: string) => {
  const result = compileText(spec(services), { components });
  expectLaw(result);
  return result;
};
/** The names of the secrets in an account, and of what is published of them. */
function namesIn(services: string, account: string): unknown[] {
  const template = compiled(services).assembly.stackSets[0]?.template;
  if (!template) return [];
  const { Resources } = specialise(template, { account, region: "eu-west-1" });
  return Object.values(Resources).flatMap(({ Properties }) => Properties.Name ?? []);
}

const API_AND_WORKER = `
  api: { image: acme/api, version: "1", secrets: [stripe-key, mail-key], environments: [dev, prod] }
  worker: { image: acme/worker, version: "1", secrets: [stripe-key], environments: [prod], in: { prod: { secrets: [stripe-key, key] } } }
`;

test("each placement has those that are demanded in it", () => {
  expect(namesIn(API_AND_WORKER, "222222222222")).toEqual([
    "/demo/secrets/key-arn",
    ...["demo/mail-key", "/demo/secrets/mail-key-secret-arn"],
    ...["demo/stripe-key", "/demo/secrets/stripe-key-secret-arn"],
  ]);
  expect(namesIn(API_AND_WORKER, "333333333333")).toEqual([
    "/demo/secrets/key-arn",
    ...["demo/key", "/demo/secrets/key-secret-arn"],
    ...["demo/mail-key", "/demo/secrets/mail-key-secret-arn"],
    ...["demo/stripe-key", "/demo/secrets/stripe-key-secret-arn"],
  ]);
});

test("where none is demanded there is no stack", () => {
  const places = compiled(API_AND_WORKER).assembly.stackSets.flatMap(({ placements }) => placements);
  expect(places.map(({ environment }) => environment)).toEqual(["dev", "prod"]);
  expect(compiled(`  api: { image: acme/api, version: "1" }`).assembly.stackSets).toEqual([]);
});

test("a secret has no value, and a condition where only some placements have it", () => {
  const { Resources, Conditions } = compiled(API_AND_WORKER).assembly.stackSets[0]?.template ?? {};
  expect(Object.keys(Conditions ?? {})).toEqual(["HasKey"]);
  expect(JSON.parse(JSON.stringify(Resources?.KeySecret))).toEqual({
    Type: "AWS::SecretsManager::Secret",
    Condition: "HasKey",
    DeletionPolicy: "RetainExceptOnCreate",
    UpdateReplacePolicy: "Retain",
    Properties: {
      Name: "demo/key",
      Description: "Filled in by hand, by put-secret-value",
      KmsKeyId: { "Fn::GetAtt": ["Key", "Arn"] },
    },
  });
  expect(Resources?.KeySecretArnParameter?.Condition).toBe("HasKey");
  expect(Resources?.StripeKeySecret?.Condition).toBeUndefined();
});

test("it is published by its name, beside the key", () => {
  expect(parameterName("demo", secretOutput("stripe-key"))).toBe("/demo/secrets/stripe-key-secret-arn");
  expect(parameterName("demo", secretsOutputs.keyArn)).toBe("/demo/secrets/key-arn");
});

test("it comes from the first line that names it", () => {
  const { provenance } = compiled(API_AND_WORKER).assembly.stackSets[0] ?? {};
  expect(provenance?.StripeKeySecret).toEqual(["services", "api", "secrets", 0]);
  expect(provenance?.KeySecret).toEqual(["services", "worker", "in", "prod", "secrets", 1]);
});
