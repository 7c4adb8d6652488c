/** The baseline: what every account has in every Region that is watched, whether or not an environment is there. */
import { keyPolicy, logGroupsEncrypt } from "../../cfn/security.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { BASELINE, baselineOutputs } from "./outputs.ts";

export const baseline: Component = {
  path: ["security"],
  scope: "watched",
  build({ name, path }) {
    const stack = new Stack(name, BASELINE, "What every account has in every Region", path);
    const key = stack.add(
      "AWS::KMS::Key",
      "Key",
      {
        Description: "Encrypts what security keeps in this account and Region",
        EnableKeyRotation: true,
        KeyPolicy: keyPolicy(logGroupsEncrypt),
        Tags: [{ Key: "Name", Value: `${name}-${BASELINE}` }],
      },
      { retain: true },
    );
    stack.add("AWS::KMS::Alias", "KeyAlias", {
      AliasName: `alias/${name}/${BASELINE}`,
      TargetKeyId: key.ref,
    });
    stack.publish(baselineOutputs.keyArn, key.att("Arn"));
    return [stack.build()];
  },
};
