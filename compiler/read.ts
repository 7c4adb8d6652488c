/** Reads a YAML document into plain values, led by the schema: text stays text, shorthands are widened. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { Report } from "./diagnostics.ts";
import { isJsonObject, type Json, type JsonObject, type Schema, schemaOf, typesOf } from "./schema.ts";
import { keyText, type Range, type Source } from "./source.ts";

/**
 * The document's value. Anchors, aliases, merge keys, tags, duplicate keys and keys that are no text are reported.
 *
 * Where the schema wants text, a number is taken as it is written: `012345678904` keeps its zero and `1.10` its own.
 */
export function readValue(source: Source, schema: Schema | undefined, report: Report): Json {
  return source.root === null ? null : readNode(source.root, schema, { source, report });
}

interface Context {
  readonly source: Source;
  readonly report: Report;
}

function readNode(node: Node | null, schema: Schema | undefined, context: Context): Json {
  if (node === null) return null;
  if (isAlias(node) || ("anchor" in node && node.anchor)) {
    context.report({
      code: "yaml-alias",
      message: isAlias(node) ? "a spec has no aliases" : "a spec has no anchors",
      help: "write the value out; what environments share stands once in the kind, what differs under `in:`",
      at: { input: context.source.input, range: firstLine(node, context.source) },
    });
    if (isAlias(node)) return null;
  }
  if (node.tag && !node.tag.startsWith("tag:yaml.org,2002:")) return null;
  if (isMap(node)) return readMap(node, schema, context);
  if (isSeq(node)) return node.items.map((item) => readNode(item as Node, schemaOf(schema, 0), context));
  return isScalar(node) ? widen(readScalar(node, schema), schema) : null;
}

function readMap(node: YAMLMap, schema: Schema | undefined, context: Context): JsonObject {
  const object: JsonObject = {};
  const seen = new Map<string, Pair>();
  for (const pair of node.items) {
    const key = readKey(pair, context);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first) {
      const { input } = context.source;
      context.report({
        code: "duplicate-key",
        message: `\`${key}\` stands here a second time`,
        at: { input, range: rangeOfNode(pair.key as Node) },
        related: [{ at: { input, range: rangeOfNode(first.key as Node) }, message: "the first" }],
      });
      continue;
    }
    seen.set(key, pair);
    // A key such as `__proto__` must become an entry like any other.
    Object.defineProperty(object, key, {
      value: readNode(pair.value as Node | null, schemaOf(schema, key), context),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function readKey(pair: Pair, { source, report }: Context): string | undefined {
  const { key } = pair;
  const at = { input: source.input, range: key ? rangeOfNode(key as Node) : ([0, 1] as const) };
  if (!isScalar(key) || key.value === null || key.value === "") {
    report({ code: "yaml-key", message: "this key is no text", at });
    return undefined;
  }
  if (key.value === "<<" || key.tag === "tag:yaml.org,2002:merge") {
    report({
      code: "yaml-merge-key",
      message: "a spec has no merge keys",
      help: "what environments share stands once in the kind, what differs under `in:`",
      at,
    });
    return undefined;
  }
  return keyText(key as Scalar);
}

function readScalar(node: Scalar, schema: Schema | undefined): Json {
  const { value } = node;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") return value as Json;
  const types = schema ? typesOf(schema) : [];
  return types.includes("string") && !types.includes("number") && !types.includes("integer")
    ? (node.source ?? String(value))
    : value;
}

/** `flow-logs: true` → `flow-logs: { enabled: true }`. What does not fit stays, for validation to report. */
function widen(value: Json, schema: Schema | undefined): Json {
  if (schema?.shorthand === undefined || value === null || isJsonObject(value)) return value;
  const target = schema.properties?.[schema.shorthand];
  return target && typesOf(target).includes(typeof value) ? { [schema.shorthand]: value } : value;
}

function rangeOfNode(node: Node): Range {
  return [node.range?.[0] ?? 0, node.range?.[1] ?? 1];
}

/** A frame of a whole block would be long: its first line says enough. */
function firstLine(node: Node, source: Source): Range {
  const start = node.range?.[0] ?? 0;
  const end = source.text.indexOf("\n", start);
  return [start, Math.min(node.range?.[1] ?? start + 1, end < 0 ? source.text.length : end)];
}
