/** The stack sets of the baseline, and what others read of it. */
import type { Output } from "../../cfn/values.ts";

export const BASELINE = "baseline";

export const baselineOutputs = {
  keyArn: {
    stackSet: BASELINE,
    name: "key-arn",
    type: "String",
    description: "ARN of the key that encrypts what security keeps in an account and Region",
  },
} as const satisfies Record<string, Output>;

/** What looks for access from outside is called, the same in every account and Region. */
export const analyzerName = (name: string): string => `${name}-external-access`;
