/** What the stack set of secrets declares for others, in every placement where one is demanded. */
import type { Output } from "../../cfn/values.ts";

export const SECRETS = "secrets";

export const secretsOutputs = {
  keyArn: {
    stackSet: SECRETS,
    name: "key-arn",
    type: "String",
    description: "ARN of the key that encrypts secrets",
  },
} as const satisfies Record<string, Output>;

/** The ARN of a secret, by its name in the spec; only where somebody demands it. */
export const secretOutput = (secret: string): Output => ({
  stackSet: SECRETS,
  name: `${secret}-secret-arn`,
  type: "String",
  description: `ARN of the secret ${secret}`,
});
