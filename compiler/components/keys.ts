/** Keys: the encryption keys each placement has, whatever runs in it. */
import type { Placement } from "../architecture.ts";
import { keyPolicy, logGroupsEncrypt } from "../cfn/security.ts";
import type { Output } from "../cfn/values.ts";
import type { Component } from "../component.ts";
import { part, Stack } from "../stack.ts";

const STACK_SET = "keys";

export const keysOutputs = {
  logsKeyArn: {
    stackSet: STACK_SET,
    name: "logs-key-arn",
    type: "String",
    description: "ARN of the key that encrypts log groups",
  },
  variablesKeyArn: {
    stackSet: STACK_SET,
    name: "variables-key-arn",
    type: "String",
    description: "ARN of the key that encrypts environment variables of functions",
  },
} as const satisfies Record<string, Output>;

export const keys: Component = {
  build({ name, placement, architecture }) {
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
    const own = architecture.demands.filter((demand) => demand.placement === placement);
    if (own.some(({ variablesKey }) => variablesKey)) addVariablesKey(stack, name, placement);
    return [stack.build()];
  },
};

/** Whoever's variables they are decrypts them by the role it has. */
function addVariablesKey(stack: Stack, name: string, { environment }: Placement): void {
  const options = { part: part("Functions", true) };
  const key = stack.add(
    "AWS::KMS::Key",
    "VariablesKey",
    {
      Description: "Encrypts environment variables of functions",
      EnableKeyRotation: true,
      KeyPolicy: keyPolicy(),
      Tags: [{ Key: "Name", Value: `${name}-${environment}-variables` }],
    },
    { retain: true, ...options },
  );
  stack.add(
    "AWS::KMS::Alias",
    "VariablesKeyAlias",
    { AliasName: `alias/${name}/variables`, TargetKeyId: key.ref },
    options,
  );
  stack.publish(keysOutputs.variablesKeyArn, key.att("Arn"), options);
}
