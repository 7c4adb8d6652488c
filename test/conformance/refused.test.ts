/** What services refuse although it conforms to every schema. */
import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import { expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import { everything, type PlainTemplate } from "../support/everything.ts";

const database = loadAwsServiceSpecSync();

/** The properties that identify a resource of a type. */
const identifiersOf = (type: string): readonly string[] =>
  database.lookup("resource", "cloudFormationType", "equals", type)[0]?.primaryIdentifier ?? [];

interface Found {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

const resourcesOf = (template: PlainTemplate): Found[] =>
  Object.entries(template.Resources as Record<string, JsonObject>).map(([logicalId, resource]) => ({
    logicalId,
    type: String(resource.Type),
    properties: isJsonObject(resource.Properties) ? resource.Properties : {},
  }));

/** Security group rules that say the same as one before them; EC2 does not look at their descriptions. */
function repeatedRules(template: PlainTemplate): string[] {
  const seen = new Set<string>();
  return resourcesOf(template).flatMap(({ logicalId, type, properties: { Description: _, ...rule } }) => {
    if (!/^AWS::EC2::SecurityGroup(In|E)gress$/.test(type)) return [];
    const text = JSON.stringify([type, rule]);
    const isRepeated = seen.has(text);
    seen.add(text);
    return isRepeated ? [logicalId] : [];
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html#dynamic-references-considerations */
const identifiersByReference = (template: PlainTemplate): string[] =>
  resourcesOf(template).flatMap(({ logicalId, type, properties }) =>
    identifiersOf(type)
      .filter((property) => hasDynamicReference(properties[property]))
      .map((property) => `${logicalId}.${property}`),
  );

const hasDynamicReference = (value: Json | undefined): boolean =>
  JSON.stringify(value ?? null).includes("{{resolve:");

const { deployed, received } = everything();

test.each(received.map(({ name, template }) => [name, template] as const))(
  "%s has no rule of a security group twice",
  (_, template) => {
    expect(repeatedRules(template)).toEqual([]);
  },
);

test.each(deployed.map(({ name, template }) => [name, template] as const))(
  "%s has no dynamic reference in what identifies a resource",
  (_, template) => {
    expect(identifiersByReference(template)).toEqual([]);
  },
);

test("a rule that is there twice is found", () => {
  const rule = (Description: string) => ({
    Type: "AWS::EC2::SecurityGroupIngress",
    Properties: { Description, GroupId: "sg-1", SourceSecurityGroupId: "sg-2", FromPort: 443, ToPort: 443 },
  });
  expect(repeatedRules({ Resources: { First: rule("one"), Second: rule("two") } })).toEqual(["Second"]);
});

test("a dynamic reference in what identifies a resource is found", () => {
  const Bucket = { Type: "AWS::S3::Bucket", Properties: { BucketName: "{{resolve:ssm:/name}}" } };
  expect(identifiersByReference({ Resources: { Bucket } })).toEqual(["Bucket.BucketName"]);
});
