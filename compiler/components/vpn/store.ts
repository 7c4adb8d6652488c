/** Where the VPN's keys are kept: a bucket that its server alone reads and writes, whatever IAM lets others do. */
import { keyPolicy, nobodyDeletes, privateBucket, tlsOnly } from "../../cfn/security.ts";
import { accountId, type PlainObject, type Reference, region, sub } from "../../cfn/values.ts";
import type { Handle, Stack } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import { VPN } from "./outputs.ts";

/** Days that versions are kept which are no longer current. */
const NONCURRENT_DAYS = 365;

export interface Store {
  readonly bucket: Handle<"AWS::S3::Bucket">;
  readonly key: Handle<"AWS::KMS::Key">;
}

export function addStore(stack: Stack, name: string): Store {
  const key = stack.add(
    "AWS::KMS::Key",
    "StoreKey",
    {
      Description: "Encrypts the keys of the VPN",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(),
      Tags: [{ Key: "Name", Value: `${name}-${VPN}-store` }],
    },
    { retain: true },
  );
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "StoreBucket",
    {
      // It would not find its keys again in a bucket by another name.
      BucketName: sub`${name}-${VPN}-${accountId}-${region}`,
      ...privateBucket(key.att("Arn"), NONCURRENT_DAYS),
    },
    { retain: true },
  );
  return { bucket, key };
}

/** Closes the bucket to everybody but the server. */
export function closeStore(stack: Stack, { bucket }: Store, server: Reference): void {
  const arn = bucket.att("Arn");
  stack.add(
    "AWS::S3::BucketPolicy",
    "StoreBucketPolicy",
    {
      Bucket: bucket.ref,
      PolicyDocument: policyOf([serverOnly(arn, server), nobodyDeletes(arn), tlsOnly(arn)]),
    },
    { retain: true },
  );
}

const serverOnly = (bucketArn: Reference, server: Reference): PlainObject => ({
  Sid: "ServerOnly",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:RestoreObject"],
  Resource: sub`${bucketArn}/*`,
  Condition: { ArnNotEquals: { "aws:PrincipalArn": server } },
});

/** Statements by which the server uses it. To list it tells what is not there from what is forbidden. */
export const useStore = ({ bucket, key }: Store): readonly PlainObject[] => [
  {
    Sid: "FindKeys",
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: bucket.att("Arn"),
  },
  {
    Sid: "ReadAndWriteKeys",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: sub`${bucket.att("Arn")}/pki.tar`,
  },
  {
    Sid: "EncryptKeys",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: key.att("Arn"),
    Condition: { StringEquals: { "kms:ViaService": sub`s3.${region}.amazonaws.com` } },
  },
];
