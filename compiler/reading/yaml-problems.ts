/** What the YAML parser complains about, for people who know their spec but not the grammar of YAML. */
import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, visit } from "yaml";
import type { Code, Diagnostic } from "../diagnostics.ts";
import { fileKindOf, type InputName, type Range } from "../path.ts";

/** What a problem is called, what is said about it, what would be right, and where that is if not where it shows. */
interface Words {
  readonly code?: Code;
  readonly message: string;
  readonly help?: string;
  readonly range?: Range;
}

/**
 * The first thing that is wrong with a document as YAML. The parser only guesses how to go on after a problem, so what
 * it finds further on often follows from the first.
 */
export function yamlProblem(input: InputName, text: string, parsed: Document.Parsed): Diagnostic | undefined {
  // Tags are reported where values are read: as they are no problem of grammar, nothing follows from them.
  const warnings = parsed.warnings.filter(({ code }) => code !== "TAG_RESOLVE_FAILED");
  const [problem] = [...parsed.errors, ...warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (parsed.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION")) return tooDeep(input, [0, 1]);
  if (!problem) return directive(input, text, parsed);
  const isForeign = ({ pattern }: { pattern: RegExp }) => pattern.test(lineAt(text, problem.pos[0]));
  const foreign = isConflict(text) ? CONFLICT : FOREIGN.find(isForeign);
  if (foreign) {
    const start = text.search(foreign.pattern);
    const at = { input, range: restOfLine(text, [start, start + 1]) };
    return { code: "yaml-syntax", message: foreign.message, help: foreign.help, at };
  }
  const { code, message, help, range } = wordsFor(problem.code, problem.message, problem.pos, text, parsed);
  const at = { input, range: range ?? restOfLine(text, problem.pos) };
  return { code: code ?? "yaml-syntax", message, ...(help && { help }), at };
}

/** @param range where the nesting goes too far, as well as that is known */
export function tooDeep(input: InputName, range: Range): Diagnostic {
  return {
    code: "yaml-syntax",
    message: "this is nested too deeply to be read",
    help: `no ${fileKindOf(input)} needs more than a dozen levels`,
    at: { input, range },
  };
}

/** `%YAML 1.1` would change what values mean: `yes` would be `true`. */
function directive(input: InputName, text: string, parsed: Document.Parsed): Diagnostic | undefined {
  if (!parsed.directives.yaml.explicit) return undefined;
  const start = text.search(/^%/m);
  return { ...DIRECTIVE, code: "yaml-syntax", at: { input, range: restOfLine(text, [start, start + 1]) } };
}

const DIRECTIVE = { message: "there are no directives such as `%YAML` here", help: "remove the line" };

const CONFLICT = {
  pattern: /^(<{7}|={7}|>{7})( |$)/m,
  message: "this is a merge conflict that is not resolved",
  help: "choose one of the sides, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
};

/** Whether both sides of a merge conflict are in a text that is no YAML, wherever the parser gives up. */
export function isConflict(text: string): boolean {
  const marks = [/^<{7}( |$)/m, /^={7}$/m, /^>{7}( |$)/m].map((mark) => text.search(mark));
  return marks.every((mark, index) => mark > (marks[index - 1] ?? -1));
}

/** What other tools put into files, if it stands where the parser gives up. */
const FOREIGN = [
  CONFLICT,
  {
    pattern: /\{\{|\{%/,
    message: "this is a placeholder that no template engine has filled in",
    help: "write the value itself",
  },
];

const QUOTE = { help: "put quotes around it, if it is meant as text" };

/** By a part of the parser's message, as one code of its stands for many things. */
const BY_MESSAGE: readonly (readonly [RegExp, Words])[] = [
  [
    /^Nested mappings are not allowed/,
    {
      message: "there is a second `:` on this line, which would begin a map inside the value",
      help: "put quotes around the value, or begin a new line after the first `:`",
    },
  ],
  [
    /^All mapping items must start/,
    { message: "this line is indented unlike the keys before it and unlike everything around them" },
  ],
  [/^All sequence items must start/, { message: "this line is indented unlike the list items before it" }],
  [
    /^Block scalar lines must not be less indented/,
    { message: "this line is indented less than the first line of the text it belongs to" },
  ],
  [
    /followed by map values$/,
    { message: "there is no `:` after this key", help: "a key and its value are written `key: value`" },
  ],
  [
    /^Implicit keys .*single line$/,
    { message: "there is no `:` on this line", help: "a key and its value are written `key: value`" },
  ],
  [/^Missing , /, { message: "a comma is missing before this" }],
  [/^Unexpected , /, { message: "this comma has nothing before it" }],
  [/^Missing space after :/, { message: "a space is missing after this `:`" }],
  [/^Comments must be separated/, { message: "a space is missing before this `#`", ...QUOTE }],
  [
    /^Unexpected block-seq-ind/,
    { message: "a list can't begin on the line of its key", help: "begin a new line before the `-`" },
  ],
  [
    /^Sequence item without/,
    { message: "this is among list items, but is none", help: "a list item begins with `- `" },
  ],
  [/^A block sequence may not be used/, { message: "list items and keys can't stand side by side" }],
  [
    /^Block collections are not allowed/,
    {
      message: "inside brackets, maps and lists need brackets too",
      help: "write `{ key: value }` or `[a, b]`",
    },
  ],
  [
    /^Block scalar header|^Not a YAML token/,
    { message: "nothing can follow on the line of a `|` or `>`", help: "begin the text on a new line" },
  ],
  [/^Unexpected : in flow|^Unexpected scalar token/, { message: "this can't follow what stands before it" }],
  [/at node end$/, { message: "this can't follow the value before it", ...QUOTE }],
  [/^Unexpected flow-(map|seq)-end/, { message: "nothing is open that this could close" }],
  [/^Unknown directive|directives-end/, DIRECTIVE],
];

const NO_ALIAS: Words = {
  code: "yaml-alias",
  message: "there are no anchors and aliases here",
  help: "write the value out",
};

function wordsFor(code: string, message: string, pos: Range, text: string, parsed: Document.Parsed): Words {
  switch (code) {
    case "TAB_AS_INDENT":
      return {
        code: "yaml-tab",
        message: "a tab can't indent YAML",
        help: "use two spaces",
        range: [pos[0], pos[0] + tabsAt(text, pos[0])],
      };
    case "MULTIPLE_DOCS":
      return {
        code: "yaml-multiple-documents",
        message: "a second document begins here",
        help: "a spec is one document: remove `---` or move the rest to a file of its own",
      };
    case "TAG_RESOLVE_FAILED":
    case "MULTIPLE_TAGS":
      return { code: "yaml-tag", message: "there are no tags here", help: "write the plain value" };
    case "BAD_ALIAS":
    case "ALIAS_PROPS":
    case "MULTIPLE_ANCHORS":
    case "BAD_PROP_ORDER":
      return NO_ALIAS;
    case "BAD_SCALAR_START":
      return { message: `a value can't begin with \`${text[pos[0]]}\``, ...QUOTE };
    case "BAD_DQ_ESCAPE":
      return {
        message: `\`${text.slice(pos[0], pos[0] + 2)}\` means nothing between double quotes`,
        help: "write `\\\\` for a backslash, or use single quotes",
        range: [pos[0], pos[0] + 2],
      };
    default:
      return (
        unclosed(message, pos, text, parsed) ??
        BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1] ?? {
          message: `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
        }
      );
  }
}

/** What is never closed is shown where it is opened: where the parser misses the end is often far away. */
function unclosed(message: string, pos: Range, text: string, parsed: Document.Parsed): Words | undefined {
  const sign = /end with a ([\]}])$|^Missing closing (["'])/.exec(message);
  if (!sign) return undefined;
  let opened: number | undefined;
  visit(parsed, {
    Node(_, node) {
      const isOpen = isCollection(node) ? node.flow : isScalar(node) && sign[2] !== undefined;
      const [start = 0, end = 0] = (node as Node).range ?? [];
      if (isOpen && /[[{"']/.test(text[start] ?? "") && start < pos[0] && end >= pos[0]) opened = start;
    },
  });
  if (opened === undefined) return undefined;
  const what = sign[2] ? "this quote" : `this \`${text[opened]}\``;
  const help = sign[1] ? `a \`${sign[1]}\` must follow what belongs to it` : undefined;
  return { message: `${what} is never closed`, ...(help && { help }), range: [opened, opened + 1] };
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end);
}

/** The place from where a problem shows to the end of what stands there on the line. */
function restOfLine(text: string, [start, end]: Range): Range {
  const from = start + (/^ */.exec(text.slice(start, end + 200))?.[0].length ?? 0);
  const first = from < text.length && text[from] !== "\n" ? from : start;
  const line = text.slice(first).split(/\r?\n/, 1)[0] as string;
  return [first, Math.max(first + line.replace(/ +#.*$/, "").trimEnd().length, Math.min(end, first + 1))];
}

const tabsAt = (text: string, start: number): number =>
  /^\t*/.exec(text.slice(start, start + 100))?.[0].length ?? 1;

/** What is wrong with a key that is no text. */
export function keyTrouble(key: Node | null, text: string): { message: string; help: string } {
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
