/** Reads a YAML document into plain values, led by the schema: text stays text, shorthands are widened. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import type { Report } from "./diagnostics.ts";
import type { Range } from "./path.ts";
import { isJsonObject, type Json, type JsonObject, type Schema, schemaOf, typesOf } from "./schema.ts";
import { keyText, type Source } from "./source.ts";
import { showName } from "./wording.ts";
import { tooDeep } from "./yaml-problems.ts";

/**
 * The document's value. Anchors, aliases, merge keys, tags, duplicate keys and keys that are no text are reported.
 *
 * Where the schema allows text, a number is taken as it is written: `012345678904` keeps its zero and `1.10` its own.
 */
export function readValue(source: Source, schema: Schema | undefined, report: Report): Json {
  return readNode(source.root, schema, { source, report, aliases: findAliases(source), depth: 0 });
}

/** Values of which a part, or all, could not be read. */
const incomplete = new WeakSet<object>();

/** Whether a part of the value, or all of it, could not be read. Why is reported; nothing should be missed in it. */
export const isIncomplete = (value: Json | undefined): boolean =>
  typeof value === "object" && value !== null && incomplete.has(value);

/** Levels that are read; a spec needs a dozen. */
const MAXIMUM_DEPTH = 100;

interface Context {
  readonly source: Source;
  readonly report: Report;
  readonly aliases: Aliases;
  /** How many levels this is below the root. */
  readonly depth: number;
}

function readNode(node: Node | null, schema: Schema | undefined, outer: Context): Json {
  const context = { ...outer, depth: outer.depth + 1 };
  if (node === null) return null;
  if (context.depth > MAXIMUM_DEPTH) {
    context.report(tooDeep(context.source.input, firstLine(node, context.source)));
    return unreadable();
  }
  if (!readProperties(node, context)) return unreadable();
  if (isMap(node)) return readMap(node, schema, context);
  if (isSeq(node)) {
    const items = node.items.map((item) => readNode(item as Node, schemaOf(schema, 0), context));
    return widen(items, schema);
  }
  return isScalar(node) ? widen(readScalar(node, schema), schema) : null;
}

/** Stands for a value that can't be known. */
function unreadable(): JsonObject {
  const object = {};
  incomplete.add(object);
  return object;
}

/** Reports what YAML can say about a node besides its value; @returns whether the value is as it stands there */
function readProperties(node: Node, { source, report, aliases }: Context): boolean {
  const { input } = source;
  if (isAlias(node)) {
    // Its anchor is reported, with this as one of the places that use it.
    if (aliases.has(node.source)) return false;
    report({
      code: "yaml-alias",
      message: `there is no anchor ${showName(node.source)}, and there are no aliases in a ${input}`,
      help: "put quotes around it, if it is meant as text",
      at: { input, range: rangeOfNode(node) },
    });
    return false;
  }
  if (node.tag) {
    report({
      code: "yaml-tag",
      message: `there are no tags in a ${input}`,
      help: "write the plain value",
      at: { input, range: rangeBefore(node, /!\S*(?=[^!]*$)/, source) },
    });
  }
  if ("anchor" in node && node.anchor) {
    report({
      code: "yaml-alias",
      message: `there are no anchors and aliases in a ${input}`,
      help: input === "ledger" ? RESTORE : NO_SHARING,
      at: { input, range: rangeBefore(node, /&[^\s&]*(?=[^&]*$)/, source) },
      related: (aliases.get(node.anchor) ?? [])
        .slice(0, 3)
        .map((range) => ({ at: { input, range }, message: "used here" })),
    });
  }
  return !node.tag;
}

const NO_SHARING =
  "write the value out; what environments share stands once in the kind, what differs under `in:`";
const RESTORE = "only `landform compile` writes the ledger: restore it from version control";

/** The places of the aliases to each anchor of a document. */
type Aliases = ReadonlyMap<string, readonly Range[]>;

function findAliases({ root, text }: Source): Aliases {
  const found = new Map<string, Range[]>();
  if (!text.includes("&")) return found;
  visit(root, {
    Node(_, node) {
      if (isAlias(node)) found.get(node.source)?.push(rangeOfNode(node));
      else if (node.anchor) found.set(node.anchor, []);
    },
  });
  return found;
}

