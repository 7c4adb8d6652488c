/** Prints diagnostics for people: `file:line:col severity code: message`, the lines meant, and what would be right. */
import type pc from "picocolors";
import { type Diagnostic, type Place, severityOf } from "../compiler/diagnostics.ts";
import { Invariant } from "../compiler/invariant.ts";
import type { InputName, Range } from "../compiler/path.ts";
import { rangeOf, type Source } from "../compiler/reading/source.ts";

export type Sources = Readonly<Record<InputName, Source>>;
export type Colors = ReturnType<typeof pc.createColors>;

/** A place as people count: lines and columns from 1, columns in characters. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a place is, as people count. */
export function positionOf(sources: Sources, place: Place): Position {
  const { source, range } = find(sources, place);
  const [start, end] = range;
  const from = locate(source, start);
  const to = locate(source, Math.max(start, end));
  return { file: source.file, ...from, endLine: to.line, endColumn: to.column };
}

/** A path of the spec that goes on below the file of a template leads into that file. */
function find(sources: Sources, place: Place): { readonly source: Source; readonly range: Range } {
  const [kind, name, key, ...inside] = place.input === "spec" && "path" in place ? place.path : [];
  const isInside = kind === "templates" && key === "file" && inside.length > 0;
  const template = isInside ? sources[`templates.${name}`] : undefined;
  const source = template ?? sources[place.input];
  if (!source) throw new Invariant(`there is no input ${place.input}`);
  if ("range" in place) return { source, range: place.range };
  return { source, range: rangeOf(source, template ? inside : place.path, place.part) };
}

function locate(source: Source, offset: number): { line: number; column: number } {
  const { line, col } = source.lines.linePos(offset);
  if (line === 0) return { line: 1, column: 1 };
  // Most lines have no character of two units; a long one would be counted again for each place in it.
  if (lineOf(source, line)?.isPlain) return { line, column: col };
  const start = source.lines.lineStarts[line - 1] ?? 0;
  return { line, column: [...source.text.slice(start, start + col - 1)].length + 1 };
}

/** In the order a reader goes through the files: by file, then by place. */
export function sortDiagnostics(sources: Sources, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const key = (diagnostic: Diagnostic): [string, number, number] => {
    if (!diagnostic.at) return [diagnostic.file ?? "", 0, 0];
    const { file, line, column } = positionOf(sources, diagnostic.at);
    return [file === sources.spec.file ? "" : file, line, column];
  };
  return diagnostics
    .map((diagnostic) => ({ diagnostic, key: key(diagnostic) }))
    .sort(({ key: a }, { key: b }) => a[0].localeCompare(b[0]) || a[1] - b[1] || a[2] - b[2])
    .map(({ diagnostic }) => diagnostic);
}

/** One diagnostic with its frames, ending in an empty line. */
export function printDiagnostic(sources: Sources, diagnostic: Diagnostic, colors: Colors): string {
  const severity = severityOf(diagnostic);
  const paint = severity === "error" ? colors.red : colors.yellow;
  const head = `${paint(severity)} ${colors.bold(diagnostic.code)}: ${diagnostic.message}`;
  const help = diagnostic.help ? [`  ${colors.cyan("help:")} ${diagnostic.help}`] : [];
  if (!diagnostic.at) return [`${diagnostic.file ?? "landform"} ${head}`, ...help, "", ""].join("\n");
  const position = positionOf(sources, diagnostic.at);
  const lines = [`${where(position)} ${head}`, ...frame(sources, diagnostic.at, "^", "", paint, colors)];
  for (const { at, message } of diagnostic.related ?? []) {
    lines.push(
      `  ${colors.dim(where(positionOf(sources, at)))}`,
      ...frame(sources, at, "-", message, colors.cyan, colors),
    );
  }
  return [...lines, ...help, "", ""].join("\n");
}

const where = ({ file, line, column }: Position): string => `${file}:${line}:${column}`;

/** Columns of a line that are shown around the place. */
const WIDTH = 100;

/** The first line of a place with marks under it. */
function frame(
  sources: Sources,
  place: Place,
  mark: string,
  label: string,
  paint: (text: string) => string,
  colors: Colors,
): string[] {
  const { source } = find(sources, place);
  const { line, column, endLine, endColumn } = positionOf(sources, place);
  const characters = lineOf(source, line)?.characters;
  if (characters === undefined) return [];
  const left = Math.max(0, Math.min(column - 20, characters.length - WIDTH));
  const right = left + WIDTH;
  const end = endLine === line ? endColumn : characters.length + 1;
  const marked = Math.max(1, cells(characters.slice(column - 1, Math.min(end - 1, right))));
  const padding = " ".repeat(cells(characters.slice(left, column - 1)) + (left > 0 ? 1 : 0));
  const gutter = " ".repeat(String(line).length);
  const bar = colors.dim("|");
  const shown = `${left > 0 ? "…" : ""}${characters.slice(left, right).join("")}${right < characters.length ? "…" : ""}`;
  return [
    `  ${gutter} ${bar}`,
    `  ${colors.dim(String(line))} ${bar} ${shown}`.trimEnd(),
    `  ${gutter} ${bar} ${padding}${paint(mark.repeat(marked))}${label ? ` ${paint(label)}` : ""}`,
  ];
}

/** A line of a source as it is shown. */
interface Line {
  /** Each of them printable. */
  readonly characters: readonly string[];
  /** Whether each is one UTF-16 unit, as the offsets of a source count. */
  readonly isPlain: boolean;
}

const shownLines = new WeakMap<Source, Map<number, Line>>();

/** A line by its number; undefined where the source has no such line. */
function lineOf(source: Source, number: number): Line | undefined {
  const known = shownLines.get(source) ?? new Map<number, Line>();
  shownLines.set(source, known);
  const { text, lines } = source;
  const start = lines.lineStarts[number - 1];
  if (known.has(number) || start === undefined || text === "") return known.get(number);
  const end = text.indexOf("\n", start);
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  const characters = [...line.replace(/\p{Cc}/gu, " ")];
  known.set(number, { characters, isPlain: characters.length === line.length });
  return known.get(number);
}

/** Marks and wide letters take other places than one on a terminal. */
const NO_CELL = /^(\p{M}|[\u200b-\u200f])$/u;
const TWO_CELLS =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u;

/** How many places characters take on a terminal. */
function cells(characters: readonly string[]): number {
  return characters.reduce((sum, char) => sum + (NO_CELL.test(char) ? 0 : TWO_CELLS.test(char) ? 2 : 1), 0);
}
