/** A bucket: private, versioned, encrypted with a key of its own, TLS only. */
import { privateBucket, tlsOnly } from "../../cfn/security.ts";
import type { StoreContext } from "./index.ts";
import { addKey } from "./key.ts";
import { bucketOutputs } from "./outputs.ts";

/** Days that versions which are no longer current are kept. */
const NONCURRENT_DAYS = 30;

export function buildBucket(context: StoreContext): void {
  const { stack, store, settings } = context;
  const key = addKey(context);
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "Bucket",
    {
      ...privateBucket(key.att("Arn"), NONCURRENT_DAYS, settings["expire-days"]),
      // Whether anybody listens is not the bucket's business.
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
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
  const outputs = bucketOutputs(store);
  stack.publish(outputs.name, bucket.ref);
  stack.publish(outputs.arn, bucket.att("Arn"));
  stack.publish(outputs.keyArn, key.att("Arn"));
}
