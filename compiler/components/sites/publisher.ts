/** The role that publishes a site: what `landform publish` needs, and no more. */
import { rootOf } from "../../cfn/security.ts";
import { accountId, partition, region, sub } from "../../cfn/values.ts";
import { type Handle, parameterName, type Stack } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import type { SiteContext } from "./index.ts";
import { distributionId } from "./outputs.ts";
import { bucketPrefix, publisherName } from "./settings.ts";

export function addPublisher(
  stack: Stack,
  { name, site, architecture, placement }: SiteContext,
  distribution: Handle<"AWS::CloudFront::Distribution">,
): void {
  const bucket = sub`arn:${partition}:s3:::${bucketPrefix(name, site)}-${accountId}-${placement.region}`;
  const objects = sub`arn:${partition}:s3:::${bucketPrefix(name, site)}-${accountId}-${placement.region}/*`;
  const parameter = parameterName(name, distributionId(site));
  stack.add("AWS::IAM::Role", "Publisher", {
    RoleName: publisherName(name, site),
    Description: `Publishes the site ${site}`,
    AssumeRolePolicyDocument: policyOf([
      {
        Effect: "Allow",
        // Who of that account can be it is for the account's IAM to say.
        Principal: { AWS: rootOf(architecture.administration.id) },
        Action: "sts:AssumeRole",
      },
    ]),
    Policies: [
      {
        PolicyName: "publish",
        PolicyDocument: policyOf([
          { Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
          {
            Effect: "Allow",
            Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            Resource: objects,
          },
          {
            // The key's id is not known here; S3 tells the key which bucket it is used for.
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: sub`arn:${partition}:kms:${placement.region}:${accountId}:key/*`,
            Condition: {
              StringEquals: {
                "kms:ViaService": `s3.${placement.region}.amazonaws.com`,
                "kms:EncryptionContext:aws:s3:arn": bucket,
              },
            },
          },
          {
            Effect: "Allow",
            Action: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
            Resource: sub`arn:${partition}:cloudfront::${accountId}:distribution/${distribution.ref}`,
          },
          {
            Effect: "Allow",
            Action: "ssm:GetParameter",
            Resource: sub`arn:${partition}:ssm:${region}:${accountId}:parameter${parameter}`,
          },
        ]),
      },
    ],
  });
}
