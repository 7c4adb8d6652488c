/**
 * What was published, kept in the bucket beside what is served: a listing says only that objects are there. A record that
 * is lost or behind costs no more than uploading again.
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { DeployError, isAnswer } from "../deploy/errors.ts";

export interface PublicationRecord {
  /** By path, what was uploaded and what S3 called it. */
  readonly files: Readonly<Record<string, { readonly etag: string; readonly digest: string }>>;
  /** Immutable files that are in the folder no more, and since when. */
  readonly gone: Readonly<Record<string, string>>;
  /** Paths that nobody was led to when a run began to upload or to remove them, and that may lack what they need: it did not get to the end of them. */
  readonly incoming: readonly string[];
  /** Something that shows was changed, and CloudFront was not told yet. */
  readonly isUnfinished: boolean;
}

/** Its key in the bucket. */
const KEY = "publication.json";

export const NOTHING: PublicationRecord = { files: {}, gone: {}, incoming: [], isUnfinished: false };

/** The record of one bucket, as this run knows it. */
export class RecordStore {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #owner: string;
  /** Of what is there as far as this run knows; absent where there was nothing. */
  #etag: string | undefined;
  #text = JSON.stringify(NOTHING);

  /** @param owner the account that the bucket must be of */
  constructor(s3: S3Client, bucket: string, owner: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#owner = owner;
  }

  async read(): Promise<PublicationRecord> {
    const found = await this.#get();
    if (!found) return NOTHING;
    this.#etag = found.etag;
    this.#text = found.text;
    return parse(found.text);
  }

  /** Writes what is not written already. @throws DeployError where somebody else has written it since: two runs would undo each other's work */
  async write(record: PublicationRecord): Promise<void> {
    const text = JSON.stringify(record);
    if (text === this.#text) return;
    const condition = this.#etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: this.#etag };
    try {
      const { ETag } = await this.#s3.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: KEY,
          Body: text,
          ContentType: "application/json",
          ExpectedBucketOwner: this.#owner,
          ...condition,
        }),
      );
      this.#etag = ETag;
      this.#text = text;
    } catch (error) {
      if (!isAnswer(error, "PreconditionFailed", "ConditionalRequestConflict")) throw error;
      // An answer may have been lost, and the call made again.
      const found = await this.#get();
      if (found?.text !== text)
        throw new DeployError("somebody else publishes this site at the same time: wait, and publish again");
      this.#etag = found.etag;
      this.#text = text;
    }
  }

  async #get(): Promise<{ readonly text: string; readonly etag: string | undefined } | undefined> {
    try {
      const { Body, ETag } = await this.#s3.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: KEY, ExpectedBucketOwner: this.#owner }),
      );
      return { text: (await Body?.transformToString()) ?? "", etag: ETag };
    } catch (error) {
      if (isAnswer(error, "NoSuchKey")) return undefined;
      throw error;
    }
  }
}

/** What can't be read counts as nothing: everything is uploaded again then. */
function parse(text: string): PublicationRecord {
  try {
    return { ...NOTHING, ...(JSON.parse(text) as Partial<PublicationRecord>) };
  } catch {
    return { ...NOTHING, isUnfinished: true };
  }
}
