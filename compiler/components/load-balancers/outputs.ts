/** What the stack sets of load balancers declare for others. */
import type { Output } from "../../cfn/values.ts";
import type { Kind } from "./settings.ts";

export const LOGS = "load-balancer-logs";
/** It comes after the public load balancer; what lets requests further than that comes after it. */
export const WEB_ACL = "web-acl";

export const stackSetOf = (kind: Kind): string => `load-balancer-${kind}`;

export const logsBucket = {
  stackSet: LOGS,
  name: "bucket-name",
  type: "String",
  description: "The bucket for access logs of load balancers",
} as const satisfies Output;

/** What one of the load balancers declares, in every placement that has it. */
export const balancerOutputs = (kind: Kind) =>
  ({
    arn: {
      stackSet: stackSetOf(kind),
      name: "load-balancer-arn",
      type: "String",
      description: `ARN of the ${kind} load balancer`,
    },
    fullName: {
      stackSet: stackSetOf(kind),
      name: "load-balancer-full-name",
      type: "String",
      description: `What CloudWatch calls the ${kind} load balancer in its metrics`,
    },
    listenerArn: {
      stackSet: stackSetOf(kind),
      name: "listener-arn",
      type: "String",
      description: `ARN of the HTTPS listener of the ${kind} load balancer`,
    },
    securityGroupId: {
      stackSet: stackSetOf(kind),
      name: "security-group-id",
      type: "AWS::EC2::SecurityGroup::Id",
      description: `The security group of the ${kind} load balancer`,
    },
    dnsName: {
      stackSet: stackSetOf(kind),
      name: "dns-name",
      type: "String",
      description: `The DNS name AWS gave the ${kind} load balancer, for alias records`,
    },
    zoneId: {
      stackSet: stackSetOf(kind),
      name: "zone-id",
      type: "String",
      description: `Id of the hosted zone the DNS name of the ${kind} load balancer is in, for alias records`,
    },
  }) as const satisfies Record<string, Output>;
