/** Edits a spec's text as a careful person would: one value changes, every other byte stays, and so does the style. */
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, type Node, type Pair, parse, visit, type YAMLMap } from "yaml";
import type { Range, SpecPath } from "../compiler/path.ts";
import { readValue } from "../compiler/reading/read.ts";
import { entryOf, parseSource, type Source } from "../compiler/reading/source.ts";
import { isJsonObject, type Json, specSchema } from "../compiler/schema.ts";

type Entry = Pair<Node, Node | null>;

/** What stands in a range of the text becomes another text; the range may be empty. */
interface Edit {
  readonly range: Range;
  readonly text: string;
}

/**
 * The text of a spec with another text at a path. Maps that are missing on the way there are added.
 *
 * @param like the path of a text that a new one is to have the quotes of
 * @returns undefined where the spec is written in a way that this can't edit
 */
export function setText(source: Source, path: SpecPath, value: string, like: SpecPath): string | undefined {
  const { range, text } = editFor(source, path.map(String), value, quote(value, nodeAt(source, like)));
  const edited = source.text.slice(0, range[0]) + text + source.text.slice(range[1]);
  const { source: after } = parseSource(source.input, source.file, edited);
  return isDeepStrictEqual(contentOf(after), withText(contentOf(source), path, value)) ? edited : undefined;
}

const contentOf = (source: Source): Json => readValue(source, specSchema, () => {});

function withText(value: Json | undefined, [key, ...rest]: SpecPath, text: string): Json {
  if (key === undefined) return text;
  const outer = isJsonObject(value) ? value : {};
  return { ...outer, [key]: withText(outer[key], rest, text) };
}

const nodeAt = ({ root }: Source, path: SpecPath): Node | null =>
  path.reduce<Node | null>((node, step) => entryOf(node, step)?.value ?? null, root);

/** @param written the value as YAML, where there is none yet */
function editFor(source: Source, path: readonly string[], value: string, written: string): Edit {
  let map = source.root as YAMLMap;
  let outer = map;
  for (const [depth, key] of path.entries()) {
    const entry = entryOf(map, key);
    const keys = path.slice(depth);
    if (!entry) return addEntry(source, { map, outer, keys, written });
    if (keys.length === 1) return replaceValue(source, entry, quote(value, entry.value));
    if (!isMap(entry.value) || entry.value.items.length === 0)
      return replaceValue(source, entry, inBrackets(source, keys.slice(1), written));
    [outer, map] = [map, entry.value];
  }
  return { range: [0, 0], text: "" };
}

/** A text as YAML: with the quotes of another, with double ones where it needs some, or plain. */
function quote(value: string, like?: Node | null): string {
  const type = isScalar(like) ? like.type : undefined;
  if (type === "QUOTE_SINGLE") return `'${value.replaceAll("'", "''")}'`;
  return type === "QUOTE_DOUBLE" || !isPlain(value) ? JSON.stringify(value) : value;
}

/** Whether readers of YAML 1.1 and 1.2 alike take it for text. */
const isPlain = (value: string): boolean =>
  (["1.1", "1.2"] as const).every((version) => parse(value, { version }) === value);

function replaceValue({ text }: Source, { key, value }: Entry, other: string): Edit {
  const end = endOfNode(text, value);
  if (end !== undefined) return { range: [value?.range?.[0] ?? end, end], text: other };
  const at = endOfKey(text, key);
  return { range: [at, at], text: `${at === key.range?.[1] ? ":" : ""} ${other}` };
}

/** A new entry: the map it goes to and the one around that, the keys down to the text, and the text as YAML. */
interface Addition {
  readonly map: YAMLMap;
  readonly outer: YAMLMap;
  readonly keys: readonly string[];
  readonly written: string;
}

function addEntry(source: Source, { map, outer, keys, written }: Addition): Edit {
  const { text } = source;
  const end = endOf(text, map);
  if (map.flow) return addInBrackets(source, map, end, entryOnOneLine(source, keys, written));
  const column = columnOf(text, map);
  const step = " ".repeat(column - columnOf(text, outer));
  const lines = inLines(source, keys, written, samplesFor(source, map, keys), step);
  const at = end + (/^[^\r\n]*/.exec(text.slice(end))?.[0].length ?? 0);
  return { range: [at, at], text: lines.map((line) => lineEnd(text) + " ".repeat(column) + line).join("") };
}

