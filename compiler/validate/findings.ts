/** What the schema forbids of a spec's value: each mistake once, without what follows from another one. */
import type { ErrorObject } from "ajv";
import validator from "#spec-validator";
import { closest } from "../closest.ts";
import type { SpecPath } from "../path.ts";
import { isIncomplete } from "../reading/read.ts";
import { isJsonObject, type Json, schemaAt, walkSpec } from "../schema.ts";

/** One mistake. */
export interface Finding {
  /** The keyword of JSON Schema that forbids it. */
  readonly keyword: string;
  /** The value that is wrong; for the keywords about keys the entry, be it there or missing. */
  readonly path: SpecPath;
  /** Whether it follows from something that is reported elsewhere. */
  readonly follows: boolean;
}

/** Keywords that are about a key, not about the value behind it. */
const ABOUT_KEYS = ["additionalProperties", "required", "propertyNames"];

/** Where several keywords forbid one value, the first of these says it best. */
const TELLING = ["const", "type", "enum", "minLength", "pattern", "maxLength"];

/** Everything the schema forbids, and what follows from it, in no particular order. */
export function findingsOf(value: Json): Finding[] {
  const found = new Map<string, Finding>();
  const keyOf = ({ keyword, path }: Finding) => JSON.stringify([path, ABOUT_KEYS.includes(keyword)]);
  for (const finding of errorsOf(value).flatMap((error) => toFindings(error, value))) {
    const other = found.get(keyOf(finding));
    if (!other || isBetter(finding, other, valueAt(value, finding.path))) found.set(keyOf(finding), finding);
  }
  for (const path of [...misspelt(found.values()), ...unread(value)]) {
    if (valueAt(value, path) !== undefined) continue;
    const finding = { keyword: "required", path, follows: true };
    found.set(keyOf(finding), finding);
  }
  return [...found.values()];
}

function errorsOf(value: Json): readonly ErrorObject[] {
  return validator(value) ? [] : (validator.errors ?? []);
}

/** The keys that unknown ones were probably meant to be. */
function misspelt(findings: Iterable<Finding>): SpecPath[] {
  const unknown = [...findings].filter(({ keyword }) => keyword === "additionalProperties");
  return unknown.flatMap(({ path }) => {
    const outer = path.slice(0, -1);
    const known = Object.keys(schemaAt(outer)?.properties ?? {});
    const key = String(path.at(-1));
    const meant = known.find((name) => key.startsWith(`${name}:`)) ?? closest(key, known);
    return meant === undefined ? [] : [[...outer, meant]];
  });
}

/** The keys that may be in parts that could not be read. */
function unread(value: Json): SpecPath[] {
  const paths: SpecPath[] = [];
  walkSpec(value, (part, { properties = {} }, path, isKey) => {
    if (!isKey && isIncomplete(part)) paths.push(...Object.keys(properties).map((key) => [...path, key]));
  });
  return paths;
}

function toFindings(error: ErrorObject, value: Json): Finding[] {
  const { keyword, propertyName } = error;
  const params = error.params as Record<string, unknown>;
  const path = parsePointer(error.instancePath, value);
  const actual = valueAt(value, path);
  // A part that could not be read may well be right.
  const follows = isIncomplete(actual);
  if (propertyName !== undefined)
    return [{ keyword: "propertyNames", path: [...path, propertyName], follows: false }];
  switch (keyword) {
    case "propertyNames": // The keyword that forbids the name is an error of its own.
      return [];
    case "additionalProperties":
      return [{ keyword, path: [...path, String(params.additionalProperty)], follows: false }];
    case "required":
      return [{ keyword, path: [...path, String(params.missingProperty)], follows: false }];
    case "uniqueItems":
      return repeated(actual).map((index) => ({ keyword, path: [...path, index], follows }));
    default:
      return [{ keyword, path, follows }];
  }
}

/** The items of a list that stand in it before. */
function repeated(list: Json | undefined): number[] {
  const texts = Array.isArray(list) ? list.map((item) => JSON.stringify(item)) : [];
  return texts.flatMap((text, index) => (texts.indexOf(text) < index ? [index] : []));
}

function isBetter(finding: Finding, other: Finding, actual: Json | undefined): boolean {
  // A boolean where one of some words is wanted: the words say more than that it is no text.
  const telling = typeof actual === "boolean" ? ["const", "enum", "type"] : TELLING;
  const rank = ({ keyword }: Finding) =>
    telling.includes(keyword) ? telling.indexOf(keyword) : telling.length;
  return rank(finding) < rank(other);
}

/** JSON pointer to path; a step into a list is a number. */
function parsePointer(pointer: string, value: Json): SpecPath {
  const path: (string | number)[] = [];
  let current: Json | undefined = value;
  for (const step of pointer.split("/").slice(1)) {
    const key: string | number = Array.isArray(current)
      ? Number(step)
      : step.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(key);
    current = valueAt(current, [key]);
  }
  return path;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Json | undefined, path: SpecPath): Json | undefined {
  return path.reduce<Json | undefined>((current, step) => {
    if (Array.isArray(current)) return current[step as number];
    return isJsonObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  }, value);
}
