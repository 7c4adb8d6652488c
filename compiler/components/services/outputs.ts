/** What services declare for others, and for who runs their tasks by hand. */
import type { Output } from "../../cfn/values.ts";
import type { Kind } from "../load-balancers/settings.ts";

export const stackSetOf = (service: string): string => `service-${service}`;

export const serviceOutputs = (service: string) =>
  ({
    taskDefinitionArn: {
      stackSet: stackSetOf(service),
      name: "task-definition-arn",
      type: "String",
      description: `The task definition of the service ${service}`,
    },
    securityGroupId: {
      stackSet: stackSetOf(service),
      name: "security-group-id",
      type: "AWS::EC2::SecurityGroup::Id",
      description: `The security group of the service ${service}`,
    },
  }) as const satisfies Record<string, Output>;

/** Published where somebody watches: one target group of a service, of the two that a service has that changes in stages. */
export const targetGroupOutput = (service: string, balancer: Kind, suffix: "" | "Alternate"): Output => ({
  stackSet: stackSetOf(service),
  name: `${balancer}${suffix && `-${suffix.toLowerCase()}`}-target-group`,
  type: "String",
  description: `What CloudWatch calls the ${suffix && `${suffix.toLowerCase()} `}target group of the service ${service} on the ${balancer} load balancer`,
});
