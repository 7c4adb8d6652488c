/** Makes one JSON Schema of the files in `schema/`: references inlined, deltas derived from the kinds they change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "../compiler/schema.ts";

/** What the files in `schema/` may say besides JSON Schema; the bundle says it no longer. */
interface SourceSchema extends Schema {
  $ref?: string;
  /** This kind takes per-environment deltas by `in:`. */
  layered?: true;
  /** Here stands an environment's own delta of the kind. */
  layer?: "environment";
  /** The key belongs only in the kind itself, or only in its deltas. */
  only?: "base" | "delta";
}

const ENVIRONMENTS = "The environments that have it, if not all.";
const IN = "What differs by environment: maps merge, lists replace, `null` removes.";

/** @returns the bundle as printed in `schema/landform.json` */
export function bundleSchema(directory: string): string {
  const bundled = inline({ $ref: "spec.json" }, directory);
  const root = { $schema: "http://json-schema.org/draft-07/schema#", ...bundled };
  return `${JSON.stringify(root, null, 2)}\n`;
}

function inline(schema: SourceSchema, directory: string): Schema {
  const { $ref, layered, layer, only: _, ...rest } = resolveReference(schema, directory);
  const inlined = mapSchemas(rest, (inner) => inline(inner, directory));
  if (layer) return toDelta(inlined, rest);
  if (!layered) return inlined;
  return {
    ...inlined,
    properties: {
      ...pick(inlined.properties, rest.properties, "delta"),
      environments: {
        description: ENVIRONMENTS,
        type: "array",
        minItems: 1,
        uniqueItems: true,
        items: { type: "string", names: "environments" },
      },
      in: {
        description: IN,
        type: "object",
        propertyNames: { names: "environments" },
        additionalProperties: toDelta(inlined, rest),
      },
    },
  };
}

/** A kind as a delta: nothing required, no defaults, and every key that may be left out may be `null`. */
function toDelta(schema: Schema, source: SourceSchema): Schema {
  const { default: _, required: __, ...rest } = schema;
  return partial(
    { ...rest, properties: pick(schema.properties, source.properties, "base") },
    schema.required ?? [],
  );
}

function partial(schema: Schema, kept: readonly string[]): Schema {
  const { properties, default: _, required: __, ...rest } = schema;
  if (!properties) return schema;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => {
        const { default: ___, ...delta } = partial(inner, inner.required ?? []);
        return [key, kept.includes(key) ? delta : nullable(delta)];
      }),
    ),
  };
}

function nullable(schema: Schema): Schema {
  return {
    ...schema,
    type: [...(Array.isArray(schema.type) ? schema.type : [schema.type ?? "string"]), "null"],
    ...(schema.enum && { enum: [...schema.enum, null] }),
  };
}

/** The properties that do not belong only to `excluded`. */
function pick(
  properties: Schema["properties"] = {},
  sources: Readonly<Record<string, SourceSchema>> = {},
  excluded: "base" | "delta",
): Record<string, Schema> {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => sources[key]?.only !== excluded));
}

/** A schema with each schema right below it replaced. */
export function mapSchemas(schema: Schema, change: (inner: Schema) => Schema): Schema {
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([key, inner]) => [key, change(inner)]),
      ),
    }),
    ...(schema.items && { items: change(schema.items) }),
    ...(schema.propertyNames && { propertyNames: change(schema.propertyNames) }),
    ...(schema.additionalProperties && { additionalProperties: change(schema.additionalProperties) }),
  };
}

/** What stands beside a `$ref` wins over what it points to. */
function resolveReference(schema: SourceSchema, directory: string): SourceSchema {
  if (schema.$ref === undefined) return schema;
  const [file = "", pointer] = schema.$ref.split("#/");
  const document = JSON.parse(readFileSync(join(directory, file), "utf8")) as Record<string, SourceSchema>;
  const target = (pointer ? document[pointer] : document) as SourceSchema;
  return resolveReference(
    { ...target, ...schema, ...(target.$ref ? { $ref: target.$ref } : { $ref: undefined }) } as SourceSchema,
    directory,
  );
}
