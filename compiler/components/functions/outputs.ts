/** What functions declare for others. */
import type { Output } from "../../cfn/values.ts";

export const stackSetOf = (fn: string): string => `function-${fn}`;

/** Published where somebody watches. */
export const deadLettersName = (fn: string): Output => ({
  stackSet: stackSetOf(fn),
  name: "dead-letters-name",
  type: "String",
  description: `The queue of what the function ${fn} failed for, as CloudWatch calls it`,
});

export const functionOutputs = (fn: string) =>
  ({
    arn: {
      stackSet: stackSetOf(fn),
      name: "function-arn",
      type: "String",
      description: `ARN by which the function ${fn} is called`,
    },
    queueUrl: {
      stackSet: stackSetOf(fn),
      name: "queue-url",
      type: "String",
      description: `URL of the queue of the function ${fn}`,
    },
    queueArn: {
      stackSet: stackSetOf(fn),
      name: "queue-arn",
      type: "String",
      description: `ARN of the queue of the function ${fn}`,
    },
    securityGroupId: {
      stackSet: stackSetOf(fn),
      name: "security-group-id",
      type: "AWS::EC2::SecurityGroup::Id",
      description: `The security group of the function ${fn}`,
    },
    deadLettersArn: {
      stackSet: stackSetOf(fn),
      name: "dead-letters-arn",
      type: "String",
      description: `ARN of the queue of what the function ${fn} failed for`,
    },
  }) as const satisfies Record<string, Output>;
