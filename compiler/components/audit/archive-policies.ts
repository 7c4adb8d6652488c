/** Who may do what with the log archive: its services write, nobody deletes, and only stacks change how it is kept. */
import { roleNames } from "../../bootstrap/names.ts";
import {
  accountId,
  type Expression,
  type PlainObject,
  partition,
  type Reference,
  sub,
} from "../../cfn/values.ts";
import { recorderRolePrefix } from "./names.ts";

const TRAILS = "cloudtrail.amazonaws.com";
const RECORDERS = "config.amazonaws.com";

/** Trails, by their ARNs, and nothing else of CloudTrail's. */
const onBehalfOf = (trails: readonly Expression[]): PlainObject => ({
  StringEquals: { "aws:SourceArn": trails },
});

/** Recorders and what they deliver by, of these accounts. */
const ofAccounts = (accounts: readonly string[]): PlainObject => ({
  StringEquals: { "aws:SourceAccount": accounts },
});

/**
 * Both at once, since a bucket policy that names hundreds of trails has no room to name them twice. A trail writes below
 * its own account's id, whatever its prefix is, so that no account can write into another's part:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
 */
export const trailsWrite = (bucketArn: Reference, trails: readonly Expression[]): PlainObject => ({
  Sid: "TrailsWrite",
  Effect: "Allow",
  Principal: { Service: TRAILS },
  Action: ["s3:GetBucketAcl", "s3:PutObject"],
  Resource: [bucketArn, sub`${bucketArn}/AWSLogs/*`],
  Condition: onBehalfOf(trails),
});

/** The same for recorders: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html */
export const recordersWrite = (bucketArn: Reference, accounts: readonly string[]): PlainObject => ({
  Sid: "RecordersWrite",
  Effect: "Allow",
  Principal: { Service: RECORDERS },
  Action: ["s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"],
  Resource: [bucketArn, sub`${bucketArn}/AWSLogs/*`],
  Condition: ofAccounts(accounts),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html */
export const requestLogsWrite = (bucketArn: Reference, logged: readonly string[]): PlainObject => ({
  Sid: "RequestLogsWrite",
  Effect: "Allow",
  Principal: { Service: "logging.s3.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: sub`${bucketArn}/*`,
  Condition: {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnLike: { "aws:SourceArn": logged.map((bucket) => sub`arn:${partition}:s3:::${bucket}`) },
  },
});

/** Whoever administers the archive's own account could write there by IAM alone. */
export const onlyServicesWrite = (bucketArn: Reference, except: PlainObject = {}): PlainObject => ({
  Sid: "OnlyServicesWrite",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: sub`${bucketArn}/*`,
  Condition: { ...except, BoolIfExists: { "aws:PrincipalIsAWSService": "false" } },
});

/** In its own account AWS Config writes as the recorder's role: see `recorder.ts`. */
export const butOwnRecorders = (name: string): PlainObject => ({
  ArnNotLike: {
    "aws:PrincipalArn": sub`arn:${partition}:iam::${accountId}:role/${recorderRolePrefix(name)}*`,
  },
});

/**
 * What keeps things is changed by the role that stacks are made with; by hand only by the account's root user, whom a
 * bucket policy can't shut out: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export const onlyStacksChange = (bucketArn: Reference, name: string): PlainObject => ({
  Sid: "OnlyStacksChange",
  Effect: "Deny",
  Principal: "*",
  Action: [
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketLogging",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
  ],
  Resource: bucketArn,
  Condition: {
    ArnNotEquals: {
      "aws:PrincipalArn": sub`arn:${partition}:iam::${accountId}:role/${roleNames(name).execution}`,
    },
  },
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
export const trailsEncrypt = (trails: readonly Expression[]): PlainObject => ({
  Sid: "TrailsEncrypt",
  Effect: "Allow",
  Principal: { Service: TRAILS },
  Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
  Resource: "*",
  Condition: onBehalfOf(trails),
});

/** https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html */
export const recordersEncrypt = (accounts: readonly string[]): PlainObject => ({
  Sid: "RecordersEncrypt",
  Effect: "Allow",
  Principal: { Service: RECORDERS },
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: "*",
  Condition: ofAccounts(accounts),
});
