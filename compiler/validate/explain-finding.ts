/** Says in plain words what the schema forbids, and what would be right. */
import { closest, quoteList } from "../closest.ts";
import { type Diagnostic, inSpec } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";
import { isJsonObject, type Json, namesIn, type Schema, schemaAt, sectionsOf, typesOf } from "../schema.ts";
import { firstSentence, flow, showName, showPath, showValue } from "../wording.ts";
import { type Finding, valueAt } from "./findings.ts";
import { explainUnknownKey } from "./unknown-key.ts";

/** What a finding is about. */
interface Subject {
  readonly path: SpecPath;
  readonly schema: Schema;
  /** What stands there. */
  readonly actual: Json | undefined;
  readonly spec: Json;
}

/** What people are told about a mistake. */
export function explainFinding({ keyword, path }: Finding, spec: Json): Diagnostic {
  const subject = { path, schema: schemaAt(path) ?? {}, actual: valueAt(spec, path), spec };
  switch (keyword) {
    case "additionalProperties":
      return explainUnknownKey(path);
    case "required":
      return explainMissing(subject);
    case "propertyNames":
      return explainName(path);
    case "uniqueItems":
      return explainRepeated(subject);
    case "type":
      return {
        code: "wrong-type",
        message: `${wanted(subject.schema)} is wanted here, ${describe(subject.actual)}`,
        ...optional(helpForType(subject)),
        at: inSpec(path),
      };
    default:
      return {
        code: "bad-value",
        message: badValue(keyword, subject),
        ...optional(helpForValue(keyword, subject)),
        at: inSpec(path),
      };
  }
}

const optional = (help: string | undefined): { help?: string } => (help === undefined ? {} : { help });

function explainMissing(subject: Subject): Diagnostic {
  const outer = subject.path.slice(0, -1);
  const key = String(subject.path.at(-1));
  const { const: constant } = subject.schema;
  return {
    code: "missing-key",
    message: `${showName(key)} is missing ${outer.length === 0 ? "at the top level" : `in ${showPath(outer)}`}`,
    ...optional(constant === undefined ? about(subject) : `write \`${key}: ${constant}\``),
    at: inSpec(outer, "key"),
  };
}

/** What a key is for, with what it can be. */
function about({ path, schema, spec }: Subject): string | undefined {
  if (!schema.description) return undefined;
  const names = isJsonObject(spec) ? namesIn(spec, sectionsOf(schema)) : [];
  const end = names.length > 0 ? `, one of ${quoteList(names)}` : example(schema, ", for example ");
  return `${showName(String(path.at(-1)))}: ${firstSentence(schema.description)}${end}`;
}

/** A name the user gave to a thing, such as an environment. */
function explainName(path: SpecPath): Diagnostic {
  const key = String(path.at(-1));
  const schema = schemaAt(path.slice(0, -1))?.propertyNames ?? {};
  return {
    code: "bad-name",
    message: `${showName(key)} ${schema.enum ? "is not among the names allowed here" : nameTrouble(schema, key)}`,
    ...optional(schema.enum ? nearest(schema, key) : corrected(schema, key)),
    at: inSpec(path, "key"),
  };
}

function nameTrouble(schema: Schema, name: string): string {
  const isLong = name.length > (schema.maxLength ?? Number.POSITIVE_INFINITY);
  const troubles = isLong ? [tooLong(schema, name)] : [];
  if (schema.pattern && !new RegExp(schema.pattern).test(name)) {
    troubles.unshift(`is not a name: ${schema.patternMeaning}`);
  }
  return troubles.join("; it ");
}

const tooLong = ({ maxLength }: Schema, text: string): string =>
  `has ${[...text].length} characters; at most ${maxLength} are allowed`;

function explainRepeated({ path, actual, spec }: Subject): Diagnostic {
  const list = path.slice(0, -1);
  const texts = (valueAt(spec, list) as Json[]).map((other) => JSON.stringify(other));
  const first = [...list, texts.indexOf(JSON.stringify(actual))];
  return {
    code: "bad-value",
    message: `${showValue(actual)} stands here a second time`,
    help: "keep one of them",
    at: inSpec(path),
    related: [{ at: inSpec(first), message: "the first" }],
  };
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  string: ["text"],
  integer: ["a whole number"],
  number: ["a number"],
  boolean: ["`true`", "`false`"],
  array: ["a list"],
  object: ["a map of keys and values"],
};

/** As many values of an enumeration are named in the message itself. */
const SHORT = 3;

function wanted(schema: Schema): string {
  const isShort = schema.enum !== undefined && allowed(schema).length <= SHORT;
  const words = isShort
    ? allowed(schema).map((item) => `\`${item}\``)
    : typesOf(schema).flatMap((type) => TYPES[type] ?? type);
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : words.join("");
}

function describe(value: Json | undefined): string {
  if (value === null || value === undefined) return "but there is nothing";
  if (Array.isArray(value)) return "not a list";
  if (isJsonObject(value)) return "not a map";
  return typeof value === "string" ? `not the text ${showValue(value)}` : `not ${showValue(value)}`;
}

