/** What can be wrong with a property, in words. */
import { closest, quoteList } from "../closest.ts";
import type { Diagnostic } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";
import { showName, showValue } from "../wording.ts";
import {
  isListType,
  type ObjectSchema,
  type PropertyType,
  type ResourceSchema,
  type ScalarType,
} from "./resource-schemas.ts";
import { isList, isScalar, type Scalar, type Value } from "./values.ts";

/** What is wrong at a path below the properties. */
export interface Mistake extends Pick<Diagnostic, "code" | "message" | "help"> {
  readonly path: SpecPath;
  /** The key below the path that is missing. */
  readonly missing?: string;
  /** Whether it is about the key and not about the value behind it. */
  readonly part?: "key";
}

export const missingProperty = (name: string, owner: string, path: SpecPath): Mistake => ({
  code: "missing-key",
  message: `${owner} needs ${showName(name)}`,
  path,
  missing: name,
  part: "key",
});

/** @param schema the owner's, which may be an object inside the resource */
export function unknownProperty(
  name: string,
  owner: string,
  schema: ObjectSchema,
  { attributes }: ResourceSchema,
  path: SpecPath,
): Mistake {
  if (path.length === 1 && attributes.includes(name)) {
    return {
      code: "unfit-key",
      message: `${showName(name)} of ${owner} is read-only: AWS decides it`,
      help: "`!GetAtt` reads it",
      path,
      part: "key",
    };
  }
  return {
    code: "unknown-key",
    message: `${owner} has no property ${showName(name)}`,
    help: whichOf(name, Object.keys(schema.properties)),
    path,
    part: "key",
  };
}

/** Properties that are too many to be named in a message. */
const MANY = 10;

function whichOf(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  if (near) return `did you mean \`${near}\`?`;
  if (known.length > MANY) return "CloudFormation's template reference has a page with all of them";
  return known.length > 0 ? `it has ${quoteList(known)}` : "it has none";
}

export const notAllowed = (value: Scalar, values: readonly (string | number)[], path: SpecPath): Mistake => ({
  code: "bad-value",
  message: `${showValue(value)} is not among the values allowed here`,
  help: nearestOf(value, values),
  path,
});

/** The value that was probably meant; of a number those around it. */
function nearestOf(value: Scalar, values: readonly (string | number)[]): string {
  const near = typeof value === "string" ? closest(value, values.map(String)) : undefined;
  if (near) return `did you mean \`${near}\`?`;
  if (typeof value !== "number") return `one of ${quoteList(values)}`;
  const numbers = values.map(Number).sort((a, b) => a - b);
  const around = [numbers.findLast((number) => number < value), numbers.find((number) => number > value)];
  const known = around.filter((number) => number !== undefined);
  return `the nearest ${known.length > 1 ? "are" : "is"} ${quoteList(known)}`;
}

export const wrongType = (value: Value, type: PropertyType, path: SpecPath): Mistake => ({
  code: "wrong-type",
  message: `${nameOf(type)} is wanted here, not ${describe(value)}`,
  path,
});

export const wrongFunction = (fn: string, gives: string, type: PropertyType, path: SpecPath): Mistake => ({
  code: "wrong-type",
  message: `${nameOf(type)} is wanted here, and \`${fn}\` gives ${gives}`,
  path,
});

function nameOf(type: PropertyType): string {
  if (typeof type === "string") return NAMES[type];
  if (isListType(type)) return "a list";
  if ("either" in type) return [...new Set(type.either.map(nameOf))].join(" or ");
  return "type" in type ? NAMES[type.type] : "a map";
}

const NAMES: Readonly<Record<ScalarType | "json" | "tag", string>> = {
  string: "text",
  "date-time": "a time",
  number: "a number",
  integer: "a whole number",
  boolean: "`true` or `false`",
  json: "a map",
  tag: "a tag with `Key` and `Value`",
};

function describe(value: Value): string {
  if (isList(value)) return "a list";
  if (!isScalar(value)) return "a map";
  return typeof value === "string" ? `the text ${showValue(value)}` : showValue(value);
}
