/** What the stack sets of sites declare for others, and their names. */
import type { Output } from "../../cfn/values.ts";

export const EDGE = "edge";

export const bucketStackSet = (site: string): string => `site-${site}`;
export const distributionStackSet = (site: string): string => `distribution-${site}`;

export const edgeOutputs = {
  certificateArn: {
    stackSet: EDGE,
    name: "certificate-arn",
    type: "String",
    description: "ARN of the certificate for the domain and the names right below it, for CloudFront",
  },
  webAclArn: {
    stackSet: EDGE,
    name: "web-acl-arn",
    type: "String",
    description: "ARN of the web ACL before CloudFront",
  },
  accessLogsArn: {
    stackSet: EDGE,
    name: "access-logs-arn",
    type: "String",
    description: "ARN of the delivery destination for access logs of CloudFront",
  },
} as const satisfies Record<string, Output>;

export const distributionId = (site: string): Output => ({
  stackSet: distributionStackSet(site),
  name: "distribution-id",
  type: "String",
  description: `Id of the distribution of the site ${site}`,
});
