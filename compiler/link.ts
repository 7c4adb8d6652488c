/** Turns imports into what CloudFormation resolves: an SSM-typed parameter, or a dynamic reference. */
import type { StackFamily } from "./build.ts";
import type { TemplateParameter } from "./cfn/template.ts";
import {
  Expression,
  eachExpression,
  Import,
  mapExpressions,
  type Output,
  type PlainObject,
  type Value,
} from "./cfn/values.ts";
import { Invariant } from "./invariant.ts";
import { pascalCase } from "./names.ts";
import { type ConcreteStack, parameterName } from "./stack.ts";

export interface Links {
  /** The stack sets this one reads from, each once. */
  readonly producers: readonly string[];
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  /** The value with its imports resolved. */
  resolve(value: Value): Value;
}

/**
 * Chooses how each import of a stack set is resolved.
 *
 * An SSM-typed parameter is resolved in every stack of the set, wherever it is used, and fails where it does not exist.
 * So what only some placements import is a dynamic reference, which stands only where it is used.
 */
export function link(specName: string, family: StackFamily): Links {
  const imports = family.stacks.map(importsOf);
  const outputs = new Map(imports.flatMap((found) => [...found]));
  const everywhere = new Set([...outputs.keys()].filter((key) => imports.every((found) => found.has(key))));
  const parameters: Record<string, TemplateParameter> = {};
  for (const key of everywhere) {
    const output = outputs.get(key) as Output;
    parameters[parameterId(output)] = {
      Type: `AWS::SSM::Parameter::Value<${output.type}>`,
      Description: `${output.description}; published by the stack set ${output.stackSet}`,
      Default: parameterName(specName, output),
    };
  }
  return {
    producers: [...new Set([...outputs.values()].map(({ stackSet }) => stackSet))],
    parameters,
    resolve: (value) =>
      mapExpressions(value, (expression) => {
        if (!(expression instanceof Import)) return expression;
        const { output } = expression;
        return everywhere.has(keyOf(output))
          ? new Expression("Ref", parameterId(output))
          : dynamicReference(parameterName(specName, output), output);
      }),
  };
}

function dynamicReference(name: string, output: Output): string {
  if (output.type.startsWith("List<")) {
    throw new Invariant(
      `${name} is a list that only some placements import; a dynamic reference can't stand for a list`,
    );
  }
  return `{{resolve:ssm:${name}}}`;
}

function importsOf(stack: ConcreteStack): Map<string, Output> {
  const found = new Map<string, Output>();
  for (const { properties, part } of stack.resources) {
    if (part && !part.present) continue;
    eachExpression(properties, (expression) => {
      if (expression instanceof Import) found.set(keyOf(expression.output), expression.output);
    });
  }
  return found;
}

const keyOf = ({ stackSet, name }: Output): string => `${stackSet}/${name}`;
const parameterId = ({ stackSet, name }: Output): string => pascalCase(`${stackSet}-${name}`);

/** Resources with their imports resolved. */
export function linkProperties(links: Links, properties: PlainObject): PlainObject {
  return links.resolve(properties) as PlainObject;
}
