/** What is on its way to CloudFormation: templates and code, in artifact buckets, each under a key made of its content. */
import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Aws } from "./aws.ts";
import { isAnswer } from "./errors.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Uploads a template where CloudFormation finds it. Those of previews lie apart: who may only look can write none that is
 * deployed.
 *
 * @param name a part of the key, for people who look into the bucket
 * @returns the object's address
 */
export async function uploadTemplate(
  aws: Aws,
  { administration, home }: Manifest,
  name: string,
  template: string,
  purpose: "templates" | "previews" = "templates",
): Promise<string> {
  const Bucket = administration.artifacts[home] ?? "";
  const Key = `${purpose}/${name}/${createHash("sha256").update(template).digest("hex")}.yaml`;
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

/**
 * Puts artifacts into the buckets of Regions, as far as they are not there. One that is there has the same content,
 * since its key is made of that; and it stays, for a stack may have to go back to it.
 *
 * @param bytesOf the content of one, by its key
 */
export async function uploadArtifacts(
  aws: Aws,
  { administration }: Manifest,
  keys: readonly string[],
  regions: readonly string[],
  bytesOf: (key: string) => Uint8Array,
): Promise<void> {
  for (const region of regions) {
    const Bucket = administration.artifacts[region] ?? "";
    for (const Key of keys) {
      const object = { Bucket, Key, ExpectedBucketOwner: administration.id };
      if (await isThere(aws, region, object)) continue;
      const Body = bytesOf(Key);
      await aws.s3(region).send(
        new PutObjectCommand({
          ...object,
          Body,
          ContentType: "application/zip",
          ChecksumSHA256: createHash("sha256").update(Body).digest("base64"),
        }),
      );
    }
  }
}

async function isThere(
  aws: Aws,
  region: string,
  object: ConstructorParameters<typeof HeadObjectCommand>[0],
): Promise<boolean> {
  try {
    await aws.s3(region).send(new HeadObjectCommand(object));
    return true;
  } catch (error) {
    // The answer has no body to say which of the two is missing; if it is the bucket, the upload says so.
    if (isAnswer(error, "NotFound", "NoSuchKey")) return false;
    throw error;
  }
}
