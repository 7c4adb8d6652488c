/** The checker that overrides and templates of one's own are held to: for each kind of mistake, a small template that has it. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Mistake, mistakesIn } from "./mistakes.ts";

/** The mistakes of a template given as resources in YAML, as `Bucket.BucketName: what is wrong`. */
const mistakes = (resources: string): string[] =>
  mistakesIn({ Resources: parse(resources) }).map(({ at, what }: Mistake) => `${at}: ${what}`);

/** A template with one bucket. */
const bucket = (properties: string) =>
  mistakes(`Bucket: {Type: AWS::S3::Bucket, Properties: {${properties}}}`);

describe("names", () => {
  test("a resource type that does not exist", () => {
    expect(mistakes("Bucket: {Type: AWS::S3::Buckets}")).toEqual([
      "Bucket: there is no resource type AWS::S3::Buckets; did you mean AWS::S3::Bucket?",
    ]);
  });

  test("a property that does not exist", () => {
    expect(bucket("BucketNam: uploads")).toEqual([
      "Bucket.BucketNam: AWS::S3::Bucket has no property `BucketNam`; did you mean `BucketName`?",
    ]);
  });

  test("a nested property that does not exist", () => {
    expect(bucket("VersioningConfiguration: {State: Enabled, Status: Enabled}")).toEqual([
      "Bucket.VersioningConfiguration.State: VersioningConfiguration has no property `State`; it has `Status`",
    ]);
  });

  test("one in an item of a list", () => {
    expect(
      bucket("OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced, Objects: x}]}"),
    ).toEqual([
      "Bucket.OwnershipControls.Rules.0.Objects: OwnershipControlsRule has no property `Objects`; it has `ObjectOwnership`",
    ]);
  });

  test("a property that every object has by nature is none of a resource's", () => {
    expect(bucket("constructor: x")).toEqual([
      "Bucket.constructor: AWS::S3::Bucket has no property `constructor`; CloudFormation's template reference has a page with all of them",
    ]);
  });

  test("a property that is only an attribute", () => {
    expect(bucket("Arn: x")).toEqual([
      "Bucket.Arn: `Arn` of AWS::S3::Bucket is read-only: AWS decides it; `!GetAtt` reads it",
    ]);
  });
});

describe("required properties", () => {
  test("one that is not there", () => {
    expect(mistakes("Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a}}")).toEqual([
      "Alias: AWS::KMS::Alias needs `TargetKeyId`",
    ]);
  });

  test("all of them, where there are no properties", () => {
    expect(mistakes("Alias: {Type: AWS::KMS::Alias}")).toEqual([
      "Alias: AWS::KMS::Alias needs `AliasName`",
      "Alias: AWS::KMS::Alias needs `TargetKeyId`",
    ]);
  });

  test("one that is removed by AWS::NoValue", () => {
    expect(bucket("VersioningConfiguration: {Status: {Ref: AWS::NoValue}}")).toEqual([
      "Bucket.VersioningConfiguration: VersioningConfiguration needs `Status`",
    ]);
  });

  test("a tag's", () => {
    expect(bucket("Tags: [{Key: Name}]")).toEqual(["Bucket.Tags.0: a tag needs `Value`"]);
  });
});

describe("values", () => {
  test("one that is not allowed", () => {
    expect(bucket("VersioningConfiguration: {Status: enabled}")).toEqual([
      'Bucket.VersioningConfiguration.Status: "enabled" is not among the values allowed here; did you mean `Enabled`?',
    ]);
  });

  test("a number that is not allowed", () => {
    expect(mistakes("Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 91}}")).toEqual([
      "Group.RetentionInDays: `91` is not among the values allowed here; the nearest are `90` and `120`",
    ]);
  });

  test.each([
    [
      "text for an object",
      "VersioningConfiguration: Enabled",
      'VersioningConfiguration: a map is wanted here, not the text "Enabled"',
    ],
    ["text for a list", "Tags: Name", 'Tags: a list is wanted here, not the text "Name"'],
    ["an object for a list", "Tags: {Key: a, Value: b}", "Tags: a list is wanted here, not a map"],
    ["a list for text", "BucketName: [a]", "BucketName: text is wanted here, not a list"],
    ["a number for text", "BucketName: 12", 'BucketName: 12 is to be "12"'],
    ["text for a boolean", "ObjectLockEnabled: 'true'", 'ObjectLockEnabled: "true" is to be true'],
    [
      "nothing for text",
      "BucketName: null",
      "BucketName: there is nothing here, which CloudFormation does not take",
    ],
  ])("%s", (_, properties, mistake) => {
    expect(bucket(properties)).toEqual([`Bucket.${mistake}`]);
  });

  test("a fraction for an integer", () => {
    expect(mistakes("Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 1.5}}")).toEqual([
      "Group.RetentionInDays: a whole number is wanted here, not `1.5`",
    ]);
  });

  test("text for a policy document", () => {
    expect(mistakes("Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: true}}")).toEqual([
      'Role.AssumeRolePolicyDocument: true is to be "true"',
    ]);
  });

  test("a map's value", () => {
    expect(
      mistakes("Name: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: a, Tags: {Name: [a]}}}"),
    ).toEqual(["Name.Tags.Name: text is wanted here, not a list"]);
  });
});

