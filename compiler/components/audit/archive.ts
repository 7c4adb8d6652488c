/** The log archive: the buckets that every account's trail and recorders write to, and nobody deletes from. */
import type { BucketProperties } from "cloudform-types/types/s3/bucket.js";
import { type Architecture, activeAccounts } from "../../architecture.ts";
import { keyPolicy, nobodyDeletes, privateBucket, tlsOnly } from "../../cfn/security.ts";
import type { PlainObject, Reference } from "../../cfn/values.ts";
import { type ConcreteStack, type Handle, Stack } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import {
  butOwnRecorders,
  onlyServicesWrite,
  onlyStacksChange,
  recordersEncrypt,
  recordersWrite,
  requestLogsWrite,
  trailsEncrypt,
  trailsWrite,
} from "./archive-policies.ts";
import { ARCHIVE, archiveBuckets, archiveKeyAlias, trailArn } from "./names.ts";
import { type ArchiveSettings, auditPath } from "./settings.ts";

/** Days that versions are kept which are no longer current: nobody overwrites what is in the archive by mistake. */
const NONCURRENT_DAYS = 7;

/** Where the archive is: in the account for security, in the home Region. */
export function buildArchive(architecture: Architecture, settings: ArchiveSettings): ConcreteStack {
  const { name, spec } = architecture;
  const { trails, configuration, requests } = archiveBuckets(architecture);
  const days = settings["retention-days"];
  const accounts = activeAccounts(spec).map(({ id }) => id);
  const trailArns = accounts.map((id) => trailArn(architecture, id));
  const from = [...auditPath, "archive"];
  const stack = new Stack(name, ARCHIVE, "What the trails and recorders of all accounts write to", from);
  const key = stack.add(
    "AWS::KMS::Key",
    "Key",
    {
      Description: "Encrypts the log archive",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(trailsEncrypt(trailArns), recordersEncrypt(accounts)),
      Tags: [{ Key: "Name", Value: `${name}-${ARCHIVE}` }],
    },
    { retain: true },
  );
  stack.add("AWS::KMS::Alias", "KeyAlias", { AliasName: archiveKeyAlias(name), TargetKeyId: key.ref });
  // S3 logs requests to no bucket with a key of ours, and to none with Object Lock.
  const log = addBucket(stack, name, "Requests", {
    properties: { BucketName: requests, ...privateBucket("AES256", NONCURRENT_DAYS, days) },
    statements: (arn) => [requestLogsWrite(arn, [trails, configuration]), onlyServicesWrite(arn)],
  });
  const kept = (prefix: string): BucketProperties => ({
    ...privateBucket(key.att("Arn"), NONCURRENT_DAYS, days),
    LoggingConfiguration: { DestinationBucketName: log.ref, LogFilePrefix: `${prefix}/` },
  });
  addBucket(stack, name, "Trails", {
    properties: { BucketName: trails, ...kept("trails"), ...lockOf(settings) },
    statements: (arn) => [trailsWrite(arn, trailArns), onlyServicesWrite(arn)],
  });
  // AWS Config delivers to no bucket with Object Lock.
  addBucket(stack, name, "Configuration", {
    properties: { BucketName: configuration, ...kept("configuration") },
    statements: (arn) => [recordersWrite(arn, accounts), onlyServicesWrite(arn, butOwnRecorders(name))],
  });
  return stack.build();
}

interface ArchiveBucket {
  readonly properties: BucketProperties;
  /** Who may write. That nobody deletes, and the like, holds for all of them. */
  statements(arn: Reference): readonly PlainObject[];
}

function addBucket(
  stack: Stack,
  name: string,
  title: string,
  { properties, statements }: ArchiveBucket,
): Handle<"AWS::S3::Bucket"> {
  const bucket = stack.add("AWS::S3::Bucket", `${title}Bucket`, properties, { retain: true });
  const arn = bucket.att("Arn");
  const document = policyOf([
    ...statements(arn),
    nobodyDeletes(arn),
    onlyStacksChange(arn, name),
    tlsOnly(arn),
  ]);
  stack.add(
    "AWS::S3::BucketPolicy",
    `${title}BucketPolicy`,
    { Bucket: bucket.ref, PolicyDocument: document },
    { retain: true },
  );
  return bucket;
}

/** Another value of `ObjectLockEnabled` would replace the bucket: it is always there, whether it locks anything or not. */
const lockOf = ({ lock, "lock-days": days }: ArchiveSettings): Partial<BucketProperties> => ({
  ObjectLockEnabled: true,
  ...(lock !== "none" && {
    ObjectLockConfiguration: {
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: lock.toUpperCase(), Days: days } },
    },
  }),
});
