/** Keys: the encryption keys each placement has, whatever runs in it. */
import { keyPolicy, logGroupsEncrypt } from "../cfn/security.ts";
import type { Output } from "../cfn/values.ts";
import type { Component } from "../component.ts";
import { Stack } from "../stack.ts";

const STACK_SET = "keys";

export const keysOutputs = {
  logsKeyArn: {
    stackSet: STACK_SET,
    name: "logs-key-arn",
    type: "String",
    description: "ARN of the key that encrypts log groups",
  },
} as const satisfies Record<string, Output>;

export const keys: Component = {
  build({ name, placement }) {
    const stack = new Stack(name, STACK_SET, "Encryption keys of a placement", ["environments"]);
    const logsKey = stack.add(
      "AWS::KMS::Key",
      "LogsKey",
      {
        Description: "Encrypts log groups",
        EnableKeyRotation: true,
        KeyPolicy: keyPolicy(logGroupsEncrypt),
        Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-logs` }],
      },
      { retain: true },
    );
    stack.add("AWS::KMS::Alias", "LogsKeyAlias", {
      AliasName: `alias/${name}/logs`,
      TargetKeyId: logsKey.ref,
    });
    stack.publish(keysOutputs.logsKeyArn, logsKey.att("Arn"));
    return [stack.build()];
  },
};
