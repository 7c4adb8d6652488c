/** The schema of the spec as data: the part of JSON Schema we use, our marks, and ways to walk it beside a value. */
import bundle from "../schema/landform.json" with { type: "json" };
import type { SpecPath } from "./path.ts";

/** JSON Schema (draft 7) as far as `schema/` uses it, and what we mark in it. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly propertyNames?: Schema;
  readonly minProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly (string | number | null)[];
  readonly const?: string | number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** Mark: what the pattern means, in words for an error message. */
  readonly patternMeaning?: string;
  /** Mark: the text is the name of one of the spec's `accounts`, `people.groups`, …, or of one of several such. */
  readonly names?: string | readonly string[];
  /** Mark: this text, where `names` wants a name, stands for all of them. */
  readonly everything?: string;
  /** Mark: the text is a range in CIDR notation, whose host bits must be zero. */
  readonly isCidr?: boolean;
  /** Mark: the text becomes part of logical IDs, where small differences are lost. */
  readonly isIdentifier?: boolean;
  /** Mark: a scalar here is short for an object with the scalar under this key. */
  readonly shorthand?: string;
  /** Mark: a number, or two with a hyphen between, is short for an object with them under these keys. */
  readonly range?: readonly string[];
  /** Mark: the kind lives where applications run, unless it is restricted to environments. */
  readonly workload?: boolean;
  /** Mark: the value is a part of a template, in which functions may stand by tag, such as `!Ref`. */
  readonly isTemplate?: true;
}

/** The sections of the spec that a name may be of. */
export const sectionsOf = ({ names = [] }: Schema): readonly string[] => [names].flat();

export const specSchema = bundle as Schema;

/** The schema of all that is a part of a template, whatever it is: the resource schemas know more. */
export const templateSchema: Schema = { isTemplate: true };

/** The schema of a key or item of a value; undefined where the schema does not know it. */
export function schemaOf(schema: Schema | undefined, key: string | number): Schema | undefined {
  if (schema?.isTemplate) return templateSchema;
  if (typeof key === "number") return schema?.items;
  const { properties } = schema ?? {};
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  return schema?.additionalProperties || undefined;
}

/** The schema at a path of the spec. */
export function schemaAt(path: SpecPath): Schema | undefined {
  return path.reduce<Schema | undefined>(schemaOf, specSchema);
}

/**
 * The JSON types a schema allows, without the `null` that deltas add, and without numbers where it allows text: they
 * are allowed for the sake of editors, and read as text.
 */
export function typesOf(schema: Schema): readonly string[] {
  const types = [schema.type ?? []].flat().filter((type) => type !== "null");
  return types.includes("string") ? types.filter((type) => type !== "integer") : types;
}

/** A value read from a spec, before anything is known about it. */
export type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands in a section, whose keys have dots between. */
export const sectionIn = (spec: JsonObject, section: string): Json | undefined =>
  section
    .split(".")
    .reduce<Json | undefined>((outer, key) => (isJsonObject(outer) ? outer[key] : undefined), spec);

/** The names of all that a spec has in some of its sections. */
export const namesIn = (spec: JsonObject, sections: readonly string[]): string[] =>
  sections.flatMap((section) => {
    const things = sectionIn(spec, section);
    return isJsonObject(things) ? Object.keys(things) : [];
  });

/** Whether a spec has something of a name in one of some sections. */
export const isNamed = (spec: JsonObject, sections: readonly string[], name: string): boolean =>
  sections.some((section) => {
    const things = sectionIn(spec, section);
    return isJsonObject(things) && Object.hasOwn(things, name);
  });

/** Calls `visit` with each value, its schema and its path, outermost first; `key` says it is the name of an entry. */
export function walkSpec(
  value: Json,
  visit: (value: Json, schema: Schema, path: SpecPath, key: boolean) => void,
  schema: Schema = specSchema,
  path: SpecPath = [],
): void {
  visit(value, schema, path, false);
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (schema.items) walkSpec(item, visit, schema.items, [...path, index]);
    });
  } else if (isJsonObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, key];
      if (schema.propertyNames && !schema.properties?.[key]) visit(key, schema.propertyNames, at, true);
      const below = schemaOf(schema, key);
      if (below) walkSpec(inner, visit, below, at);
    }
  }
}

/** The value with the schema's defaults where it has none, all the way down. */
export function withDefaults(value: Json | undefined, schema: Schema): Json | undefined {
  const given = value === undefined ? (schema.default as Json | undefined) : value;
  if (!isJsonObject(given) || !schema.properties) return given;
  const filled: JsonObject = {};
  for (const key in schema.properties) {
    const item = withDefaults(given[key], schema.properties[key] as Schema);
    if (item !== undefined) filled[key] = item;
  }
  for (const key in given) if (!(key in filled)) filled[key] = given[key] as Json;
  return filled;
}
