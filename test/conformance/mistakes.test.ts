/** The checker itself: for each kind of mistake, a small template that has it. */
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
      "Bucket: there is no resource type AWS::S3::Buckets; the nearest is AWS::S3::Bucket",
    ]);
  });

  test("a property that does not exist", () => {
    expect(bucket("BucketNam: uploads")).toEqual([
      "Bucket.BucketNam: AWS::S3::Bucket has no property BucketNam; the nearest is BucketName",
    ]);
  });

  test("a nested property that does not exist", () => {
    expect(bucket("VersioningConfiguration: {State: Enabled, Status: Enabled}")).toEqual([
      "Bucket.VersioningConfiguration.State: VersioningConfiguration has no property State; there is Status",
    ]);
  });

  test("one in an item of a list", () => {
    expect(
      bucket("OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced, Objects: x}]}"),
    ).toEqual([
      "Bucket.OwnershipControls.Rules.0.Objects: OwnershipControlsRule has no property Objects; there is ObjectOwnership",
    ]);
  });

  test("a property that every object has by nature is none of a resource's", () => {
    expect(bucket("constructor: x")).toEqual([
      "Bucket.constructor: AWS::S3::Bucket has no property constructor",
    ]);
  });

  test("a property that is only an attribute", () => {
    expect(bucket("Arn: x")).toEqual(["Bucket.Arn: AWS::S3::Bucket has no property Arn"]);
  });
});

describe("required properties", () => {
  test("one that is not there", () => {
    expect(mistakes("Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a}}")).toEqual([
      "Alias: AWS::KMS::Alias needs TargetKeyId",
    ]);
  });

  test("all of them, where there are no properties", () => {
    expect(mistakes("Alias: {Type: AWS::KMS::Alias}")).toEqual([
      "Alias: AWS::KMS::Alias needs AliasName",
      "Alias: AWS::KMS::Alias needs TargetKeyId",
    ]);
  });

  test("one that is removed by AWS::NoValue", () => {
    expect(bucket("VersioningConfiguration: {Status: {Ref: AWS::NoValue}}")).toEqual([
      "Bucket.VersioningConfiguration: VersioningConfiguration needs Status",
    ]);
  });

  test("a tag's", () => {
    expect(bucket("Tags: [{Key: Name}]")).toEqual(["Bucket.Tags.0: a tag needs Value"]);
  });
});

describe("values", () => {
  test("one that is not allowed", () => {
    expect(bucket("VersioningConfiguration: {Status: enabled}")).toEqual([
      'Bucket.VersioningConfiguration.Status: "enabled" is not an allowed value; the nearest is Enabled',
    ]);
  });

  test("a number that is not allowed", () => {
    expect(mistakes("Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 91}}")).toEqual([
      "Group.RetentionInDays: 91 is not an allowed value; the nearest is 90",
    ]);
  });

  test.each([
    [
      "text for an object",
      "VersioningConfiguration: Enabled",
      'VersioningConfiguration: "Enabled" is not an object',
    ],
    ["text for a list", "Tags: Name", 'Tags: "Name" is not a list'],
    ["an object for a list", "Tags: {Key: a, Value: b}", 'Tags: {"Key":"a","Value":"b"} is not a list'],
    ["a list for text", "BucketName: [a]", 'BucketName: ["a"] is not text'],
    ["a number for text", "BucketName: 12", "BucketName: 12 is not text"],
    ["text for a boolean", "ObjectLockEnabled: 'true'", 'ObjectLockEnabled: "true" is not a boolean'],
    ["nothing for text", "BucketName: null", "BucketName: null is not text"],
  ])("%s", (_, properties, mistake) => {
    expect(bucket(properties)).toEqual([`Bucket.${mistake}`]);
  });

  test("a fraction for an integer", () => {
    expect(mistakes("Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 1.5}}")).toEqual([
      "Group.RetentionInDays: 1.5 is not an integer",
    ]);
  });

  test("text for a policy document", () => {
    expect(mistakes("Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: true}}")).toEqual([
      "Role.AssumeRolePolicyDocument: true is not an object",
    ]);
  });

  test("a map's value", () => {
    expect(
      mistakes("Name: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: a, Tags: {Name: [a]}}}"),
    ).toEqual(['Name.Tags.Name: ["a"] is not text']);
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
      "Bucket.Tags: Fn::Sub does not give a list",
      "Bucket.VersioningConfiguration: Ref does not give an object",
      "Bucket.BucketName: Fn::Split does not give text",
    ]);
  });

  test("one that does not exist", () => {
    expect(bucket("BucketName: {'Fn::Concat': [a, b]}")).toEqual([
      "Bucket.BucketName: Fn::Concat does not give text",
    ]);
  });

  test("both branches of Fn::If are judged", () => {
    expect(bucket("VersioningConfiguration: {'Fn::If': [A, {Status: on}, {Stat: Enabled}]}")).toEqual([
      'Bucket.VersioningConfiguration.Status: "on" is not an allowed value; there is Enabled, Suspended',
      "Bucket.VersioningConfiguration.Stat: VersioningConfiguration has no property Stat; there is Status",
      "Bucket.VersioningConfiguration: VersioningConfiguration needs Status",
    ]);
  });
});

describe("attributes", () => {
  const reading = (value: string) =>
    mistakes(`
Bucket: {Type: AWS::S3::Bucket}
Alias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: ${value}}}`);

  test("one that does not exist", () => {
    expect(reading("{'Fn::GetAtt': [Bucket, Arns]}")).toEqual([
      "Alias.TargetKeyId: AWS::S3::Bucket has no attribute Arns; the nearest is Arn",
    ]);
  });

  test("one in the text of Fn::Sub", () => {
    expect(reading(`{'Fn::Sub': '\${Bucket.Name}/\${!Bucket.Name}'}`)).toEqual([
      "Alias.TargetKeyId: AWS::S3::Bucket has no attribute Name",
    ]);
  });

  test("one of a resource that does not exist", () => {
    expect(reading("{'Fn::GetAtt': [Buckets, Arn]}")).toEqual([
      "Alias.TargetKeyId: there is no resource Buckets; the nearest is Bucket",
    ]);
  });

  test("one with a dot in its name, written either way", () => {
    const name = "MetadataTableConfiguration.S3TablesDestination.TableArn";
    expect(reading(`{'Fn::GetAtt': [Bucket, ${name}]}`)).toEqual([]);
    expect(reading(`{'Fn::GetAtt': Bucket.${name}}`)).toEqual([]);
  });
});
