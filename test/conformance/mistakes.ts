/** What in a template is not as the resource schemas have it. */
import { readFileSync } from "node:fs";
import { conform } from "../../compiler/cfn/conform.ts";
import { expressionOf, namedBy } from "../../compiler/cfn/functions.ts";
import { type ReadCall, readValue, UNKNOWN, unfitCall } from "../../compiler/cfn/read-value.ts";
import { ResourceSchemas } from "../../compiler/cfn/resource-schemas.ts";
import {
  eachExpression,
  equal,
  isList,
  isObject,
  type PlainObject,
  type Value,
} from "../../compiler/cfn/values.ts";
import { closest } from "../../compiler/closest.ts";
import type { SpecPath } from "../../compiler/path.ts";
import { type PlainTemplate, resourcesOf } from "../support/everything.ts";

/** One mistake: where it is, such as `Bucket.BucketEncryption.0`, and what is wrong. */
export interface Mistake {
  readonly at: string;
  readonly what: string;
}

/** As the build made them of the current ones. */
export const schemas = new ResourceSchemas(() => readFileSync("dist/resource-schemas.txt", "utf8"));

/**
 * Every mistake in a template, in the order of its resources. It is stricter than what people are held to: a scalar must
 * be of the schema's own type, although CloudFormation would turn one into the other.
 */
export function mistakesIn(template: PlainTemplate): Mistake[] {
  const types = new Map(resourcesOf(template).map(([id, { Type }]) => [id, String(Type)]));
  return resourcesOf(template).flatMap(([logicalId, { Type, Properties = {} }]) => {
    const type = String(Type);
    const schema = schemas.of(type);
    const found: Mistake[] = [];
    const add = (path: SpecPath, what: string) => found.push({ at: [logicalId, ...path].join("."), what });
    const read: ReadCall = (name, argument, path) => {
      const unfit = unfitCall(name, argument);
      if (unfit) add(path, unfit.message);
      return unfit ? UNKNOWN : expressionOf(name, argument);
    };
    const value = readValue(Properties, [], read, (path, { message }) => add(path, message));
    if (schema) {
      const { properties, mistakes } = conform(value as PlainObject, type, schema);
      for (const { path, message, help } of mistakes) add(path, help ? `${message}; ${help}` : message);
      if (mistakes.length === 0) found.push(...differences(value, properties, [logicalId]));
    } else {
      const near = closest(type, schemas.types());
      found.push({ at: logicalId, what: `there is no resource type ${type}; did you mean ${near}?` });
    }
    eachExpression(value, ({ fn, argument }) => {
      for (const { name, attribute } of namedBy(fn, argument)) {
        const what = attribute === undefined ? undefined : missingAttribute(types.get(name), name, attribute);
        if (what) found.push({ at: logicalId, what });
      }
    });
    return found;
  });
}

/** That a resource, or its type, has no such attribute; undefined where it has. */
function missingAttribute(type: string | undefined, name: string, attribute: string): string | undefined {
  if (type === undefined) return `there is no resource ${name}`;
  const known = schemas.of(type)?.attributes;
  if (!known || known.includes(attribute)) return undefined;
  return `${type} has no attribute ${attribute}`;
}

/** Where a value is not what it is taken for. */
function differences(given: Value, taken: Value, path: readonly string[]): Mistake[] {
  if (equal(given, taken)) return [];
  if (isList(given) && isList(taken))
    return given.flatMap((item, index) => differences(item, taken[index] as Value, [...path, String(index)]));
  if (isObject(given) && isObject(taken))
    return Object.entries(given).flatMap(([key, item]) =>
      differences(item, taken[key] as Value, [...path, key]),
    );
  return [{ at: path.join("."), what: `${JSON.stringify(given)} is to be ${JSON.stringify(taken)}` }];
}
