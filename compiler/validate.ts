/** Checks a spec's value against the schema and the names it uses, and keeps what is sound of it. */
import type { ErrorObject } from "ajv";
import validator from "#spec-validator";
import { networkOf } from "./cidr.ts";
import { closest, quoteList } from "./closest.ts";
import { inSpec, type Report } from "./diagnostics.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Schema,
  schemaAt,
  specSchema,
  typesOf,
  walkSpec,
} from "./schema.ts";
import { formatPath, type SpecPath } from "./source.ts";
import type { Spec } from "./spec.ts";

/**
 * Reports everything the schema forbids and every name that names nothing.
 *
 * @returns the spec without the parts that are wrong, so that later stages can still find what is wrong in the rest;
 *   undefined where too little is left
 */
export function validateSpec(value: Json, report: Report): Spec | undefined {
  if (value === null) {
    report({
      code: "empty",
      message: "the spec is empty",
      help: "`landform init` writes one to begin with",
      at: inSpec([]),
    });
    return undefined;
  }
  const wrong = checkSchema(value, report);
  if (!isJsonObject(value)) return undefined;
  checkNames(value, wrong, report);
  return prune(value, wrong);
}

/** @returns the paths of what must not be used further */
function checkSchema(value: Json, report: Report): SpecPath[] {
  if (validator(value)) return [];
  const wrong: SpecPath[] = [];
  for (const error of validator.errors ?? []) {
    if (error.keyword === "propertyNames") continue;
    const path = parsePointer(error.instancePath, value);
    wrong.push(reportError(error, path, value, report));
  }
  return wrong;
}

/** Reports one finding of the validator; @returns the path of what is wrong */
function reportError(error: ErrorObject, path: SpecPath, value: Json, report: Report): SpecPath {
  if (error.propertyName !== undefined) return reportKeyName(error, path, report);
  const params = error.params as Record<string, unknown>;
  if (error.keyword === "additionalProperties") {
    const key = String(params.additionalProperty);
    reportUnknownKey(path, key, report);
    return [...path, key];
  }
  if (error.keyword === "required") {
    const key = String(params.missingProperty);
    const description = schemaAt([...path, key])?.description;
    report({
      code: "missing-key",
      message: `\`${key}\` is missing`,
      ...(description && { help: `\`${key}\`: ${firstSentence(description)}` }),
      at: inSpec(path, "key"),
    });
    return path;
  }
  const schema = schemaAt(path) ?? {};
  const actual = valueAt(value, path);
  if (error.keyword === "type") {
    report({
      code: "wrong-type",
      message: `${wanted(schema)} is wanted here, not ${describe(actual)}`,
      ...helpFor(schema),
      at: inSpec(path),
    });
  } else {
    report({
      code: "bad-value",
      message: badValue(error, schema, actual),
      ...suggest(schema, actual),
      at: inSpec(path),
    });
  }
  return path;
}

function reportKeyName(error: ErrorObject, path: SpecPath, report: Report): SpecPath {
  const key = error.propertyName as string;
  const at = [...path, key];
  const schema = schemaAt(path)?.propertyNames ?? {};
  const shown = key.length > 40 ? `${key.slice(0, 40)}…` : key;
  report({
    code: "bad-name",
    message: `\`${shown}\` ${keyTrouble(error, schema, key)}`,
    ...suggestName(schema, key),
    at: inSpec(at, "key"),
  });
  return at;
}

function keyTrouble(error: ErrorObject, schema: Schema, key: string): string {
  if (error.keyword === "maxLength")
    return `has ${[...key].length} characters; at most ${schema.maxLength} are allowed`;
  if (error.keyword === "enum") return "is not one of the names allowed here";
  return `is not a name: ${schema.patternMeaning ?? "see the schema"}`;
}

function suggestName(schema: Schema, key: string): { help?: string } {
  if (schema.enum) return suggest(schema, key);
  const slug = key
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, schema.maxLength ?? 32)
    .replace(/-+$/, "");
  return slug && slug !== key ? { help: `\`${slug}\` would do` } : {};
}

function reportUnknownKey(path: SpecPath, key: string, report: Report): void {
  const known = Object.keys(schemaAt(path)?.properties ?? {});
  const where = path.length === 0 ? "at the top level" : `in \`${formatPath(path)}\``;
  const elsewhere = findElsewhere(path, key);
  const near = closest(key, known);
  const help = elsewhere ?? (near ? `did you mean \`${near}\`?` : `known here: ${quoteList(known)}`);
  report({
    code: "unknown-key",
    message: `\`${key}\` is not a key ${where}`,
    help,
    at: inSpec([...path, key], "key"),
  });
}

/** Where a key would be right: one level up or further, or one level down. */
function findElsewhere(path: SpecPath, key: string): string | undefined {
  for (let length = path.length - 1; length >= 0; length--) {
    const outer = path.slice(0, length);
    if (!schemaAt(outer)?.properties?.[key]) continue;
    const levels = path.length - length === 1 ? "one level up" : `${path.length - length} levels up`;
    return `it is valid ${levels}, ${length === 0 ? "at the top level" : `in \`${formatPath(outer)}\``}`;
  }
  const inner = Object.entries(schemaAt(path)?.properties ?? {}).find(([, schema]) =>
    belowOf(schema).some((below) => below.properties?.[key]),
  );
  return inner && `it is valid one level down, in \`${formatPath([...path, inner[0]])}\``;
}

