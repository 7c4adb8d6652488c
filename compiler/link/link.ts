/** Turns imports into what CloudFormation resolves, by where the value was published and which placements want it. */
import type { Placement } from "../architecture.ts";
import type { StackFamily } from "../build.ts";
import type { TemplateParameter } from "../cfn/template.ts";
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
  Unlinked,
  type Value,
} from "../cfn/values.ts";
import { type Diagnostic, inSpec, type Report } from "../diagnostics.ts";
import { Invariant } from "../invariant.ts";
import type { Merged } from "../merge/merge.ts";
import { pascalCase } from "../names.ts";
import { type ConcreteStack, parameterName, part } from "../stack.ts";
import { keyOf, type Read, readsOf } from "./reads.ts";

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
 * account is named by its ARN, which a dynamic reference can't take and which names one Region; nor can it be a list. What
 * AWS publishes is there in every account.
 *
 * @param report takes an import for which there is no way
 */
export function link(specName: string, family: StackFamily, merged: Merged, report: Report): Links {
  const reads = readsOf(merged, family.placements.length);
  const expected = family.stacks.map((stack) => new Set(stack.expected?.map((output) => nameOf(output))));
  const parameters: Record<string, TemplateParameter> = publicParameters(family, reads);
  const resolved = new Map<string, Value>();
  const producers = new Set<string>();
  for (const [key, { expression, live }] of reads) {
    if (expression instanceof PublicParameter) resolved.set(key, reference(expression.published.logicalId));
    if (!(expression instanceof Import)) continue;
    const { output, owner } = expression;
    const id = parameterId(output);
    const name = parameterName(specName, output);
    producers.add(output.stackSet);
    if (owner && !family.stacks.some(({ isReader }) => isReader))
      throw new Invariant(`${family.stackSet} reads ${name} of another account, which does not know of it`);
    if (live.every((isLive, placement) => isLive || (!owner && expected[placement]?.has(nameOf(output))))) {
      if (Object.hasOwn(parameters, id))
        throw new Invariant(`${family.stackSet} imports ${name} from two places under one name`);
      parameters[id] = {
        Type: `AWS::SSM::Parameter::Value<${output.type}>`,
        Description: `${output.description}; published by the stack set ${output.stackSet}`,
        Default: owner ? parameterArn(name, owner) : name,
      };
      resolved.set(key, reference(id));
    } else if (owner || isList(output)) {
      report(unreachable(family, output, owner));
      resolved.set(key, reference(id));
    } else {
      resolved.set(key, dynamicReference(name));
    }
  }
  return {
    producers: [...producers],
    parameters,
    resolve: (value) =>
      mapExpressions(value, (expression) =>
        expression instanceof Unlinked ? (resolved.get(keyOf(expression)) ?? expression) : expression,
      ),
  };
}

const reference = (logicalId: string): Expression => new Expression("Ref", logicalId);

/** Those that a placement really reads; each stack of the set can, whether it does or not. */
function publicParameters(
  { stackSet }: StackFamily,
  reads: ReadonlyMap<string, Read>,
): Record<string, TemplateParameter> {
  const parameters: Record<string, TemplateParameter> = {};
  for (const { expression } of reads.values()) {
    if (!(expression instanceof PublicParameter)) continue;
    const { logicalId, name, type, description }: Published = expression.published;
    if (Object.hasOwn(parameters, logicalId)) {
      throw new Invariant(`${stackSet} reads two parameters of AWS under the name ${logicalId}`);
    }
    parameters[logicalId] = {
      Type: `AWS::SSM::Parameter::Value<${type}>`,
      Description: `${description}; published by AWS`,
      Default: name,
    };
  }
  return parameters;
}

/**
 * Tells each shared output the accounts that import it. Where nobody does, it is not shared.
 *
 * @returns the same families, those that share at the end, when all who read are known
 */
export function* linkReaders(families: Iterable<StackFamily>): Generator<StackFamily> {
  const readers = new Map<string, Set<string>>();
  const sharing: StackFamily[] = [];
  for (const family of families) {
    collectReaders(family, readers);
    if (family.stacks.some(({ resources }) => resources.some(({ type }) => type === SHARE))) {
      sharing.push(family);
    } else {
      yield family;
    }
  }
  for (const family of sharing) {
    const stacks = family.stacks.map((stack, index) => {
      const { account, region } = family.placements[index] as Placement;
      const owner = { account: account.id, region };
      return mapShares(stack, ({ output }) => [...(readers.get(sharedKey(output, owner)) ?? [])]);
    });
    yield { ...family, stacks };
  }
}

/** @param readers takes the accounts that import a shared output, by output */
function collectReaders({ stacks, placements }: StackFamily, readers: Map<string, Set<string>>): void {
  stacks.forEach((stack, index) => {
    const reader = placements[index]?.account.id;
    if (!stack.isReader || reader === undefined) return;
    eachLive(stack, (expression) => {
      if (!(expression instanceof Import) || !expression.owner) return;
      const { output, owner } = expression;
      if (reader === owner.account) return;
      const key = sharedKey(output, owner);
      readers.set(key, (readers.get(key) ?? new Set()).add(reader));
    });
  });
}

/** @param readersOf the accounts that read an output of this stack */
function mapShares(stack: ConcreteStack, readersOf: (readers: Readers) => string[]): ConcreteStack {
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

const isList = ({ type }: Output): boolean => type.startsWith("List<");

const dynamicReference = (name: string): string => `{{resolve:ssm:${name}}}`;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html */
const parameterArn = (name: string, { account, region }: Location): string =>
  `arn:aws:ssm:${region}:${account}:parameter${name}`;

function unreachable(
  { stackSet, stacks }: StackFamily,
  output: Output,
  owner: Location | undefined,
): Diagnostic {
  const whose = owner ? ` of account ${owner.account} in ${owner.region}` : ", a list,";
  return {
    code: "unreachable-value",
    message: `\`${stackSet}\` can't read \`${output.stackSet}/${output.name}\`${whose} in all of its placements`,
    help: owner
      ? "a value of another account can be read in one Region only, and only by all placements of a stack set"
      : `a list can be read only where all placements have it: leave out those without \`${output.stackSet}\``,
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

const nameOf = ({ stackSet, name }: Output): string => `${stackSet}/${name}`;
const sharedKey = (output: Output, { account, region }: Location): string =>
  `${account}/${region}/${nameOf(output)}`;
/** The template parameter that stands for an output of another stack set. */
export const parameterId = ({ stackSet, name }: Output): string => pascalCase(`${stackSet}-${name}`);
