/** The template of one concrete stack alone: what a bootstrap stack is, and what `specialise` must arrive at. */
import { withoutNamed } from "../cfn/functions.ts";
import type { Template } from "../cfn/template.ts";
import type { PlainObject, Value } from "../cfn/values.ts";
import type { ConcreteStack } from "../stack.ts";

/** @param resolve what becomes of imports; they stay as they are by default */
export function concreteTemplate(
  stack: ConcreteStack,
  resolve: (value: Value) => Value = (value) => value,
): Template {
  const present = stack.resources.filter(({ part }) => part?.present ?? true);
  const ids = new Set(present.map(({ logicalId }) => logicalId));
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: stack.description,
    Resources: Object.fromEntries(
      present.map((resource) => {
        const present = resource.dependsOn.filter((target) => ids.has(target));
        const dependsOn = withoutNamed(present, resource.properties);
        return [
          resource.logicalId,
          {
            Type: resource.type,
            ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
            ...(resource.deletionPolicy && { DeletionPolicy: resource.deletionPolicy }),
            ...(resource.updateReplacePolicy && { UpdateReplacePolicy: resource.updateReplacePolicy }),
            ...(resource.updatePolicy && { UpdatePolicy: resource.updatePolicy }),
            Properties: resolve(resource.properties) as PlainObject,
          },
        ];
      }),
    ),
  };
}
