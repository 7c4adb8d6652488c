/** Intrinsic functions as people write them: by tag or by key, turned into expressions. */
import { isJsonObject, type Json, type JsonObject } from "../schema.ts";
import {
  Expression,
  type FunctionName,
  isExpression,
  isList,
  isScalar,
  Reference,
  type Value,
} from "./values.ts";

/** Every function that a template may have without a transform. */
export const FUNCTIONS: readonly FunctionName[] = [
  "Ref",
  "Condition",
  "Fn::And",
  "Fn::Base64",
  "Fn::Cidr",
  "Fn::Equals",
  "Fn::FindInMap",
  "Fn::GetAtt",
  "Fn::GetAZs",
  "Fn::GetStackOutput",
  "Fn::If",
  "Fn::ImportValue",
  "Fn::Join",
  "Fn::Not",
  "Fn::Or",
  "Fn::Select",
  "Fn::Split",
  "Fn::Sub",
];

/** Functions that CloudFormation itself does not know: a transform resolves them. */
export const needsTransform = (name: string): boolean =>
  /^Fn::(Transform|Length|ToJsonString|ForEach(::.*)?)$/.test(name);

/** The function's name as a key: `!Sub` → `Fn::Sub`; undefined for a tag that is of another language. */
export function functionOfTag(tag: string): string | undefined {
  const name = /^!([A-Za-z]+)$/.exec(tag)?.[1];
  if (name === undefined) return undefined;
  return name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
}

/** The long form of a function written by tag; `!GetAtt Resource.Attribute` is a pair. */
export function longForm(name: string, argument: Json): JsonObject {
  const isPair = name === "Fn::GetAtt" && typeof argument === "string" && argument.includes(".");
  return { [name]: isPair ? splitAttribute(argument as string) : argument };
}

/** An attribute's name may have dots, a logical ID has none. */
function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}

/** The function that a map is: one with one key, which is a function's name. */
export function callIn(value: Json): { readonly name: string; readonly argument: Json } | undefined {
  if (!isJsonObject(value)) return undefined;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (name === undefined || argument === undefined || others.length > 0) return undefined;
  // A statement of a policy has a key `Condition` too, with a map behind it.
  if (name === "Condition") return typeof argument === "string" ? { name, argument } : undefined;
  return name === "Ref" || name.startsWith("Fn::") ? { name, argument } : undefined;
}

/** A function as an expression; what names a resource is a reference. */
export function expressionOf(name: string, argument: Value): Expression {
  if (name === "Ref" && typeof argument === "string") return new Reference(argument);
  if (name === "Fn::GetAtt" && Array.isArray(argument) && argument.every((item) => typeof item === "string"))
    return new Reference(argument[0] as string, argument.slice(1).join("."));
  return new Expression(name as FunctionName, argument);
}

/** A resource, an attribute of one, a parameter or a pseudo parameter, as a function names it. */
export interface Named {
  readonly name: string;
  readonly attribute?: string;
}

/** What a function names directly, in the text of `Fn::Sub` too; variables of its own are not among them. */
export function namedBy(fn: string, argument: Value): Named[] {
  if (fn === "Ref") return typeof argument === "string" ? [{ name: argument }] : [];
  if (fn === "Fn::GetAtt") {
    const [name, ...attribute] = isList(argument) ? argument : [];
    if (typeof name !== "string") return [];
    const isText = attribute.every((part) => typeof part === "string");
    return [{ name, ...(isText && attribute.length > 0 && { attribute: attribute.join(".") }) }];
  }
  if (fn !== "Fn::Sub") return [];
  const [text, variables = {}] = isList(argument) ? argument : [argument];
  if (typeof text !== "string") return [];
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, path = ""]) => path.trim())
    .filter((path) => !Object.hasOwn(variables as object, path))
    .map((path) => {
      const [name = "", ...attribute] = path.split(".");
      return { name, ...(attribute.length > 0 && { attribute: attribute.join(".") }) };
    });
}

/** What a value names whatever the conditions are: not what stands in a branch of a choice. */
export function namedAlways(value: Value): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (part: Value): void => {
    if (isScalar(part)) return;
    if (isExpression(part)) {
      if (part.fn === "Fn::If") return;
      for (const { name } of namedBy(part.fn, part.argument)) names.add(name);
      collect(part.argument);
    } else {
      for (const item of Object.values(part)) collect(item);
    }
  };
  collect(value);
  return names;
}

/** What a resource comes after beside what its properties name, which it comes after anyhow. */
export function withoutNamed(dependsOn: readonly string[], properties: Value): readonly string[] {
  if (dependsOn.length === 0) return dependsOn;
  const named = namedAlways(properties);
  return dependsOn.filter((target) => !named.has(target));
}
