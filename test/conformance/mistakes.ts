/** What in a template is not as the resource schemas have it. */
import type { Resource } from "@aws-cdk/service-spec-types";
import { closest } from "../../compiler/closest.ts";
import { isJsonObject, type Json } from "../../compiler/schema.ts";
import { type PlainTemplate, resourcesOf } from "../support/everything.ts";
import { resourceSchema, resourceTypes } from "./schemas.ts";
import { checkProperties } from "./values.ts";

/** One mistake: where it is, such as `Bucket.BucketEncryption.0`, and what is wrong. */
export interface Mistake {
  readonly at: string;
  readonly what: string;
}

/** Every mistake in a template, in the order of its resources. */
export function mistakesIn(template: PlainTemplate): Mistake[] {
  const mistakes: Mistake[] = [];
  const types = new Map(resourcesOf(template).map(([id, { Type }]) => [id, String(Type)]));
  for (const [logicalId, { Type, Properties }] of resourcesOf(template)) {
    const schema = resourceSchema(String(Type));
    if (schema) {
      const report = (path: readonly string[], what: string) =>
        mistakes.push({ at: [logicalId, ...path].join("."), what });
      checkProperties(Properties ?? {}, schema.properties, [], report, `${Type}`);
    } else {
      mistakes.push({
        at: logicalId,
        what: unknown(`there is no resource type ${Type}`, `${Type}`, resourceTypes()),
      });
    }
    eachAttribute(Properties ?? {}, [logicalId], (path, target, attribute) => {
      const what = attributeMistake(types, target, attribute);
      if (what !== undefined) mistakes.push({ at: path.join("."), what });
    });
  }
  return mistakes;
}

/** What is wrong with `Fn::GetAtt` of a resource's attribute; undefined where nothing is. */
function attributeMistake(
  types: ReadonlyMap<string, string>,
  target: string,
  attribute: string,
): string | undefined {
  const type = types.get(target);
  if (type === undefined) return unknown(`there is no resource ${target}`, target, [...types.keys()]);
  const schema = resourceSchema(type);
  return schema && missingAttribute(schema, attribute);
}

/** That a resource type has no such attribute; undefined where it has. */
export function missingAttribute(
  { cloudFormationType, attributes }: Resource,
  name: string,
): string | undefined {
  if (Object.hasOwn(attributes, name)) return undefined;
  return unknown(`${cloudFormationType} has no attribute ${name}`, name, Object.keys(attributes));
}

/** Calls `visit` for each attribute that a value reads, by `Fn::GetAtt` or in the text of `Fn::Sub`. */
function eachAttribute(
  value: Json,
  path: readonly string[],
  visit: (path: readonly string[], target: string, attribute: string) => void,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) eachAttribute(item, [...path, String(index)], visit);
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "Fn::GetAtt") {
        const [target = "", ...attribute] = Array.isArray(inner)
          ? inner.map(String)
          : String(inner).split(".");
        visit(path, target, attribute.join("."));
      } else if (key === "Fn::Sub") {
        const text = String(Array.isArray(inner) ? inner[0] : inner);
        for (const [, target, attribute] of text.matchAll(/\$\{(\w+)\.([\w.]+)\}/g))
          visit(path, target as string, attribute as string);
      }
      eachAttribute(inner, [...path, key], visit);
    }
  }
}

/** A message with the nearest known name; where none is near, with all of them if they are few. */
export function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `${what}; the nearest is ${near}`;
  return known.length > 6 ? what : `${what}; there is ${known.join(", ") || "none"}`;
}

/** For a number the next one, for a name the one it was probably meant to be. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const off = (each: string) => Math.abs(Number(each) - Number(name));
  if (Number.isNaN(Number(name))) return closest(name, known);
  return known.toSorted((a, b) => off(a) - off(b))[0];
}