/** A key of a map of things (`environments`) is also looked for in the things themselves. */
function belowOf(schema: Schema): Schema[] {
  return schema.additionalProperties ? [schema, schema.additionalProperties] : [schema];
}

function wanted(schema: Schema): string {
  const names: Record<string, string> = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "`true` or `false`",
    array: "a list",
    object: "a map of keys and values",
  };
  return typesOf(schema)
    .map((type) => names[type] ?? type)
    .join(" or ");
}

function describe(value: Json | undefined): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isJsonObject(value)) return "a map";
  if (typeof value === "string") return `the text ${JSON.stringify(shorten(value))}`;
  return `\`${value}\``;
}

function helpFor(schema: Schema): { help?: string } {
  const example = schema.examples?.[0];
  if (example !== undefined)
    return { help: `for example \`${typeof example === "string" ? example : JSON.stringify(example)}\`` };
  return schema.enum ? { help: `one of ${quoteList(schema.enum.filter((item) => item !== null))}` } : {};
}

function badValue(error: ErrorObject, schema: Schema, actual: Json | undefined): string {
  const shown =
    typeof actual === "string" ? JSON.stringify(shorten(actual)) : `\`${JSON.stringify(actual)}\``;
  switch (error.keyword) {
    case "const":
      return `${shown} is not \`${schema.const}\`, the only value there is`;
    case "enum":
      return `${shown} is not among the values allowed here`;
    case "minimum":
    case "maximum":
      return `${shown} is out of range: ${schema.minimum} to ${schema.maximum} are allowed`;
    case "minLength":
    case "maxLength":
      return `${shown} has ${[...String(actual)].length} characters; ${schema.minLength ?? 0} to ${schema.maxLength} are allowed`;
    case "minItems":
    case "minProperties":
      return "at least one is needed here";
    case "uniqueItems":
      return "the same item stands twice in this list";
    default:
      return `${shown} is not ${schema.patternMeaning ?? "of the form wanted here"}`;
  }
}

function suggest(schema: Schema, actual: Json | undefined): { help?: string } {
  if (!schema.enum) return {};
  const allowed = schema.enum.filter((item) => item !== null).map(String);
  const near = closest(String(actual), allowed);
  return { help: near ? `did you mean \`${near}\`?` : `one of ${quoteList(allowed)}` };
}

/** Names that are used must be those of something; names alike but for their hyphens would be taken for each other. */
function checkNames(spec: JsonObject, wrong: SpecPath[], report: Report): void {
  walkSpec(spec, (value, schema, path, key) => {
    if (schema.isCidr && typeof value === "string") checkHostBits(value, path, wrong, report);
    if (schema.names && typeof value === "string") {
      const things = isJsonObject(spec[schema.names]) ? Object.keys(spec[schema.names] as JsonObject) : [];
      if (things.includes(value)) return;
      const near = closest(value, things);
      report({
        code: "unknown-name",
        message: `there is no ${singular(schema.names)} \`${shorten(value)}\``,
        help: near
          ? `did you mean \`${near}\`?`
          : things.length > 0
            ? `there are ${quoteList(things)}`
            : `\`${schema.names}\` is empty`,
        at: inSpec(path, key ? "key" : "value"),
      });
      wrong.push(path);
    } else if (!key && isJsonObject(value) && schema.propertyNames?.pattern) {
      reportConfusable(Object.keys(value), path, report);
    }
  });
}

function checkHostBits(cidr: string, path: SpecPath, wrong: SpecPath[], report: Report): void {
  const network = networkOf(cidr);
  if (network === undefined || network === cidr) return;
  report({
    code: "cidr-host-bits",
    message: `${cidr} is an address inside a range, not a range`,
    help: `the range is ${network}`,
    at: inSpec(path),
  });
  wrong.push(path);
}

function reportConfusable(names: readonly string[], path: SpecPath, report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const bare = name.replaceAll("-", "");
    const other = seen.get(bare);
    if (other === undefined) {
      seen.set(bare, name);
      continue;
    }
    report({
      code: "confusable-names",
      message: `\`${name}\` and \`${other}\` differ only in hyphens`,
      help: "rename one: in logical IDs they would look the same",
      at: inSpec([...path, name], "key"),
      related: [{ at: inSpec([...path, other], "key"), message: "the other" }],
    });
  }
}

const singular = (things: string): string => things.replace(/s$/, "");
const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const firstSentence = (text: string): string => text.split(/(?<=\.) /)[0] as string;

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

function valueAt(value: Json | undefined, path: SpecPath): Json | undefined {
  return path.reduce<Json | undefined>((current, step) => {
    if (Array.isArray(current)) return current[step as number];
    return isJsonObject(current) ? current[step] : undefined;
  }, value);
}

/** The spec without what is wrong; what needs a part that is gone goes with it. */
function prune(spec: JsonObject, wrong: readonly SpecPath[]): Spec | undefined {
  const pruned = structuredClone(spec);
  for (const path of wrong) remove(pruned, path);
  const isUsable = (specSchema.required ?? []).every((key) => pruned[key] !== undefined);
  return isUsable ? (pruned as unknown as Spec) : undefined;
}

function remove(spec: JsonObject, path: SpecPath): void {
  const outer = path.slice(0, -1);
  const key = path.at(-1);
  const parent = valueAt(spec, outer);
  if (key === undefined) return;
  if (typeof key === "number") remove(spec, outer);
  else if (!isJsonObject(parent)) return;
  else if (outer.length > 0 && schemaAt(outer)?.required?.includes(key)) remove(spec, outer);
  else delete parent[key];
}
