/** Templates on their way to CloudFormation: in the artifact bucket, each under a key made of its content. */
import { createHash } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Aws } from "./aws.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Uploads a template where CloudFormation finds it.
 *
 * @param name the first part of the key, for people who look into the bucket
 * @returns the object's address
 */
export async function uploadTemplate(
  aws: Aws,
  { administration, home }: Manifest,
  name: string,
  template: string,
): Promise<string> {
  const Bucket = administration.artifacts[home] ?? "";
  const Key = `templates/${name}/${createHash("sha256").update(template).digest("hex")}.yaml`;
  await aws.s3(home).send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: template,
      ContentType: "application/yaml",
      // Whoever owns a bucket of this name, it must be the administration account.
      ExpectedBucketOwner: administration.id,
    }),
  );
  return aws.objectUrl(home, Bucket, Key);
}
