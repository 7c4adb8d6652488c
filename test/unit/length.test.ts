/** How long policies are reckoned: as they are when CloudFormation has resolved them, in the longest case. */
import { expect, test } from "vitest";
import {
  accountId,
  Expression,
  join,
  partition,
  Reference,
  region,
  sub,
  type Value,
} from "../../compiler/cfn/values.ts";
import { lengthOf } from "../../compiler/output/length.ts";

const parameter = (Default: string) => ({ Type: "AWS::SSM::Parameter::Value<String>", Default });
const TEMPLATE = {
  Parameters: {
    BucketArn: parameter("/acme/store-uploads/bucket-arn"),
    BucketName: parameter("/acme/store-uploads/bucket-name"),
    KeyArn: parameter("/acme/store-uploads/key-arn"),
  },
  Mappings: { Role: { dev: { Action: "s3:GetObject" }, prod: { Action: "s3:PutObject" } } },
  Resources: {
    Key: { Type: "AWS::KMS::Key", Properties: {} },
    Named: { Type: "AWS::S3::Bucket", Properties: { BucketName: sub`demo-${accountId}` } },
    Secret: { Type: "AWS::SecretsManager::Secret", Properties: {} },
  },
};

const BUCKET = `arn:aws:s3:::${"b".repeat(63)}`;
const KEY = "arn:aws:kms:ap-southeast-1:111111111111:key/11111111-2222-3333-4444-555555555555";
const SECRET =
  "arn:aws:secretsmanager:ap-southeast-1:111111111111:secret:rds!db-11111111-2222-3333-4444-555555555555-a1B2c3";
const LOG_GROUP = `arn:aws:logs:ap-southeast-1:111111111111:log-group:/aws/lambda/${"f".repeat(64)}:*`;
const lookUp = (column: string) => new Expression("Fn::FindInMap", ["Role", "any", column]);

const cases: [string, Value, unknown][] = [
  ["literals", { a: [1, true, 'x"'], b: {} }, { a: [1, true, 'x"'], b: {} }],
  ["a bucket of another stack", new Reference("BucketArn"), BUCKET],
  ["what is in it", join("", [new Reference("BucketArn"), "/*"]), `${BUCKET}/*`],
  ["a key of another stack", [new Reference("KeyArn")], [KEY]],
  ["a bucket with a name", new Reference("Named", "Arn"), "arn:aws:s3:::demo-111111111111"],
  ["a key of the stack itself", new Reference("Key", "Arn"), KEY],
  ["a secret of the stack itself", new Reference("Secret"), SECRET],
  ["another ARN", "{{resolve:ssm:/acme/sessions/log-group-arn}}", LOG_GROUP],
  ["what is no ARN", new Reference("BucketName"), "n".repeat(64)],
  ["a dynamic reference", "{{resolve:ssm:/acme/store-main/secret-arn}}", SECRET],
  ["text with references", sub`arn:${partition}:logs:${region}:x`, "arn:aws:logs:ap-southeast-1:x"],
  [
    "text with variables",
    new Expression("Fn::Sub", [`\${!a}\${Own}`, { Own: lookUp("Action") }]),
    `\${a}s3:GetObject`,
  ],
  ["the longest of what is looked up", { Action: lookUp("Action") }, { Action: "s3:GetObject" }],
  ["the longer of two", new Expression("Fn::If", ["A", "longer", new Reference("AWS::NoValue")]), "longer"],
];

test.each(cases)("%s", (_, value, resolved) => {
  expect(lengthOf(value, TEMPLATE)).toBe(JSON.stringify(resolved).length);
});
