/** The bucket for access logs. */
import { nobodyDeletes, privateBucket, tlsOnly } from "../../cfn/security.ts";
import { accountId, sub } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { LOGS, logsBucket } from "./outputs.ts";
import { KINDS, type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";

/** Days that versions are kept which are no longer current: nobody overwrites a log by mistake. */
const NONCURRENT_DAYS = 7;

/**
 * Load balancers write to no bucket with a key of ours, only with one of S3's, and AWS names no condition for the
 * service: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function buildLogs(name: string, settings: LoadBalancersSettings): ConcreteStack {
  const stack = new Stack(name, LOGS, "The bucket for access logs of load balancers", loadBalancersPath);
  const bucket = stack.add(
    "AWS::S3::Bucket",
    "AccessLogsBucket",
    privateBucket("AES256", NONCURRENT_DAYS, settings["retention-days"]),
    { retain: true },
  );
  const arn = bucket.att("Arn");
  stack.add(
    "AWS::S3::BucketPolicy",
    "AccessLogsBucketPolicy",
    {
      Bucket: bucket.ref,
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "LoadBalancersWrite",
            Effect: "Allow",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: KINDS.map((kind) => sub`${arn}/${kind}/AWSLogs/${accountId}/*`),
          },
          nobodyDeletes(arn),
          tlsOnly(arn),
        ],
      },
    },
    { retain: true },
  );
  stack.publish(logsBucket, bucket.ref);
  return stack.build();
}
