/** Access logs: in a bucket for long, and in a log group for queries. */
import { nobodyDeletes, privateBucket, tlsOnly } from "../../cfn/security.ts";
import { accountId, Import, sub } from "../../cfn/values.ts";
import { type ConcreteStack, type Handle, part, Stack } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { addQuery, QUERIES } from "../queries.ts";
import { LOGS, logsBucket, stackSetOf } from "./outputs.ts";
import { KINDS, type Kind, type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";

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

/**
 * The access log once more, where CloudWatch can be asked. It writes to the group by a policy that it makes itself:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html
 */
export function addQueryLog(
  stack: Stack,
  name: string,
  kind: Kind,
  settings: LoadBalancersSettings,
  balancer: Handle<"AWS::ElasticLoadBalancingV2::LoadBalancer">,
): void {
  const options = { part: part("QueryLog", settings["query-logs"]) };
  const title = `${name}-${stackSetOf(kind)}`;
  const tags = [{ Key: "Name", Value: title }];
  const group = stack.add(
    "AWS::Logs::LogGroup",
    "AccessLogGroup",
    {
      LogGroupName: `/${name}/load-balancer/${kind}`,
      RetentionInDays: settings["retention-days"],
      KmsKeyId: new Import(keysOutputs.logsKeyArn),
    },
    { retain: true },
  );
  const source = stack.add(
    "AWS::Logs::DeliverySource",
    "AccessLog",
    { Name: title, LogType: "ALB_ACCESS_LOGS", ResourceArn: balancer.ref, Tags: tags },
    options,
  );
  const destination = stack.add(
    "AWS::Logs::DeliveryDestination",
    "AccessLogDestination",
    { Name: title, DestinationResourceArn: group.att("Arn"), OutputFormat: "json", Tags: tags },
    options,
  );
  stack.add(
    "AWS::Logs::Delivery",
    "AccessLogDelivery",
    { DeliverySourceName: source.ref, DeliveryDestinationArn: destination.att("Arn"), Tags: tags },
    options,
  );
  const folder = `${name}/${stackSetOf(kind)}`;
  addQuery(stack, "ServerErrors", folder, QUERIES.serverErrors, [group.ref], options);
  addQuery(stack, "SlowestPaths", folder, QUERIES.slowRequests, [group.ref], options);
}
