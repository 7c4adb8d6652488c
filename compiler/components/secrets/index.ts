/** Secrets: those that applications demand and somebody fills in, such as the key of a payment service. */
import { keyPolicy } from "../../cfn/security.ts";
import type { Component } from "../../component.ts";
import { type Demand, demandsByName, sourceOf } from "../../demands.ts";
import { pascalCase } from "../../names.ts";
import { part, Stack } from "../../stack.ts";
import { checkSecrets } from "./check.ts";
import { SECRETS, secretOutput, secretsOutputs } from "./outputs.ts";

export const secrets: Component = {
  check: checkSecrets,
  build({ name, architecture, placement }) {
    // Those of other placements are built too: all of them are in the one template.
    const all = [...demandsByName(architecture.demands, "secrets")].map(([secret, demands]) => ({
      secret,
      isHere: demands.some((demand) => demand.placement === placement),
      from: sourceOf(architecture, demands[0] as Demand, "secrets", secret),
    }));
    const [first] = all;
    if (!first || !all.some(({ isHere }) => isHere)) return [];
    const stack = new Stack(name, SECRETS, "Secrets that somebody fills in", first.from);
    const key = stack.add(
      "AWS::KMS::Key",
      "Key",
      {
        Description: "Encrypts secrets that somebody fills in",
        EnableKeyRotation: true,
        KeyPolicy: keyPolicy(),
        Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-${SECRETS}` }],
      },
      { retain: true },
    );
    stack.publish(secretsOutputs.keyArn, key.att("Arn"));
    for (const { secret, isHere, from } of all) {
      const demanded = part(pascalCase(secret), isHere);
      // Without a value: what needs one that nobody has filled in fails to start, and does not run with a wrong one.
      const made = stack.add(
        "AWS::SecretsManager::Secret",
        `${pascalCase(secret)}Secret`,
        {
          Name: `${name}/${secret}`,
          Description: "Filled in by hand, by put-secret-value",
          KmsKeyId: key.att("Arn"),
        },
        { retain: true, part: demanded, from },
      );
      stack.publish(secretOutput(secret), made.ref, { part: demanded, from });
    }
    return [stack.build()];
  },
};
