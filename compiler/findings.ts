/** What the schema forbids of a spec's value: each mistake once, without what follows from another one. */
import type { ErrorObject } from "ajv";
import validator from "#spec-validator";
import { closest } from "./closest.ts";
import { isIncomplete } from "./read.ts";
import { isJsonObject, type Json, schemaAt } from "./schema.ts";
import type { SpecPath } from "./source.ts";

/** One mistake. */
export interface Finding {
  /** The keyword of JSON Schema that forbids it. */
  readonly keyword: string;
  /** The value that is wrong; for `required` the one that is missing; for the keywords about keys the key's entry. */
  readonly path: SpecPath;
  /** Whether it follows from something that is reported elsewhere. */
  readonly follows: boolean;
}

/** Keywords that are about a key, not about the value behind it. */
const ABOUT_KEYS = ["additionalProperties", "required", "propertyNames"];

/** Where several keywords forbid one value, the first of these says it best. */
const TELLING = ["const", "type", "enum", "minLength", "pattern", "maxLength"];

/** Everything the schema forbids, in no particular order. */
export function findingsOf(value: Json): Finding[] {
  if (validator(value)) return [];
  const found = new Map<string, Finding>();
  for (const error of validator.errors ?? []) {
    for (const finding of toFindings(error, value)) {
      const key = JSON.stringify([finding.path, ABOUT_KEYS.includes(finding.keyword)]);
      const other = found.get(key);
      if (!other || isBetter(finding, other, valueAt(value, finding.path))) found.set(key, finding);
    }
  }
  const unknown = [...found.values()].filter(({ keyword }) => keyword === "additionalProperties");
  return [...found.values()].map((finding) => ({
    ...finding,
    follows: finding.follows || (finding.keyword === "required" && isMisspelt(finding.path, unknown)),
  }));
}

function toFindings(error: ErrorObject, value: Json): Finding[] {
  const { keyword, propertyName } = error;
  const params = error.params as Record<string, unknown>;
  const path = parsePointer(error.instancePath, value);
  const actual = valueAt(value, path);
  // What the validator misses in a part that could not be read may well be there.
  const follows = isIncomplete(actual);
  if (propertyName !== undefined)
    return [{ keyword: "propertyNames", path: [...path, propertyName], follows: false }];
  switch (keyword) {
    case "propertyNames": // The keyword that forbids the name is an error of its own.
      return [];
    case "additionalProperties":
      return [{ keyword, path: [...path, String(params.additionalProperty)], follows: false }];
    case "required":
      return [{ keyword, path: [...path, String(params.missingProperty)], follows }];
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
  const rank = ({ keyword }: Finding) => (telling.indexOf(keyword) + telling.length + 1) % (telling.length + 1);
  return rank(finding) < rank(other);
}

/** Whether a key that is missing stands there after all, misspelt: one mistake, not two. */
function isMisspelt(missing: SpecPath, unknown: readonly Finding[]): boolean {
  const outer = missing.slice(0, -1);
  const known = Object.keys(schemaAt(outer)?.properties ?? {});
  return unknown.some(
    ({ path }) => isInside(path, outer) && closest(String(path.at(-1)), known) === missing.at(-1),
  );
}

const isInside = (path: SpecPath, outer: SpecPath): boolean =>
  path.length === outer.length + 1 && outer.every((step, index) => step === path[index]);

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
