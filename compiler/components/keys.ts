/** Keys: the encryption keys each placement has, whatever runs in it. */
import { keyPolicy } from "../cfn/security.ts";
import { accountId, type Output, partition, region, sub, urlSuffix } from "../cfn/values.ts";
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
        KeyPolicy: logsKeyPolicy,
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

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html, each action by its name. */
const logsKeyPolicy = keyPolicy({
  Sid: "LogsOfThisAccount",
  Effect: "Allow",
  Principal: { Service: sub`logs.${region}.${urlSuffix}` },
  Action: [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ],
  Resource: "*",
  Condition: {
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": sub`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
    },
  },
});
