/** Specs on disk: which there are, what they and their ledgers hold, and what they compile to. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LineCounter } from "yaml";
import { type Compilation, type CompileInput, compile, type Library } from "../compiler/compile.ts";
import type { Diagnostic } from "../compiler/diagnostics.ts";
import { during, Invariant } from "../compiler/invariant.ts";
import { FILE_MARK } from "../compiler/output/files.ts";
import type { FileText } from "../compiler/templates/read.ts";
import { packAll } from "./code/pack.ts";
import { isFile } from "./disk.ts";
import { UsageError } from "./exit.ts";
import type { Sources } from "./frame.ts";

/** Where specs live. */
export const SPECS = "specs";
const LOCK = ".lock.yaml";

/** The specs that are meant, each once: those named, or all in `specs/`. */
export function findSpecs(named: readonly string[]): string[] {
  for (const file of named) checkFile(file);
  if (named.length > 0) return [...new Map(named.map((file) => [resolve(file), file])).values()];
  const found = filesIn(SPECS).filter((file) => /\.ya?ml$/.test(file) && !file.endsWith(LOCK));
  if (found.length === 0) {
    throw new UsageError("no spec in specs/: name one, or begin with `landform init DIRECTORY`");
  }
  const specs = found.sort().map((file) => join(SPECS, file));
  for (const file of specs) checkFile(file);
  return specs;
}

function checkFile(file: string): void {
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status) {
    const isLink = lstatSync(file, { throwIfNoEntry: false });
    throw new UsageError(isLink ? `${file} is a link to nothing` : `${file}: there is no such file`);
  }
  if (!status.isFile()) throw new UsageError(`${file} is not a file; name a spec`);
  if (file.endsWith(LOCK)) throw new UsageError(`${file} is a ledger; name the spec beside it`);
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);
}

/** Ledgers in `specs/` whose spec is gone. */
export function findLostLedgers(): string[] {
  const files = filesIn(SPECS);
  const hasSpec = (ledger: string) =>
    [".yaml", ".yml"].some((end) => files.includes(ledger.replace(LOCK, end)));
  return files.filter((file) => file.endsWith(LOCK) && !hasSpec(file)).map((file) => join(SPECS, file));
}

/** The one spec that is meant, for commands that take one. */
export function findSpec(named: string | undefined): string {
  const specs = findSpecs(named === undefined ? [] : [named]);
  if (specs.length > 1) {
    throw new UsageError(`there are several specs: name one of ${specs.join(", ")}`);
  }
  return specs[0] as string;
}

/** `specs/acme.yaml` → `specs/acme.lock.yaml`. */
export function ledgerOf(spec: string): string {
  return join(dirname(spec), basename(spec).replace(/\.ya?ml$/, "") + LOCK);
}

/** A compilation that came to its end. */
export type Compiled = Compilation &
  Required<Pick<Compilation, "result">> & {
    /** Where the code lies that the spec names. */
    readonly code: readonly string[];
    /** The archives of that code, by digest. */
    readonly archives: ReadonlyMap<string, Uint8Array>;
  };

/** The archive under a key of the artifact bucket: the last part of the key is its digest. */
export function archiveAt(archives: Compiled["archives"], key: string): Uint8Array {
  const archive = archives.get(basename(key, ".zip"));
  if (!archive) throw new Invariant(`there is no archive for ${key}`);
  return archive;
}

/** What one that did not has to say. */
export interface Failed {
  readonly sources?: Sources;
  readonly code?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads and compiles one spec; files that can't be read are among the diagnostics.
 *
 * @param edited the spec's text, if not the one in its file
 */
export function compileFile(spec: string, edited?: string): Compiled | Failed {
  const input = readInput(spec, edited);
  if ("diagnostics" in input) return input;
  const code: string[] = [];
  const archives = new Map<string, Uint8Array>();
  const library = libraryOf(spec, code, archives);
  const { result, ...rest } = during(`compiling ${spec}`, () => compile({ ...input, library }));
  return result ? { ...rest, code, result, archives } : { ...rest, code };
}

/**
 * @param code takes the paths of what is packed
 * @param archives takes the archives that it is packed into
 */
function libraryOf(spec: string, code: string[], archives: Map<string, Uint8Array>): Library {
  return {
    file: (path) => readTemplate(join(dirname(spec), path)),
    pack(codes) {
      code.push(...codes.map(({ path }) => path));
      const packed = packAll(codes);
      for (const one of packed) if ("bytes" in one) archives.set(one.sha256, one.bytes);
      return packed;
    },
    resourceSchemas: () => readFileSync(join(__dirname, "resource-schemas.txt"), "utf8"),
  };
}

/** Reads a spec and its ledger; what is wrong where one of them can't be a text of ours. */
function readInput(spec: string, edited?: string): CompileInput | Failed {
  const ledger = ledgerOf(spec);
  const text = edited ?? readText(spec);
  if (text === undefined) return notUtf8("spec", spec);
  if (text.startsWith(FILE_MARK)) {
    const diagnostic: Diagnostic = {
      code: "bad-value",
      message: "this is what landform generates, not a spec",
      help: "name the spec it was made from, which its first line names",
      file: spec,
    };
    return { diagnostics: [diagnostic] };
  }
  if (!existsSync(ledger)) return { spec: { file: spec, text }, ledger: { file: ledger } };
  if (!isFile(ledger)) throw new UsageError(`${ledger} is not a file; the ledger belongs there`);
  const ledgerText = readText(ledger);
  if (ledgerText === undefined) return notUtf8("ledger", ledger);
  return { spec: { file: spec, text }, ledger: { file: ledger, text: ledgerText } };
}

/** Reads a template that a spec names. */
function readTemplate(file: string): FileText {
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status?.isFile()) return { file, trouble: status ? "not-a-file" : "missing" };
  const text = readText(file);
  return text === undefined ? { file, trouble: "not-utf8" } : { file, text };
}

function readText(file: string): string | undefined {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Says so at the first byte that is none of a text. */
function notUtf8(input: "spec" | "ledger", file: string): Failed {
  const bytes = readFileSync(file);
  const text = bytes.toString("utf8");
  // Each character is bytes again; where these are others, there was none.
  const first = Buffer.from(text).findIndex((byte, index) => byte !== bytes[index]);
  const start = bytes.subarray(0, first).toString("utf8").length;
  const lines = new LineCounter();
  for (const { index } of `\n${text}`.matchAll(/\n/g)) lines.addNewLine(index);
  const diagnostic: Diagnostic = {
    code: "file-not-utf8",
    message: "the file is not UTF-8 from here on",
    help: "save it as UTF-8",
    at: { input, range: [start, start + 1] },
  };
  const source = { input, file, text, lines, root: null };
  return { sources: { spec: source, ledger: source }, diagnostics: [diagnostic] };
}
