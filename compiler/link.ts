/** Turns imports into what CloudFormation resolves, by where the value was published and which placements want it. */
import type { StackFamily } from "./build.ts";
import type { TemplateParameter } from "./cfn/template.ts";
import {
  Expression,
  eachExpression,
  Import,
  type Location,
  mapExpressions,
  type Output,
  PublicParameter,
  type Published,
  Readers,
  type Value,
} from "./cfn/values.ts";
import { type Diagnostic, inSpec, type Report } from "./diagnostics.ts";
import { Invariant } from "./invariant.ts";
import { pascalCase } from "./names.ts";
import { type ConcreteStack, parameterName, part } from "./stack.ts";

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
 * So what is not there in all placements is a dynamic reference, which stands only where it is used. A value of another
 * account is named by its ARN, which a dynamic reference can't take and which names one Region. What AWS publishes is
 * there in every account.
 *
 * @param report takes an import for which there is no way
 */
export function link(specName: string, family: StackFamily, report: Report): Links {
  const found = family.stacks.map(importsOf);
  const imports = new Map(found.flatMap((own) => [...own]));
  const expected = family.stacks.map((stack) => new Set(stack.expected?.map((output) => keyOf({ output }))));
  const isEverywhere = (key: string) =>
    found.every((own, placement) => own.has(key) || expected[placement]?.has(key));
  const parameters: Record<string, TemplateParameter> = publicParameters(family);
  for (const [key, { output, owner }] of imports) {
    if (!isEverywhere(key)) {
      if (owner) report(unreachable(family, output, owner));
      continue;
    }
    if (Object.hasOwn(parameters, parameterId(output))) {
      throw new Invariant(`${family.stackSet} imports ${key} from two places under one name`);
    }
    parameters[parameterId(output)] = {
      Type: `AWS::SSM::Parameter::Value<${output.type}>`,
      Description: `${output.description}; published by the stack set ${output.stackSet}`,
      Default: owner ? parameterArn(specName, output, owner) : parameterName(specName, output),
    };
  }
  return {
    producers: [...new Set([...imports.values()].map(({ output }) => output.stackSet))],
    parameters,
    resolve: (value) =>
      mapExpressions(value, (expression) => {
        if (expression instanceof PublicParameter)
          return new Expression("Ref", expression.published.logicalId);
        if (!(expression instanceof Import)) return expression;
        const { output, owner } = expression;
        return isEverywhere(keyOf(expression)) || owner
          ? new Expression("Ref", parameterId(output))
          : dynamicReference(parameterName(specName, output), output);
      }),
  };
}

/** Those that a placement really reads; each stack of the set can, whether it does or not. */
function publicParameters({ stackSet, stacks }: StackFamily): Record<string, TemplateParameter> {
  const parameters: Record<string, TemplateParameter> = {};
  for (const stack of stacks) {
    eachLive(stack, (expression) => {
      if (!(expression instanceof PublicParameter)) return;
      const { logicalId, name, type, description }: Published = expression.published;
      if ((parameters[logicalId]?.Default ?? name) !== name) {
        throw new Invariant(`${stackSet} reads two parameters of AWS under the name ${logicalId}`);
      }
      parameters[logicalId] = {
        Type: `AWS::SSM::Parameter::Value<${type}>`,
        Description: `${description}; published by AWS`,
        Default: name,
      };
    });
  }
  return parameters;
}

/** Tells each shared output the accounts that import it. Where nobody does, it is not shared. */
export function linkReaders(families: readonly StackFamily[]): StackFamily[] {
  const readers = new Map<string, Set<string>>();
  for (const { stacks, placements } of families) {
    stacks.forEach((stack, index) => {
      for (const { output, owner } of importsOf(stack).values()) {
        const reader = placements[index]?.account.id;
        if (!owner || !reader || reader === owner.account) continue;
        const key = keyOf({ output, owner });
        readers.set(key, (readers.get(key) ?? new Set()).add(reader));
      }
    });
  }
  return families.map((family) => ({
    ...family,
    stacks: family.stacks.map((stack, index) => {
      const at = family.placements[index];
      const owner = at && { account: at.account.id, region: at.region };
      return mapShares(stack, ({ output }) => [...(readers.get(keyOf({ output, owner })) ?? [])]);
    }),
  }));
}

/** @param readersOf the accounts that read an output of this stack */
function mapShares(stack: ConcreteStack, readersOf: (readers: Readers) => string[]): ConcreteStack {
  if (!stack.resources.some(({ type }) => type === SHARE)) return stack;
  return {
    ...stack,
    resources: stack.resources.map((resource) => {
      const { Principals } = resource.properties;
      if (resource.type !== SHARE || !(Principals instanceof Readers)) return resource;
      const principals = readersOf(Principals);
      return {
        ...resource,
        properties: { ...resource.properties, Principals: principals },
        part: part(resource.logicalId, principals.length > 0, ...(resource.part ? [resource.part] : [])),
      };
    }),
  };
}

const SHARE = "AWS::RAM::ResourceShare";

function dynamicReference(name: string, output: Output): string {
  if (output.type.startsWith("List<")) {
    throw new Invariant(
      `${name} is a list that only some placements import; a dynamic reference can't stand for a list`,
    );
  }
  return `{{resolve:ssm:${name}}}`;
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html */
function parameterArn(specName: string, output: Output, { account, region }: Location): string {
  return `arn:aws:ssm:${region}:${account}:parameter${parameterName(specName, output)}`;
}

function unreachable({ stackSet, stacks }: StackFamily, output: Output, owner: Location): Diagnostic {
  return {
    code: "unreachable-value",
    message: `\`${stackSet}\` can't read \`${output.stackSet}/${output.name}\` of account ${owner.account} in ${owner.region} in all of its placements`,
    help: "a value of another account can be read in one Region only, and only by all placements of a stack set",
    at: inSpec(stacks[0]?.resources[0]?.from ?? []),
  };
}

/** The imports of what the placement really has, by what is imported. */
export function importsOf(stack: ConcreteStack): Map<string, Import> {
  const found = new Map<string, Import>();
  eachLive(stack, (expression) => {
    if (expression instanceof Import) found.set(keyOf(expression), expression);
  });
  return found;
}

/** Calls `visit` for every expression of what the placement really has. */
export function eachLive({ resources }: ConcreteStack, visit: (expression: Expression) => void): void {
  for (const { properties, part } of resources) {
    if (part?.present ?? true) eachExpression(properties, visit);
  }
}

const keyOf = ({
  output,
  owner,
}: {
  readonly output: Output;
  readonly owner?: Location | undefined;
}): string => `${owner ? `${owner.account}/${owner.region}/` : ""}${output.stackSet}/${output.name}`;
/** The template parameter that stands for an output of another stack set. */
export const parameterId = ({ stackSet, name }: Output): string => pascalCase(`${stackSet}-${name}`);