function readMap(node: YAMLMap, schema: Schema | undefined, context: Context): JsonObject {
  const object: JsonObject = {};
  const seen = new Map<string, Pair>();
  for (const pair of node.items) {
    const key = readKey(pair, context);
    if (key === undefined) {
      incomplete.add(object);
      continue;
    }
    const first = seen.get(key);
    if (first) {
      const { input } = context.source;
      context.report({
        code: "duplicate-key",
        message: `${showName(key)} stands here a second time`,
        help: input === "ledger" ? RESTORE : "keep one of them",
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

function readKey(pair: Pair, context: Context): string | undefined {
  const { source, report } = context;
  const key = pair.key as Node | null;
  const at = { input: source.input, range: key ? firstLine(key, source) : ([0, 1] as const) };
  if (!isScalar(key) || key.value === null || key.value === "") {
    report({ code: "yaml-key", ...keyTrouble(key, source), at });
    return undefined;
  }
  if (key.value === "<<") {
    report({
      code: "yaml-merge-key",
      message: `there are no merge keys in a ${source.input}`,
      help: source.input === "ledger" ? RESTORE : NO_SHARING,
      at,
    });
    return undefined;
  }
  return readProperties(key, context) ? keyText(key as Scalar) : undefined;
}

/** What is wrong with a key that is no text. */
function keyTrouble(key: Node | null, { text }: Source): { message: string; help: string } {
  const start = key?.range?.[0] ?? 0;
  if (isMap(key) && text.slice(Math.max(0, start - 1), start + 2).includes("{{"))
    return {
      message: "this is a placeholder that no template engine has filled in",
      help: "write the value itself",
    };
  if (isMap(key) || isSeq(key) || isAlias(key)) {
    const what = isMap(key) ? "a map" : isSeq(key) ? "a list" : "an alias";
    return {
      message: `a key must be text, not ${what}`,
      help: "a key and its value are written `key: value`",
    };
  }
  const written = key?.source || "";
  return written === ""
    ? { message: "there is no key before this `:`", help: "a key and its value are written `key: value`" }
    : {
        message: `a key must be text; \`${written}\` is nothing`,
        help: `with quotes it is text: \`"${written}"\``,
      };
}

function readScalar(node: Scalar, schema: Schema | undefined): Json {
  const { value } = node;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") return value as Json;
  const isText = schema !== undefined && typesOf(schema).includes("string");
  return isText ? (node.source ?? String(value)) : value;
}

/**
 * `flow-logs: true` → `flow-logs: { enabled: true }`, `scale: 4-20` → `scale: { min: 4, max: 20 }`. What does not fit
 * stays, for validation to report.
 */
function widen(value: Json, schema: Schema | undefined): Json {
  if (value === null || isJsonObject(value)) return value;
  if (schema?.range) return widenRange(value, schema.range);
  if (schema?.shorthand === undefined) return value;
  const target = schema.properties?.[schema.shorthand];
  const type = Array.isArray(value) ? "array" : typeof value;
  return target && typesOf(target).includes(type) ? { [schema.shorthand]: value } : value;
}

function widenRange(value: Json, [first = "", last = ""]: readonly string[]): Json {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(String(value)) ?? [];
  return from === undefined ? value : { [first]: Number(from), [last]: Number(to) };
}

/** The range of a node; of one that is empty, the sign after it. */
function rangeOfNode(node: Node, text = ""): Range {
  const [start = 0, end = 1] = node.range ?? [];
  const sign = start === end ? /^[ \n]*[:,}]/.exec(text.slice(start, start + 200)) : null;
  return sign ? [start + sign[0].length - 1, start + sign[0].length] : [start, end];
}

/** A frame of a whole block would be long: its first line says enough. */
function firstLine(node: Node, source: Source): Range {
  const [start, end] = rangeOfNode(node, source.text);
  const line = source.text.indexOf("\n", start);
  return [start, Math.min(end, line < 0 ? source.text.length : line)];
}

/** The tag or anchor that stands before a node. */
function rangeBefore(node: Node, pattern: RegExp, source: Source): Range {
  const [end] = rangeOfNode(node);
  const start = Math.max(0, end - 500);
  const found = pattern.exec(source.text.slice(start, end));
  return found ? [start + found.index, start + found.index + found[0].length] : firstLine(node, source);
}
