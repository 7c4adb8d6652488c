/** A YAML document with the places of everything in it. */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from "yaml";
import type { Diagnostic } from "./diagnostics.ts";

/** The way to a value: keys and positions from the document's root. */
export type SpecPath = readonly (string | number)[];

/** Which of the two inputs a place is in. */
export type InputName = "spec" | "ledger";

/** Offsets into the text, in UTF-16 units; the end is exclusive. */
export type Range = readonly [start: number, end: number];

export interface Source {
  readonly input: InputName;
  /** The path users know the file by. */
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly root: Node | null;
}

/** Bytes a spec may have; the largest real one seen is a hundredth of it, and YAML is slow to parse. */
export const MAXIMUM_SIZE = 1024 * 1024;

/** Parses the text. What is wrong with it as YAML is reported; what it means is not looked at. */
export function parseSource(
  input: InputName,
  file: string,
  text: string,
): { source: Source; diagnostics: readonly Diagnostic[] } {
  const lines = new LineCounter();
  if (text.length > MAXIMUM_SIZE) {
    const message = `the file has ${text.length} characters; at most ${MAXIMUM_SIZE} are read`;
    return {
      source: { input, file, text: "", lines, root: null },
      diagnostics: [{ code: "file-too-large", message, at: { input, range: [0, 0] } }],
    };
  }
  const parsed = parse(text, lines);
  if (parsed === "too deep") {
    return {
      source: { input, file, text, lines, root: null },
      diagnostics: [
        {
          code: "yaml-syntax",
          message: "the file is nested too deeply to be read",
          at: { input, range: [0, 1] },
        },
      ],
    };
  }
  const diagnostics = [...parsed.errors, ...parsed.warnings].map((problem): Diagnostic => {
    const [code, message, help] = describe(problem.code, problem.message);
    return { code, message, ...(help && { help }), at: { input, range: [problem.pos[0], problem.pos[1]] } };
  });
  return { source: { input, file, text, lines, root: parsed.contents as Node | null }, diagnostics };
}

function parse(text: string, lines: LineCounter): Document.Parsed | "too deep" {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      version: "1.2",
    }) as Document.Parsed;
  } catch (error) {
    if (error instanceof RangeError) return "too deep";
    throw error;
  }
}

/** What the parser found, in our words where its own do not help. */
function describe(code: string, message: string): [Diagnostic["code"], string, string?] {
  switch (code) {
    case "TAB_AS_INDENT":
      return ["yaml-tab", "a tab can't indent YAML", "use two spaces"];
    case "MULTIPLE_DOCS":
      return [
        "yaml-multiple-documents",
        "a second document begins here",
        "a spec is one document: remove `---` or move the rest to a file of its own",
      ];
    case "TAG_RESOLVE_FAILED":
      return ["yaml-tag", "a spec has no tags", "write the plain value"];
    default:
      return ["yaml-syntax", `this is not YAML: ${message}`];
  }
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
 * The range of the value at a path, or of its key. Where the path does not exist in the text (a default, or what a
 * shorthand stands for) it is the key of the nearest thing around it that does.
 */
export function rangeOf(source: Source, path: SpecPath, part: "key" | "value" = "value"): Range {
  let node: unknown = source.root;
  let range: Range = [0, Math.min(1, source.text.length)];
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    if (isSeq(node) && typeof step === "number") {
      const item = node.items[step] as Node | undefined;
      if (!item?.range) return range;
      range = [item.range[0], item.range[1]];
      node = item;
      continue;
    }
    const pair = entryOf(node, step);
    if (!pair?.key.range) return range;
    const value = pair.value?.range;
    const wantsKey = !last || part === "key" || !value || value[0] === value[1] || !isScalar(pair.value);
    range = wantsKey ? [pair.key.range[0], pair.key.range[1]] : [value[0], value[1]];
    node = pair.value;
  }
  return range;
}

/** Whether something stands at the path in the text itself. */
export function existsIn(source: Source, path: SpecPath): boolean {
  let node: unknown = source.root;
  for (const step of path) {
    node = isSeq(node) && typeof step === "number" ? node.items[step] : entryOf(node, step)?.value;
    if (node === undefined || node === null) return false;
  }
  return true;
}

/** `environments.dev.network`; a key that would be misread is quoted. */
export function formatPath(path: SpecPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const text = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? text : `.${text}`;
    })
    .join("");
}
