/** A bucket: private, versioned, encrypted with a key of its own, TLS only. */
import { privateBucket, tlsOnly } from "../../cfn/security.ts";
import type { StoreContext } from "./index.ts";
import { addKey } from "./key.ts";

/** Days that versions which are no longer current are kept. */
const NONCURRENT_DAYS = 30;

export function buildBucket(context: StoreContext): void {
  const { stack, store, settings, output } = context;
  const key = addKey(context);
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "Bucket",
    privateBucket(key.att("Arn"), NONCURRENT_DAYS, settings["expire-days"]),
    { retain: true },
  );
  stack.add(
    "AWS::S3::BucketPolicy",
    "BucketPolicy",
    {
      Bucket: bucket.ref,
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [tlsOnly(bucket.att("Arn"))],
      },
    },
    { retain: true },
  );
  stack.publish(output("bucket-name", "String", `The bucket of the store ${store}`), bucket.ref);
  stack.publish(output("bucket-arn", "String", `ARN of the bucket of the store ${store}`), bucket.att("Arn"));
  stack.publish(output("key-arn", "String", `ARN of the key of the store ${store}`), key.att("Arn"));
}
