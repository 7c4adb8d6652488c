/** The bucket of a site: private, read by the account's CloudFront distributions alone. */
import { keyPolicy, privateBucket, tlsOnly } from "../../cfn/security.ts";
import { accountId, type PlainObject, partition, region, sub, type Value } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import type { SiteContext } from "./index.ts";
import { bucketStackSet } from "./outputs.ts";
import { bucketPrefix, FOLDER } from "./settings.ts";

/** Days that versions are kept which are no longer current: what was published by mistake can be had back. */
const NONCURRENT_DAYS = 30;

export function buildBucket({ name, path, site, placement }: SiteContext): ConcreteStack {
  const stack = new Stack(name, bucketStackSet(site), `The bucket of the site ${site}`, path);
  const key = stack.add(
    "AWS::KMS::Key",
    "Key",
    {
      Description: `Encrypts the site ${site}`,
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(cloudFrontMay("kms:Decrypt", "*")),
      Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-${site}` }],
    },
    { retain: true },
  );
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "Bucket",
    {
      // The distribution, which is in another Region, finds it by its name.
      BucketName: sub`${bucketPrefix(name, site)}-${accountId}-${region}`,
      ...privateBucket(key.att("Arn"), NONCURRENT_DAYS),
    },
    { retain: true },
  );
  const arn = bucket.att("Arn");
  stack.add(
    "AWS::S3::BucketPolicy",
    "BucketPolicy",
    {
      Bucket: bucket.ref,
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          cloudFrontMay("s3:GetObject", sub`${arn}/${FOLDER}/*`),
          // Who can't list gets 403 for what is not there, as if the web ACL had refused it.
          cloudFrontMay("s3:ListBucket", arn),
          tlsOnly(arn),
        ],
      },
    },
    { retain: true },
  );
  return stack.build();
}

/**
 * CloudFront on behalf of any distribution of this account: that of the site is made later and in another Region, where
 * its id comes from. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
const cloudFrontMay = (action: string, resource: Value): PlainObject => ({
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: action,
  Resource: resource,
  Condition: {
    ArnLike: { "aws:SourceArn": sub`arn:${partition}:cloudfront::${accountId}:distribution/*` },
  },
});
