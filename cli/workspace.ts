/** Files: which specs there are, what they and their ledgers hold, and writing results all at once or not at all. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CompileInput } from "../compiler/compile.ts";
import type { Diagnostic } from "../compiler/diagnostics.ts";
import { FILE_MARK } from "../compiler/output.ts";
import { UsageError } from "./exit.ts";

const SPECS = "specs";
const LOCK = ".lock.yaml";

/** The specs that are meant: those named, or all in `specs/`. */
export function findSpecs(named: readonly string[]): string[] {
  for (const file of named) {
    if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`);
    if (file.endsWith(LOCK)) throw new UsageError(`${file} is a ledger; name the spec beside it`);
  }
  if (named.length > 0) return [...new Set(named)];
  const found = existsSync(SPECS)
    ? readdirSync(SPECS).filter((file) => /\.ya?ml$/.test(file) && !file.endsWith(LOCK))
    : [];
  if (found.length === 0) {
    throw new UsageError("no spec in specs/: name one, or begin with `landform init DIRECTORY`");
  }
  return found.sort().map((file) => join(SPECS, file));
}

/** The one spec that is meant, for commands that take one. */
export function findSpec(named: string | undefined): string {
  const specs = findSpecs(named === undefined ? [] : [named]);
  if (specs.length > 1)
    throw new UsageError(`there are several specs: name one with --spec (${specs.join(", ")})`);
  return specs[0] as string;
}

/** `specs/acme.yaml` → `specs/acme.lock.yaml`. */
export function ledgerOf(spec: string): string {
  return join(dirname(spec), basename(spec).replace(/\.ya?ml$/, "") + LOCK);
}

/** Reads a spec and its ledger. What is no UTF-8 is reported at its file. */
export function readInput(spec: string): CompileInput | Diagnostic {
  const ledger = ledgerOf(spec);
  const [text, ledgerText] = [readText(spec), existsSync(ledger) ? readText(ledger) : ""];
  for (const [file, read] of [
    [spec, text],
    [ledger, ledgerText],
  ] as const) {
    if (read === undefined) {
      return { code: "file-not-utf8", message: "the file is not UTF-8", help: "save it as UTF-8", file };
    }
  }
  return {
    spec: { file: spec, text: text as string },
    ledger: { file: ledger, text: existsSync(ledger) ? ledgerText : undefined },
  };
}

function readText(file: string): string | undefined {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The generated directory of a spec against what should be in it. */
export interface Difference {
  /** Files to write, by path, in the order to write them. */
  readonly changed: ReadonlyMap<string, string>;
  readonly unchanged: number;
  /** Files of ours that nothing makes any more. */
  readonly orphans: readonly string[];
  /** Files that are not ours and should not be there. */
  readonly strangers: readonly string[];
}

/** @param expected the text of each file by path; those in `directory` must be all there is */
export function compare(directory: string, expected: ReadonlyMap<string, string>): Difference {
  const changed = new Map([...expected].filter(([path, text]) => readIfExists(path) !== text));
  const present = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
  const others = present.filter(({ name }) => !expected.has(join(directory, name)));
  const isOurs = (path: string) => path.endsWith(TEMPORARY) || readIfExists(path)?.startsWith(FILE_MARK);
  const orphans = others.filter((entry) => entry.isFile() && isOurs(join(directory, entry.name)));
  const path = ({ name }: { name: string }) => join(directory, name);
  return {
    changed,
    unchanged: expected.size - changed.size,
    orphans: orphans.map(path),
    strangers: others.filter((entry) => !orphans.includes(entry)).map(path),
  };
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const TEMPORARY = ".landform-tmp";

/**
 * Writes all files or none: every text goes to a temporary file beside its place first, and only when all are there
 * are they renamed, in order. Then the orphans go.
 */
export function writeAll({ changed, orphans }: Difference): void {
  const temporary = [...changed.keys()].map((path) => [path + TEMPORARY, path] as const);
  try {
    for (const [path, text] of changed) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path + TEMPORARY, text);
    }
  } catch (error) {
    for (const [from] of temporary) if (isFile(from)) rmSync(from);
    throw new UsageError(`${error instanceof Error ? error.message : error}; nothing was changed`);
  }
  for (const [from, to] of temporary) renameSync(from, to);
  for (const path of orphans) rmSync(path, { force: true });
}