describe("intrinsic functions", () => {
  test("pass where what they give may stand", () => {
    expect(
      bucket(
        "BucketName: {Ref: Name}, ObjectLockEnabled: {'Fn::FindInMap': [A, b, C]}, Tags: {'Fn::If': [A, [], {Ref: AWS::NoValue}]}",
      ),
    ).toEqual([]);
  });

  test("don't where it can't", () => {
    expect(
      bucket("Tags: {'Fn::Sub': a}, VersioningConfiguration: {Ref: A}, BucketName: {'Fn::Split': [',', a]}"),
    ).toEqual([
      "Bucket.Tags: a list is wanted here, and `Fn::Sub` gives text",
      "Bucket.VersioningConfiguration: a map is wanted here, and `Ref` gives a scalar or a list",
      "Bucket.BucketName: text is wanted here, and `Fn::Split` gives a list",
    ]);
  });

  test("one that does not exist", () => {
    expect(bucket("BucketName: {'Fn::Concat': [a, b]}")).toEqual([
      "Bucket.BucketName: `Fn::Concat` is no function of CloudFormation",
    ]);
  });

  test("both branches of Fn::If are judged", () => {
    expect(bucket("VersioningConfiguration: {'Fn::If': [A, {Status: on}, {Stat: Enabled}]}")).toEqual([
      'Bucket.VersioningConfiguration.Fn::If.1.Status: "on" is not among the values allowed here; one of `Enabled` and `Suspended`',
      "Bucket.VersioningConfiguration.Fn::If.2: VersioningConfiguration needs `Status`",
      "Bucket.VersioningConfiguration.Fn::If.2.Stat: VersioningConfiguration has no property `Stat`; did you mean `Status`?",
    ]);
  });

  test("a dynamic reference is text, which CloudFormation takes for a number", () => {
    expect(bucket("BucketName: '{{resolve:ssm:/name}}', Tags: '{{resolve:ssm:/tags}}'")).toEqual([
      'Bucket.Tags: a list is wanted here, not the text "{{resolve:ssm:/tags}}"',
    ]);
    expect(
      mistakes(
        "Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: '{{resolve:ssm:/days:1}}'}}",
      ),
    ).toEqual([]);
  });
});

describe("attributes", () => {
  const reading = (value: string) =>
    mistakes(`
Bucket: {Type: AWS::S3::Bucket}
Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: ${value}}}`);

  test("one that does not exist", () => {
    expect(reading("{'Fn::GetAtt': [Bucket, Arns]}")).toEqual([
      "Alias: AWS::S3::Bucket has no attribute Arns",
    ]);
  });

  test("one in the text of Fn::Sub", () => {
    expect(reading(`{'Fn::Sub': '\${Bucket.Name}/\${!Bucket.Name}'}`)).toEqual([
      "Alias: AWS::S3::Bucket has no attribute Name",
    ]);
  });

  test("one of a resource that does not exist", () => {
    expect(reading("{'Fn::GetAtt': [Buckets, Arn]}")).toEqual(["Alias: there is no resource Buckets"]);
  });

  test("one with a dot in its name, written either way", () => {
    const name = "MetadataTableConfiguration.S3TablesDestination.TableArn";
    expect(reading(`{'Fn::GetAtt': [Bucket, ${name}]}`)).toEqual([]);
    expect(reading(`{'Fn::GetAtt': Bucket.${name}}`)).toEqual([]);
  });
});
