/** What others read of the alerts. */
import type { Output } from "../../cfn/values.ts";

export const ALERTS = "alerts";

export const alertsOutputs = {
  topicArn: {
    stackSet: ALERTS,
    name: "topic-arn",
    type: "String",
    description: "ARN of the topic that tells people when something is wrong",
  },
} as const satisfies Record<string, Output>;

/** The topic's name, the same in every account and Region. */
export const topicNameOf = (name: string): string => `${name}-${ALERTS}`;
