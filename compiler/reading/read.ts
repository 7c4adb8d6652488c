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
import { longForm } from "../cfn/functions.ts";
import type { Report } from "../diagnostics.ts";
import { fileKindOf, type Range } from "../path.ts";
import { isJsonObject, type Json, type JsonObject, type Schema, schemaOf, typesOf } from "../schema.ts";
import { showName } from "../wording.ts";
import { keyText, type Source } from "./source.ts";
import { changedNumber, foreignTag, functionOf, keyThatIsNoText, literalOf } from "./template-yaml.ts";
import { keyTrouble, tooDeep } from "./yaml-problems.ts";

/**
 * The document's value. Anchors, aliases, merge keys, tags, duplicate keys and keys that are no text are reported.
 *
 * Where the schema allows text, a number is taken as it is written: `012345678904` keeps its zero and `1.10` its own.
 * In what is a part of a template the tags of functions are allowed; their long form is read.
 */
export function readValue(source: Source, schema: Schema | undefined, report: Report): Json {
  return readNode(source.root, schema, {
    source,
    report,
    aliases: findAliases(source),
    depth: 0,
  });
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
  if (!readProperties(node, schema, context)) return unreadable();
  const value = readContent(node, schema, context);
  const name = schema?.isTemplate ? functionOf(node) : undefined;
  return name === undefined ? value : longForm(name, value);
}

function readContent(node: Node, schema: Schema | undefined, context: Context): Json {
  if (isMap(node)) return readMap(node, schema, context);
  if (isSeq(node)) {
    const items = node.items.map((item) => readNode(item as Node, schemaOf(schema, 0), context));
    return widen(items, schema);
  }
  if (!isScalar(node)) return null;
  return schema?.isTemplate ? readInTemplate(node, context) : widen(readScalar(node, schema), schema);
}

/** Stands for a value that can't be known. */
function unreadable(): JsonObject {
  const object = {};
  incomplete.add(object);
  return object;
}

/** Reports what YAML can say about a node besides its value; @returns whether the value is as it stands there */
function readProperties(node: Node, schema: Schema | undefined, context: Context): boolean {
  const { source, report, aliases } = context;
  const { input } = source;
  const kind = fileKindOf(input);
  if (isAlias(node)) {
    // Its anchor is reported, with this as one of the places that use it.
    if (aliases.has(node.source)) return false;
    report({
      code: "yaml-alias",
      message: `there is no anchor ${showName(node.source)}, and there are no aliases in a ${kind}`,
      help: "put quotes around it, if it is meant as text",
      at: { input, range: rangeOfNode(node) },
    });
    return false;
  }
  const isTemplate = schema?.isTemplate === true;
  const isFunction = isTemplate && functionOf(node) !== undefined;
  if (node.tag && !isFunction) {
    report({
      code: "yaml-tag",
      ...(isTemplate
        ? foreignTag(node.tag)
        : { message: `there are no tags in a ${kind}`, help: "write the plain value" }),
      at: { input, range: rangeBefore(node, /!\S*(?=[^!]*$)/, source) },
    });
  }
  if ("anchor" in node && node.anchor) {
    report({
      code: "yaml-alias",
      message: `there are no anchors and aliases in a ${kind}`,
      help: SHARING[kind] ?? NO_SHARING,
      at: { input, range: rangeBefore(node, /&[^\s&]*(?=[^&]*$)/, source) },
      related: (aliases.get(node.anchor) ?? [])
        .slice(0, 3)
        .map((range) => ({ at: { input, range }, message: "used here" })),
    });
  }
  return !node.tag || isFunction;
}

const NO_SHARING =
  "write the value out; what environments share stands once in the kind, what differs under `in:`";
const RESTORE = "only `landform compile` writes the ledger: restore it from version control";
/** By the kind of input, where it is no spec: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html */
const SHARING: Readonly<Record<string, string>> = {
  ledger: RESTORE,
  template: "CloudFormation knows none: write the value out",
};

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
    setEntry(object, key, readNode(pair.value as Node | null, schemaOf(schema, key), context));
  }
  return object;
}

/** A key that means something to JavaScript's objects must become an entry like any other. */
function setEntry(object: JsonObject, key: string, value: Json): void {
  if (key in Object.prototype)
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

function readKey(pair: Pair, context: Context): string | undefined {
  const { source, report } = context;
  const key = pair.key as Node | null;
  const place = () => ({ input: source.input, range: key ? firstLine(key, source) : ([0, 1] as const) });
  if (!isScalar(key) || key.value === null || key.value === "") {
    report({ code: "yaml-key", ...keyTrouble(key, source.text), at: place() });
    return undefined;
  }
  if (key.value === "<<") {
    report({
      code: "yaml-merge-key",
      message: `there are no merge keys in a ${fileKindOf(source.input)}`,
      help: SHARING[fileKindOf(source.input)] ?? NO_SHARING,
      at: place(),
    });
    return undefined;
  }
  if (fileKindOf(source.input) === "template" && typeof key.value !== "string") {
    report({ code: "yaml-key", ...keyThatIsNoText(keyText(key as Scalar)), at: place() });
    return undefined;
  }
  return readProperties(key, undefined, context) ? keyText(key as Scalar) : undefined;
}

function readScalar(node: Scalar, schema: Schema | undefined): Json {
  const { value } = node;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") return value as Json;
  const isText = schema !== undefined && typesOf(schema).includes("string");
  return isText ? (node.source ?? String(value)) : value;
}

/** In the spec a number may still be meant as text; CloudFormation reads the file of a template itself. */
function readInTemplate(node: Scalar, { source, report }: Context): Json {
  const { input } = source;
  if (fileKindOf(input) !== "template") return literalOf(node);
  const trouble = changedNumber(node);
  if (trouble) report({ code: "bad-value", ...trouble, at: { input, range: rangeOfNode(node) } });
  return typeof node.value === "bigint" ? Number(node.value) : (node.value as Json);
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
