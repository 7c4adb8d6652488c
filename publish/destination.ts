/** A site's bucket and distribution in AWS. */
import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { S3Client } from "@aws-sdk/client-s3";
import { DeployError, isAnswer } from "../deploy/errors.ts";
import type { Waiting } from "../deploy/wait.ts";
import { ServedFolder } from "./bucket.ts";
import { invalidate } from "./invalidation.ts";
import type { Destination } from "./publish.ts";
import { RecordStore } from "./record.ts";

/** How it is called and reached. */
export interface Address {
  readonly s3: S3Client;
  readonly cloudFront: CloudFrontClient;
  readonly bucket: string;
  /** The folder in the bucket that is served. */
  readonly folder: string;
  /** The id of the account that has the bucket. */
  readonly account: string;
  readonly distributionId: string;
}

export function destinationAt(address: Address, waiting: Waiting): Destination {
  const { s3, cloudFront, bucket, folder, account, distributionId } = address;
  const served = new ServedFolder(s3, bucket, folder, account);
  const store = new RecordStore(s3, bucket, account);
  return {
    list: () =>
      served.list().catch((error: unknown) => {
        if (!isAnswer(error, "NoSuchBucket")) throw error;
        throw new DeployError(`there is no bucket ${bucket} yet: deploy the site first`);
      }),
    put: (path, content, as) => served.put(path, content, as),
    delete: (paths) => served.delete(paths),
    readRecord: () => store.read(),
    writeRecord: (record) => store.write(record),
    invalidate: () => invalidate(cloudFront, distributionId, waiting),
  };
}
