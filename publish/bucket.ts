/** What is served of a bucket: listed, written, deleted. */
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { DeployError } from "../deploy/errors.ts";
import type { Served } from "./files.ts";

/** The most that one call deletes. */
const BATCH = 1000;

/** A folder in a bucket, which must be of an account. */
export class ServedFolder {
  readonly #s3: S3Client;
  readonly #bucket: { readonly Bucket: string; readonly ExpectedBucketOwner: string };
  readonly #prefix: string;

  constructor(s3: S3Client, bucket: string, folder: string, owner: string) {
    this.#s3 = s3;
    this.#bucket = { Bucket: bucket, ExpectedBucketOwner: owner };
    this.#prefix = `${folder}/`;
  }

  /** The ETags of all objects, by path. */
  async list(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({
          ...this.#bucket,
          Prefix: this.#prefix,
          ...(ContinuationToken && { ContinuationToken }),
        }),
      );
      for (const { Key = "", ETag = "" } of page.Contents ?? [])
        found.set(Key.slice(this.#prefix.length), ETag);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    return found;
  }

  /** @returns the object's ETag */
  async put(path: string, content: Uint8Array, { contentType, cacheControl }: Served): Promise<string> {
    const { ETag = "" } = await this.#s3.send(
      new PutObjectCommand({
        ...this.#bucket,
        Key: this.#prefix + path,
        Body: content,
        ContentType: contentType,
        CacheControl: cacheControl,
      }),
    );
    return ETag;
  }

  async delete(paths: readonly string[]): Promise<void> {
    for (let start = 0; start < paths.length; start += BATCH) {
      const Objects = paths.slice(start, start + BATCH).map((path) => ({ Key: this.#prefix + path }));
      const { Errors: [first] = [] } = await this.#s3.send(
        new DeleteObjectsCommand({ ...this.#bucket, Delete: { Objects, Quiet: true } }),
      );
      if (first) throw new DeployError(`S3 does not delete ${first.Key}: ${first.Code} (${first.Message})`);
    }
  }
}
