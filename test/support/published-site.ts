/** A site in moto as it is after a deploy, and a folder to publish to it. */
import { CreateDistributionCommand, ListInvalidationsCommand } from "@aws-sdk/client-cloudfront";
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { type Clients, clientsFor, type Moto } from "../python/moto.ts";
import { goldenSpec } from "./golden-spec.ts";
import { emptyWorkplace, type Workplace } from "./landform.ts";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";

export interface PublishedSite {
  readonly place: Workplace;
  readonly bucket: string;
  readonly home: Clients;
  /** The keys of all objects below `site/`, without it. */
  list(): Promise<string[]>;
  /** The headers of an object as S3 gives them to CloudFront. */
  head(
    path: string,
  ): Promise<{ readonly contentType: string | undefined; readonly cacheControl: string | undefined }>;
  invalidations(): Promise<number>;
}

/** What the tool finds in its environment with such credentials. */
export const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken = "" }: Credentials) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
});

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** @param name the architecture's name, so that several can be in one moto */
export async function publishedSite(moto: Moto, name: string): Promise<PublishedSite> {
  const [home, edge] = await Promise.all([
    clientsFor(moto.endpoint, ACCOUNT, REGION),
    clientsFor(moto.endpoint, ACCOUNT, "us-east-1"),
  ]);
  const bucket = `${name}-site-www-${ACCOUNT}-${REGION}`;
  await home.s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const origin = { Id: "bucket", DomainName: `${bucket}.s3.${REGION}.amazonaws.com` };
  const { Distribution } = await edge.cloudFront.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: name,
        Comment: name,
        Enabled: true,
        Origins: { Quantity: 1, Items: [origin] },
        DefaultCacheBehavior: { TargetOriginId: origin.Id, ViewerProtocolPolicy: "redirect-to-https" },
      },
    }),
  );
  const DistributionId = Distribution?.Id ?? "";
  await edge.ssm.send(
    new PutParameterCommand({
      Name: `/${name}/distribution-www/distribution-id`,
      Type: "String",
      Value: DistributionId,
    }),
  );
  const place = emptyWorkplace();
  place.write("specs/spec.yaml", goldenSpec("test/golden/distribution/one-environment.yaml", name));
  const own = await home.ssm.config.credentials();
  place.env = { ...environmentOf(own), AWS_ENDPOINT_URL: moto.endpoint };
  await place.landform("compile");
  return {
    place,
    bucket,
    home,
    async list() {
      const paths: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await home.s3.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: "site/",
            ...(ContinuationToken && { ContinuationToken }),
          }),
        );
        paths.push(...(page.Contents ?? []).map(({ Key = "" }) => Key.slice("site/".length)));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
      return paths;
    },
    async head(path) {
      const { ContentType, CacheControl } = await home.s3.send(
        new HeadObjectCommand({ Bucket: bucket, Key: `site/${path}` }),
      );
      return { contentType: ContentType, cacheControl: CacheControl };
    },
    async invalidations() {
      const { InvalidationList } = await edge.cloudFront.send(
        new ListInvalidationsCommand({ DistributionId }),
      );
      return InvalidationList?.Items?.length ?? 0;
    },
  };
}
