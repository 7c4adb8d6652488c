/** A small copy of each picture that comes into the bucket, under `thumbnails/`. */
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { shrink, typeOf } from "./picture.ts";

/** What EventBridge tells of an object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
interface ObjectCreated {
  readonly detail: {
    readonly bucket: { readonly name: string };
    readonly object: { readonly key: string; readonly size: number };
  };
}

const THUMBNAILS = "thumbnails/";
/** Bytes: what is larger would not fit into memory. */
const LARGEST = 20 * 1024 * 1024;

const s3 = new S3Client();

export async function handler({ detail: { bucket, object } }: ObjectCreated) {
  const { key, size } = object;
  // It is told of what it writes itself too.
  if (key.startsWith(THUMBNAILS)) return skip(key, "it is a thumbnail");
  if (size > LARGEST) return skip(key, "it is too large");
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const type = typeOf(bytes);
  if (!type) return skip(key, "it is neither a PNG nor a JPEG");
  const thumbnail = `${THUMBNAILS}${key}`;
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket.name,
      Key: thumbnail,
      Body: shrink(bytes, type),
      ContentType: type,
    }),
  );
  console.info({ key, thumbnail });
  return { thumbnail };
}

function skip(key: string, reason: string) {
  console.info({ key, skipped: reason });
  return { skipped: reason };
}