function addInBrackets({ text }: Source, map: YAMLMap, end: number, entry: string): Edit {
  const key = map.items.at(-1)?.key as Node;
  const start = key.range?.[0] ?? 0;
  const indent = text.slice(text.lastIndexOf("\n", start) + 1, start);
  const behind = /[ \t]*(,?)[ \t]*(?:#[^\r\n]*)?(?=\r?\n)/y;
  behind.lastIndex = end;
  const [rest, comma] = behind.exec(text) ?? [];
  // Where entries have lines of their own, the new one gets one too.
  if (rest === undefined || indent.trim() !== "") return { range: [end, end], text: `, ${entry}` };
  const line = `${lineEnd(text)}${indent}${entry}${comma}`;
  return { range: [end, end + rest.length], text: `${comma ? "" : ","}${rest}${line}` };
}

/** @param samples for each key, a map of that kind that is there already, whose style the new one is to have */
function inLines(
  source: Source,
  [key = "", ...rest]: readonly string[],
  written: string,
  [sample, ...samples]: readonly (YAMLMap | undefined)[],
  step: string,
): string[] {
  const isOnOneLine = rest.length === 0 || (sample ?? firstInBrackets(source))?.flow;
  if (isOnOneLine) return [entryOnOneLine(source, [key, ...rest], written)];
  const lines = inLines(source, rest, written, samples, step);
  return [`${quote(key)}:`, ...lines.map((line) => step + line)];
}

function samplesFor(source: Source, map: YAMLMap, keys: readonly string[]): (YAMLMap | undefined)[] {
  const isLayer = keys[0] === "in";
  const layers = isLayer ? find(source, (entry, key) => key === "in" && entry.items.length > 0) : map;
  const layer = layers?.items.map(({ value }) => value).find((value) => isMap(value));
  return isLayer ? [layers, layer] : [layer];
}

const firstInBrackets = (source: Source): YAMLMap | undefined =>
  find(source, ({ flow, items }) => flow === true && items.length > 0);

/** The first map of a document that is like that. */
function find({ root }: Source, isLike: (map: YAMLMap, key: unknown) => boolean): YAMLMap | undefined {
  let found: YAMLMap | undefined;
  visit(root, {
    Pair(_, { key, value }) {
      if (!isMap(value) || !isLike(value, isScalar(key) ? key.value : undefined)) return undefined;
      found = value;
      return visit.BREAK;
    },
  });
  return found;
}

/** `in: { dev: { version: 1.5.0 } }` */
function entryOnOneLine(source: Source, [key = "", ...rest]: readonly string[], written: string): string {
  return `${quote(key)}: ${rest.length === 0 ? written : inBrackets(source, rest, written)}`;
}

function inBrackets(source: Source, keys: readonly string[], written: string): string {
  const sample = firstInBrackets(source)?.range?.[0];
  const space = sample === undefined || /\s/.test(source.text[sample + 1] ?? "") ? " " : "";
  return `{${space}${entryOnOneLine(source, keys, written)}${space}}`;
}

/** Where the last thing in a map ends, without what is only space or comment behind it. */
function endOf(text: string, map: YAMLMap): number {
  const { key, value } = map.items.at(-1) as Entry;
  return endOfNode(text, value) ?? endOfKey(text, key);
}

/** Undefined for what is not written. */
function endOfNode(text: string, node: Node | null): number | undefined {
  if (isMap(node) && !node.flow) return endOf(text, node);
  const item = isSeq(node) && !node.flow ? (node.items.at(-1) as Node | undefined) : undefined;
  if (item) return endOfNode(text, item);
  const [from = 0, to = 0] = node?.range ?? [];
  // The range of a block of text has the end of its last line in it.
  return from < to ? from + text.slice(from, to).trimEnd().length : undefined;
}

/** With the colon, where there is one. */
function endOfKey(text: string, { range }: Node): number {
  const end = range?.[1] ?? 0;
  return end + (/^\s*:/.exec(text.slice(end))?.[0].length ?? 0);
}

function columnOf(text: string, map: YAMLMap): number {
  const start = map.items[0]?.key as Node;
  const at = start.range?.[0] ?? 0;
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

const lineEnd = (text: string): string => /\r?\n/.exec(text)?.[0] ?? "\n";