/** Words for yes and no; all but the first two were booleans before YAML 1.2. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
  ["yes", true],
  ["no", false],
  ["on", true],
  ["off", false],
  ["y", true],
  ["n", false],
]);

/** The most likely way to a value of the right type. */
function helpForType(subject: Subject): string | undefined {
  const { path, schema, actual } = subject;
  const types = typesOf(schema);
  const slip = typeof actual === "string" ? helpForText(types, actual) : undefined;
  if (slip) return slip;
  if (path.length === 0) return "a spec begins with `version: 1`; `landform init` writes one to begin with";
  if (actual === null && schema.default !== undefined && !isJsonObject(schema.default as Json))
    return `without the key it is ${showName(flow(schema.default as Json))}`;
  if (types.includes("array") && actual !== null && typeof actual !== "object")
    return `a list of one is written \`[${flow(actual ?? null)}]\``;
  if (isMeantForOuter(path))
    return "if it is meant as a key of what stands above it, it must be indented further";
  if (schema.enum) return allowed(schema).length > SHORT ? oneOf(schema) : undefined;
  return helpForMap(schema) ?? rangeOf(schema) ?? about(subject);
}

/** What text looks like that was meant as something else. */
function helpForText(types: readonly string[], text: string): string | undefined {
  const boolean = types.includes("boolean") ? BOOLEANS.get(text.toLowerCase()) : undefined;
  if (boolean !== undefined) return `write \`${boolean}\`, without quotes`;
  const isNumber = text.trim() !== "" && Number.isFinite(Number(text));
  if (isNumber && (types.includes("integer") || types.includes("number")))
    return `without quotes it is a number: \`${text.trim()}\``;
  return types.includes("object") && /^[\w-]+:\S/.test(text) ? "a space must follow each `:`" : undefined;
}

/** Whether an entry has the name of a key that entries have: it was probably indented too little. */
function isMeantForOuter(path: SpecPath): boolean {
  const entry = schemaAt(path.slice(0, -1))?.additionalProperties;
  return entry !== undefined && entry !== false && Object.hasOwn(entry.properties ?? {}, path.at(-1) ?? "");
}

/** Which keys a map has. */
function helpForMap({ properties, required }: Schema): string | undefined {
  if (required) return `it needs ${quoteList(required)}`;
  return properties && `its keys are ${quoteList(Object.keys(properties))}`;
}

function rangeOf({ minimum, maximum }: Schema): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum} are allowed`;
  if (minimum !== undefined) return `${minimum} is the least allowed`;
  return maximum === undefined ? undefined : `${maximum} is the most allowed`;
}

const example = ({ examples }: Schema, before: string): string =>
  examples?.[0] === undefined ? "" : `${before}\`${flow(examples[0] as Json)}\``;

function badValue(keyword: string, { path, schema, actual }: Subject): string {
  const shown = showValue(actual);
  switch (keyword) {
    case "const":
      return actual === null
        ? `\`${schema.const}\` is wanted here, ${describe(actual)}`
        : `only \`${schema.const}\` is known here, ${describe(actual)}`;
    case "enum":
      return `${shown} is not among the values allowed here`;
    case "minimum":
    case "maximum":
      return `${shown} is out of range: ${rangeOf(schema)}`;
    case "minLength":
      return "this text is empty";
    case "maxLength":
      return `${shown} ${tooLong(schema, String(actual))}`;
    case "minItems":
    case "minProperties":
      return `${showName(String(path.at(-1)))} is empty; at least one is needed`;
    default:
      return `${shown} does not fit here${schema.patternMeaning ? `; wanted: ${schema.patternMeaning}` : ""}`;
  }
}

function helpForValue(keyword: string, subject: Subject): string | undefined {
  const { path, schema, actual } = subject;
  switch (keyword) {
    case "const":
      return `write \`${path.at(-1)}: ${schema.const}\``;
    case "enum":
      return nearest(schema, actual);
    case "pattern":
      return corrected(schema, String(actual)) ?? count(schema, String(actual));
    case "minLength":
    case "minItems":
    case "minProperties":
      return about(subject);
    default:
      return undefined;
  }
}

/** What was probably meant among the values allowed; the numbers around it if it is a number. */
function nearest(schema: Schema, actual: Json | undefined): string {
  if (typeof actual !== "number") {
    const near = closest(String(actual), allowed(schema).map(String));
    return near ? `did you mean \`${near}\`?` : oneOf(schema);
  }
  const numbers = allowed(schema).map(Number);
  const below = numbers.filter((number) => number < actual).at(-1);
  const above = numbers.find((number) => number > actual);
  const near = [below, above].filter((number) => number !== undefined);
  return `the nearest ${near.length > 1 ? "are" : "is"} ${quoteList(near)}`;
}

const oneOf = (schema: Schema): string => `one of ${quoteList(allowed(schema))}`;

/** The values of an enumeration, without the `null` that deltas add. */
const allowed = (schema: Schema): (string | number)[] => (schema.enum ?? []).filter((item) => item !== null);

/** The text with small changes that make it fit: a capital letter, a space, the hyphens of an account id. */
function corrected(schema: Schema, text: string): string | undefined {
  const candidates = [text.trim(), text.trim().toLowerCase()];
  if (!/[a-z]/i.test(text)) candidates.push(text.replace(/\s/g, ""), text.replace(/[\s-]/g, ""));
  // In names, everything else becomes a hyphen.
  if (schema.isIdentifier && schema.maxLength !== undefined) candidates.push(slug(text));
  const pattern = new RegExp(schema.pattern ?? "");
  const fit = candidates.find(
    (candidate) =>
      candidate !== "" &&
      pattern.test(candidate) &&
      candidate.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY),
  );
  return fit && fit !== text ? `${showName(fit)} would do` : undefined;
}

function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-$/g, "");
}

/** How many digits there are, where a number of them is wanted; otherwise an example, where there is none yet. */
function count(schema: Schema, text: string): string | undefined {
  if (schema.pattern?.startsWith("^\\d{") && /^\d+$/.test(text)) return `there are ${text.length}`;
  return schema.patternMeaning?.includes("such as")
    ? undefined
    : example(schema, "for example ") || undefined;
}
