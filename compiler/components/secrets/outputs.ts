/** What the secrets of a placement declare for others. */
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

export const secretOutput = (secret: string): Output => ({
  stackSet: SECRETS,
  name: `${secret}-arn`,
  type: "String",
  description: `ARN of the secret ${secret}`,
});
