/** A YAML document with the places of everything in it. */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Tags,
} from "yaml";
import { functionOfTag } from "../cfn/functions.ts";
import type { Diagnostic } from "../diagnostics.ts";
import { fileKindOf, type InputName, type Range, type SpecPath } from "../path.ts";
import { tooDeep, yamlProblem } from "./yaml-problems.ts";

export interface Source {
  readonly input: InputName;
  /** The path users know the file by. */
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly root: Node | null;
}

/** UTF-16 units a spec may have; the largest real one seen is a hundredth of it, and YAML is slow to parse. */
export const MAXIMUM_SIZE = 1024 * 1024;

/** Brackets that may be open at once; a spec needs a dozen. */
const MAXIMUM_DEPTH = 100;

/** Parses the text. What is wrong with it as YAML is reported; what it means is not looked at. */
export function parseSource(
  input: InputName,
  file: string,
  given: string,
): { source: Source; diagnostics: readonly Diagnostic[] } {
  const lines = new LineCounter();
  // A byte order mark is no part of the text: it would move the columns of the first line.
  const text = given.replace(/^\uFEFF/, "");
  if (text.length > MAXIMUM_SIZE) {
    const message = `the file has ${text.length} characters; at most ${MAXIMUM_SIZE} are read`;
    return {
      source: { input, file, text: "", lines, root: null },
      diagnostics: [
        {
          code: "file-too-large",
          message,
          help:
            fileKindOf(input) === "template"
              ? "CloudFormation takes no template of that size: make two of it"
              : "an architecture of that size is several: give each a spec of its own",
          at: { input, range: [0, 0] },
        },
      ],
    };
  }
  const depths = bracketTooDeep(text);
  if (depths !== undefined) {
    for (const { index } of `\n${text}`.matchAll(/\n/g)) lines.addNewLine(index);
    return {
      source: { input, file, text, lines, root: null },
      diagnostics: [tooDeep(input, [depths, depths + 1])],
    };
  }
  const parsed = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    ...(fileKindOf(input) === "template" ? AS_CLOUDFORMATION : { version: "1.2" }),
  }) as Document.Parsed;
  const problem = yamlProblem(input, text, parsed);
  return {
    // What the parser made of a broken text means nothing.
    source: { input, file, text, lines, root: problem ? null : (parsed.contents as Node | null) },
    diagnostics: problem ? [problem] : [],
  };
}

/**
 * CloudFormation reads YAML 1.1, but for some types, aliases and merge keys, which are reported where values are read:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
const AS_CLOUDFORMATION = {
  version: "1.1",
  merge: false,
  customTags: (tags: Tags) => tags.filter((tag) => typeof tag === "string" || !UNSUPPORTED.test(tag.tag)),
} as const;
const UNSUPPORTED = /:(binary|merge|omap|pairs|set|timestamp)$/;

/**
 * The place of a bracket that opens more levels than any spec has. The parser would need minutes or all memory for
 * thousands of them. Brackets in comments and in quotes on one line don't count.
 */
function bracketTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(
    /"(?:[^"\\\n]|\\.)*(?:"|$)|'[^'\n]*(?:'|$)|(?<!\S)#.*|[[\]{}]/gm,
  )) {
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth = Math.max(0, depth - 1);
    if (depth > MAXIMUM_DEPTH) return index;
  }
  return undefined;
}

/** The entry of a map node under a key, by the key's text. */
export function entryOf(node: unknown, key: string | number): Pair<Node, Node | null> | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && keyText(pair.key) === String(key)) as
    | Pair<Node, Node | null>
    | undefined;
}

/** A key as it stands in the text: `1.10` stays `1.10`. */
export function keyText(key: { value: unknown; source?: string }): string {
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

/**
 * The range of the value at a path, or of its key. A map or list that has lines of its own is shown by its key. Where
 * the path does not exist in the text (a default, or what a shorthand stands for) it is the key of the nearest thing
 * around it that does.
 */
export function rangeOf(source: Source, path: SpecPath, part: "key" | "value" = "value"): Range {
  let node: unknown = source.root;
  let range = beginning(source);
  for (const [depth, step] of path.entries()) {
    // What is written by tag has a key in its long form.
    if (isNode(node) && node.tag && functionOfTag(node.tag) === step) {
      if (isInline(node) && node.range) range = [node.range[0], node.range[1]];
      continue;
    }
    if (isSeq(node) && typeof step === "number") {
      const item = node.items[step] as Node | undefined;
      if (!item?.range) return range;
      range = [item.range[0], item.range[1]];
      node = item;
      continue;
    }
    const pair = entryOf(node, step);
    if (!pair?.key.range) return range;
    const wantsValue = depth === path.length - 1 && part === "value" && isInline(pair.value);
    const [start, end] = (wantsValue ? pair.value?.range : undefined) ?? pair.key.range;
    range = [start, end];
    node = pair.value;
  }
  return range;
}

/** Whether there is something to be seen behind the key: a scalar, or a map or list in brackets. */
function isInline(node: Node | null): boolean {
  if (!node?.range || node.range[0] === node.range[1]) return false;
  return isScalar(node) || (isCollection(node) && node.flow === true);
}

/** Where a document as a whole is shown: at its first key, or at its first line. */
function beginning({ root, text }: Source): Range {
  const first = isMap(root) ? (root.items[0]?.key as Node | null | undefined) : root;
  const [start = 0, end = 1] = first?.range ?? [];
  const line = text.indexOf("\n", start);
  return [start, Math.min(end, line < 0 ? text.length : line)];
}
