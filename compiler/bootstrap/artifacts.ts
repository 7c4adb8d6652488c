/** The bucket for templates and code in a Region, with a key of its own, readable by the spec's accounts alone. */
import { type Architecture, activeAccounts } from "../architecture.ts";
import { keyPolicy, privateBucket, rootOf, tlsOnly } from "../cfn/security.ts";
import { accountId, type PlainObject, type Reference, region, sub } from "../cfn/values.ts";
import { type ConcreteStack, Stack } from "../stack.ts";

/** Days that versions are kept which are no longer current. */
const NONCURRENT_DAYS = 90;

export function artifactsStack({ name, spec }: Architecture): ConcreteStack {
  const readers = activeAccounts(spec).map(({ id }) => id);
  const stack = new Stack(
    name,
    "bootstrap-artifacts",
    "The bucket that accounts read templates and code from",
    ["regions"],
  );
  const key = stack.add(
    "AWS::KMS::Key",
    "ArtifactsKey",
    {
      Description: "Encrypts templates and code",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(readersDecrypt(readers)),
      Tags: [{ Key: "Name", Value: `${name}-artifacts` }],
    },
    { retain: true },
  );
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "ArtifactsBucket",
    {
      BucketName: sub`${name}-artifacts-${accountId}-${region}`,
      ...privateBucket(key.att("Arn"), NONCURRENT_DAYS),
    },
    { retain: true },
  );
  stack.add(
    "AWS::S3::BucketPolicy",
    "ArtifactsBucketPolicy",
    { Bucket: bucket.ref, PolicyDocument: bucketPolicy(bucket.att("Arn"), readers) },
    { retain: true, from: ["accounts"] },
  );
  return stack.build();
}

/** The statement by which the accounts that read can decrypt, through S3 alone. */
const readersDecrypt = (readers: readonly string[]): PlainObject => ({
  Sid: "AccountsReadByS3",
  Effect: "Allow",
  Principal: { AWS: readers.map(rootOf) },
  Action: "kms:Decrypt",
  Resource: "*",
  Condition: { StringEquals: { "kms:ViaService": sub`s3.${region}.amazonaws.com` } },
});

/**
 * CloudFormation reads a template, and Lambda its code, with the credentials of whoever asks for it, so that the
 * account is that of the caller or of the execution role. What a service does as itself is let be by the denial, and
 * an anonymous request, which has no account and is no service, is denied. Not tried on AWS here.
 */
function bucketPolicy(bucketArn: Reference, readers: readonly string[]): PlainObject {
  const objects = sub`${bucketArn}/*`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountsRead",
        Effect: "Allow",
        Principal: { AWS: readers.map(rootOf) },
        Action: ["s3:GetObject", "s3:GetObjectVersion"],
        Resource: objects,
      },
      {
        Sid: "NobodyElse",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, objects],
        Condition: {
          StringNotEquals: { "aws:PrincipalAccount": readers },
          BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
        },
      },
      tlsOnly(bucketArn),
    ],
  };
}
