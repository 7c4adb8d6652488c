/** The access log of a distribution: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html */
import { accountId, Import, partition, sub } from "../../cfn/values.ts";
import type { Handle, Stack } from "../../stack.ts";
import type { SiteContext } from "./index.ts";
import { edgeOutputs } from "./outputs.ts";

/** Delivered to the bucket that the sites share. The older way would write by ACLs, which are off. */
export function addAccessLog(
  stack: Stack,
  { name, site }: SiteContext,
  distribution: Handle<"AWS::CloudFront::Distribution">,
): void {
  const tags = [{ Key: "Name", Value: site }];
  const source = stack.add("AWS::Logs::DeliverySource", "AccessLog", {
    Name: `${name}-${site}`,
    LogType: "ACCESS_LOGS",
    ResourceArn: sub`arn:${partition}:cloudfront::${accountId}:distribution/${distribution.ref}`,
    Tags: tags,
  });
  stack.add("AWS::Logs::Delivery", "AccessLogDelivery", {
    DeliverySourceName: source.ref,
    DeliveryDestinationArn: new Import(edgeOutputs.accessLogsArn),
    Tags: tags,
  });
}
