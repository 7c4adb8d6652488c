/** The names of a site in the environment's zone. */
import { pascalCase } from "../../names.ts";
import type { Handle, Stack } from "../../stack.ts";
import { findDomain } from "../domains/settings.ts";
import type { SiteContext } from "./index.ts";
import { hostName, labelsOf } from "./settings.ts";

/** The zone of every distribution: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-recordset-aliastarget.html */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";

/** The zone is found by its name, since its id is known in the environment's own Region alone. */
export function addRecords(
  stack: Stack,
  { architecture, placement, domain, settings }: SiteContext,
  distribution: Handle<"AWS::CloudFront::Distribution">,
): void {
  const zoneId = findDomain(architecture, placement)?.zoneId;
  const zone = zoneId === undefined ? { HostedZoneName: `${domain}.` } : { HostedZoneId: zoneId };
  for (const label of labelsOf(settings)) {
    const id = label === "@" ? "" : pascalCase(label);
    for (const [type, version] of [
      ["A", "Ipv4"],
      ["AAAA", "Ipv6"],
    ] as const) {
      stack.add("AWS::Route53::RecordSet", `${id}${version}`, {
        ...zone,
        Name: hostName(label, domain),
        Type: type,
        AliasTarget: {
          DNSName: distribution.att("DomainName"),
          HostedZoneId: CLOUDFRONT_ZONE,
          EvaluateTargetHealth: false,
        },
      });
    }
  }
}
