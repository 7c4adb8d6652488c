/** What every key and every bucket of ours has, whatever it is for. */
import type { BucketProperties } from "cloudform-types/types/s3/bucket.js";
import {
  accountId,
  type Expression,
  type PlainObject,
  partition,
  type Reference,
  region,
  sub,
  urlSuffix,
  type Value,
} from "./values.ts";

/** Whoever an account's IAM lets: as a principal, the whole account. */
export const rootOf = (account: Reference | string): Expression => sub`arn:${partition}:iam::${account}:root`;

/** The statement by which the account's IAM decides over a key; without it nobody could change the key any more. */
const accountDecidesByIam: PlainObject = {
  Sid: "AccountDecidesByIam",
  Effect: "Allow",
  Principal: { AWS: rootOf(accountId) },
  Action: "kms:*",
  Resource: "*",
};

/** A key's policy: the account's IAM decides, and whoever else is named. */
export const keyPolicy = (...others: readonly Value[]): PlainObject => ({
  Version: "2012-10-17",
  Statement: [accountDecidesByIam, ...others],
});

/** What a service does with a key for logs, each action by its name. */
const ENCRYPT_LOGS = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyPair",
  "kms:GenerateDataKeyPairWithoutPlaintext",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** A key's statement for the log groups of its account: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
export const logGroupsEncrypt: PlainObject = {
  Sid: "LogsOfThisAccount",
  Effect: "Allow",
  Principal: { Service: sub`logs.${region}.${urlSuffix}` },
  Action: ENCRYPT_LOGS,
  Resource: "*",
  Condition: {
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": sub`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
    },
  },
};

/** Whoever delivers logs of this account and Region. */
const ownDeliveries: PlainObject = {
  StringEquals: { "aws:SourceAccount": accountId },
  ArnLike: { "aws:SourceArn": sub`arn:${partition}:logs:${region}:${accountId}:delivery-source:*` },
};

/** A key's statement for logs that are delivered to a bucket: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html */
export const logDeliveryEncrypts: PlainObject = {
  Sid: "LogDeliveryOfThisAccount",
  Effect: "Allow",
  Principal: { Service: "delivery.logs.amazonaws.com" },
  Action: ENCRYPT_LOGS,
  Resource: "*",
  Condition: ownDeliveries,
};

/** A bucket's statement for logs that are delivered to it; the page is that of the key's. */
export const logDeliveryWrites = (bucketArn: Reference): PlainObject => ({
  Sid: "LogDeliveryOfThisAccount",
  Effect: "Allow",
  Principal: { Service: "delivery.logs.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: sub`${bucketArn}/AWSLogs/${accountId}/*`,
  Condition: {
    ...ownDeliveries,
    StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
  },
});

/** A bucket's statement that nobody comes without TLS. */
export const tlsOnly = (bucketArn: Reference): PlainObject => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [bucketArn, sub`${bucketArn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** A bucket's statement that nobody deletes from it, but for its own lifecycle, which no policy is asked about. */
export const nobodyDeletes = (bucketArn: Reference): PlainObject => ({
  Sid: "NobodyDeletes",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion"],
  Resource: sub`${bucketArn}/*`,
});

/** The egress of a group whose members answer and never call: without a rule of its own it would let everything out. */
export const nowhere: { Description: string; IpProtocol: string; CidrIp: string }[] = [
  { Description: "Nowhere", IpProtocol: "-1", CidrIp: "127.0.0.1/32" },
];

/**
 * A private, versioned bucket, encrypted with a key: the ARN of one of ours, or S3's own.
 *
 * @param noncurrentDays days that versions are kept which are no longer current
 * @param expiryDays days after which objects are deleted; never where absent
 */
export function privateBucket(
  key: Reference | "AES256",
  noncurrentDays: number,
  expiryDays?: number,
): BucketProperties {
  return {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        key === "AES256"
          ? { ServerSideEncryptionByDefault: { SSEAlgorithm: key } }
          : {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key },
            },
      ],
    },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: "tidy-up",
          Status: "Enabled",
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays },
          ...(expiryDays !== undefined && { ExpirationInDays: expiryDays }),
        },
      ],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    VersioningConfiguration: { Status: "Enabled" },
  };
}
