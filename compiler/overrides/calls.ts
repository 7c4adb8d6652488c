/** Functions in an override: they name what is in the very stack, and are held as the compiler holds its own. */

import type { StackFamily } from "../build.ts";
import { expressionOf, type Named, namedBy } from "../cfn/functions.ts";
import { type ReadCall, type ReportAt, UNKNOWN, unfitCall } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import {
  Expression,
  Import,
  isList,
  isScalar,
  type PlainObject,
  PublicParameter,
  Reference,
  type Unlinked,
  type Value,
} from "../cfn/values.ts";
import { closest, quoteList } from "../closest.ts";
import type { Diagnostic } from "../diagnostics.ts";
import { eachLive, parameterId } from "../link/link.ts";
import { isPresent } from "../merge/align.ts";
import type { ConcreteStack } from "../stack.ts";
import { showName } from "../wording.ts";

/** Pseudo parameters that have a value everywhere. */
const PSEUDO = [
  "AWS::AccountId",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

/** Functions for what differs by placement, which merge makes of concrete stacks. */
const DECIDES = ["Condition", "Fn::And", "Fn::Equals", "Fn::FindInMap", "Fn::If", "Fn::Not", "Fn::Or"];

type Trouble = Pick<Diagnostic, "code" | "message" | "help">;

/** @param index the position of the stack in its family */
export function callReader(
  family: StackFamily,
  index: number,
  schemas: ResourceSchemas,
  report: ReportAt,
): ReadCall {
  const stack = family.stacks[index] as ConcreteStack;
  const types = new Map(stack.resources.filter(isPresent).map(({ logicalId, type }) => [logicalId, type]));
  const imports = parametersOf(stack);

  const trouble = ({ name, attribute }: Named): Trouble | undefined => {
    if (name === "AWS::NoValue")
      return {
        code: "unfit-function",
        message: "nothing stands here by `AWS::NoValue`",
        help: "`null` removes",
      };
    const type = types.get(name);
    const isThere =
      type !== undefined || (attribute === undefined && (PSEUDO.includes(name) || imports.has(name)));
    if (!isThere) return unknownName(name, family, index, [...types.keys(), ...imports.keys()]);
    const attributes =
      type === undefined || attribute === undefined ? undefined : schemas.of(type)?.attributes;
    if (!attributes || attributes.includes(attribute as string)) return undefined;
    return unknownAttribute(name, attribute as string, attributes);
  };

  return (name, argument, path) => {
    const decides = DECIDES.includes(name) && {
      code: "unfit-function" as const,
      message: `${showName(name)} can't stand in an override`,
      help: "what differs by environment stands under `in:`; mappings and conditions are made of it",
    };
    const wrong = unfitCall(name, argument) || decides || firstOf(namedBy(name, argument), trouble);
    if (wrong) {
      report(path, wrong);
      return UNKNOWN;
    }
    if (name === "Fn::Sub") return textOf(argument, imports);
    return (name === "Ref" && imports.get(argument as string)) || expressionOf(name, argument);
  };
}

/** What the template has as parameters, by logical ID, as far as this stack reads it. */
function parametersOf(stack: ConcreteStack): Map<string, Unlinked> {
  const parameters = new Map<string, Unlinked>();
  eachLive(stack, (expression) => {
    if (expression instanceof Import) parameters.set(parameterId(expression.output), expression);
    if (expression instanceof PublicParameter) parameters.set(expression.published.logicalId, expression);
  });
  return parameters;
}

function firstOf(
  named: readonly Named[],
  trouble: (named: Named) => Trouble | undefined,
): Trouble | undefined {
  for (const each of named) {
    const found = trouble(each);
    if (found) return found;
  }
  return undefined;
}

function unknownName(
  name: string,
  { stackSet, stacks, placements }: StackFamily,
  index: number,
  known: readonly string[],
): Trouble {
  const having = placements.filter((_, other) =>
    stacks[other]?.resources.some((resource) => resource.logicalId === name && isPresent(resource)),
  );
  if (having.length > 0) {
    return {
      code: "unknown-name",
      message: `${showName(name)} of \`${stackSet}\` is not in \`${placements[index]?.name}\`, where this holds too`,
      help: `say it under \`in:\` for ${quoteList(having.map((each) => each.environment))}`,
    };
  }
  const near = closest(name, known);
  return {
    code: "unknown-name",
    message: `\`${stackSet}\` has neither a resource nor a parameter ${showName(name)}`,
    help: near ? `did you mean \`${near}\`?` : `there are ${quoteList(known)}`,
  };
}

function unknownAttribute(name: string, attribute: string, known: readonly string[]): Trouble {
  const near = closest(attribute, known);
  const all = known.length > 0 ? `it has ${quoteList(known)}` : "it has none; `!Ref` gives what names it";
  return {
    code: "unknown-name",
    message: `${showName(name)} has no attribute ${showName(attribute)}`,
    help: near ? `did you mean \`${near}\`?` : all,
  };
}

/**
 * Text with references as the compiler writes it: variables that are text or references stand in the text itself, so
 * that texts which differ by placement merge; an import can't, as it is known only later what becomes of it.
 */
function textOf(argument: Value, imports: ReadonlyMap<string, Unlinked>): Value {
  const [text, given = {}] = (isList(argument) ? argument : [argument]) as readonly [string, PlainObject?];
  const variables: Record<string, Value> = {};
  const inlined = text.replace(/\$\{([^!}][^}]*)\}/g, (written, name: string) => {
    const value = Object.hasOwn(given, name) ? (given[name] as Value) : imports.get(name);
    if (value === undefined) return written;
    if (isScalar(value)) return String(value).replaceAll("${", "${!");
    if (value instanceof Reference) return `\${${value.path}}`;
    variables[name] = value;
    return written;
  });
  if (!inlined.includes("${")) return inlined;
  const names = Object.keys(variables).toSorted();
  const own = Object.fromEntries(names.map((name) => [name, variables[name] as Value]));
  return new Expression("Fn::Sub", names.length > 0 ? [inlined, own] : inlined);
}
