/** Makes the reference of the spec, `schema/README.md`, of the schema's own words. */
import { type Schema, sectionsOf, typesOf } from "../compiler/schema.ts";

const HEAD = `<!-- Made from schema/*.json by \`npm run build\`; edit those instead. -->

# The spec

One YAML file describes an architecture. Every key is listed here; an unknown one is an error.

- Account ids, versions and other text that looks like a number may stand with or without quotes: leading zeros count.
- Anchors, aliases, merge keys and tags are not allowed: what environments share stands once in the kind. Only functions of
  CloudFormation may be written by tag, such as \`!Ref\`, in the properties of \`overrides\`.
- Names are small letters, digits and single hyphens, and begin with a letter.
- What differs by environment stands under \`in:\` of the kind, or in the environment itself under the kind's name:
  maps merge, lists replace, and \`null\` removes, so that the default holds again. The environment itself wins.
- Beside the spec lies its ledger, \`<spec>.lock.yaml\`: the order of environments, the address ranges that were given,
  what databases were made of. \`landform compile\` only adds to it. Commit it; by hand only what is gone is taken out.

\`landform explain PATH\` prints what a setting is in each environment and which line decides it.
`;

/** @param bundle the bundled schema */
export function printReference(bundle: Schema): string {
  const sections = [section("The top level", [], bundle)];
  for (const [key, schema] of Object.entries(bundle.properties ?? {})) {
    const inner = schema.properties ? schema : schema.additionalProperties || undefined;
    if (inner?.properties) sections.push(section(schema.properties ? key : `${key}.<name>`, [key], inner));
  }
  return `${HEAD}\n${sections.join("\n")}`;
}

function section(title: string, path: readonly string[], schema: Schema): string {
  const properties = schema.properties ?? {};
  const entry = schema.additionalProperties || undefined;
  const rows = [
    ...(entry?.title ? rowsOf(`<${entry.title}>`, entry, schema, path) : []),
    ...Object.entries(properties).flatMap(([key, inner]) => rowsOf(key, inner, schema, path)),
    ...onlyByEnvironment(properties).flatMap(([key, inner]) =>
      rowsOf(`in.<environment>.${key}`, inner, schema, path),
    ),
  ];
  return [
    `## ${path.length > 0 ? `\`${title}\`` : title}`,
    "",
    schema.description ?? "",
    "",
    "| key | value | default | what it is |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** The keys that only an environment can have, never the kind for all of them. */
function onlyByEnvironment(properties: NonNullable<Schema["properties"]>): [string, Schema][] {
  const delta = properties.in?.additionalProperties || undefined;
  return Object.entries(delta?.properties ?? {}).filter(([key]) => !(key in properties));
}

/** The row of a key, and those of the keys inside it, unless they stand in a section of their own. */
function rowsOf(key: string, schema: Schema, outer: Schema, path: readonly string[]): string[] {
  const isRequired = outer.required?.includes(key);
  const cells = [
    `\`${key}\``,
    formOf(schema),
    isRequired ? "required" : defaultOf(schema),
    descriptionOf(schema),
  ];
  const row = `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const isDelta = key === "in" || path.includes("environments");
  if (path.length === 0 || isDelta || !schema.properties) return [row];
  const inner = Object.entries(schema.properties);
  return [row, ...inner.flatMap(([name, below]) => rowsOf(`${key}.${name}`, below, schema, path))];
}

function descriptionOf(schema: Schema): string {
  const examples = (schema.examples ?? []).map((example) => `\`${plain(example)}\``);
  return `${schema.description ?? ""}${examples.length > 0 ? ` For example ${examples.join(", or ")}.` : ""}`;
}

function formOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.names)
    return `name of one of ${sectionsOf(schema)
      .map((section) => `\`${section}\``)
      .join(" or ")}`;
  const allowed = schema.enum?.filter((item) => item !== null) ?? [];
  if (allowed.length > 24) return schema.patternMeaning ?? "a Region";
  if (allowed.length > 0) return allowed.map((item) => `\`${item}\``).join(" ");
  return typesOf(schema)
    .map((type) => typeName(type, schema))
    .join(" or ");
}

function typeName(type: string, schema: Schema): string {
  if (type === "integer") return `${schema.minimum} to ${schema.maximum}`;
  if (type === "array") return `list: ${schema.items ? formOf(schema.items) : "values"}`;
  if (type === "object") return schema.additionalProperties ? "map by name" : "map";
  if (type === "number") return "number";
  if (type === "boolean") return "`true` or `false`";
  return schema.patternMeaning ?? "text";
}

function defaultOf(schema: Schema): string {
  if (schema.default === undefined || plain(schema.default) === "{}") return "";
  return `\`${plain(schema.default)}\``;
}

const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
