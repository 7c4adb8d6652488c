/** The generated directory: how it differs from what it should be, and writing that all at once or not at all. */
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { FILE_MARK } from "../compiler/output/files.ts";
import { isDirectory, isFile, makeDirectory, readIfFile, statusOf, writeFile } from "./disk.ts";
import { explainEnd, UsageError } from "./exit.ts";

/** What is there against what should be. */
export interface Difference {
  /** Files to write, by path, in the order to write them. */
  readonly changed: ReadonlyMap<string, string>;
  readonly unchanged: number;
  /** The directory, where none of its files is there yet. */
  readonly missing?: string;
  /** Files of ours that nothing makes any more. */
  readonly orphans: readonly string[];
  /** Files that are not ours and should not be there. */
  readonly strangers: readonly string[];
}

/** @param expected the text of each file by path; those in `directory` must be all there is */
export function compare(directory: string, expected: ReadonlyMap<string, string>): Difference {
  const changed = new Map([...expected].filter(([path, text]) => readIfFile(path) !== text));
  const entries = entriesOf(directory);
  const others = entries.filter((path) => !expected.has(path));
  // A run that was killed leaves them also where the files lie that are not in the directory.
  const unfinished = [...expected.keys()]
    .filter((path) => dirname(path) !== directory)
    .map((path) => path + TEMPORARY)
    .filter(isFile);
  const orphans = [...others.filter(isOurs), ...unfinished];
  const isMissing = others.length === entries.length;
  return {
    changed,
    unchanged: expected.size - changed.size,
    ...(isMissing && { missing: directory }),
    orphans,
    strangers: others.filter((path) => !orphans.includes(path)),
  };
}

/** What lies where no spec has anything. */
export interface Leftovers {
  /** Files of ours. */
  readonly files: readonly string[];
  /** Where these are, as people are told: directories, and what lies alone among others' files. */
  readonly places: readonly string[];
  /** Directories with something that landform did not write. */
  readonly strangers: readonly string[];
}

/** @param owned the directories that specs have */
export function findLeftovers(out: string, owned: readonly string[]): Leftovers {
  const directories = entriesOf(out).filter((path) => !owned.includes(path) && isDirectory(path));
  const entries = directories.map((directory) => ({ directory, within: entriesOf(directory) }));
  // Where everything else lies too, what is not generated is no stranger.
  const isShared = isWithin(process.cwd(), resolve(out));
  const files = entries.flatMap(({ within }) => within.filter(isOurs));
  return {
    files,
    places: [...new Set(files.map(dirname))],
    strangers: isShared
      ? []
      : entries
          .filter(({ directory, within }) => !isHidden(directory) && !within.every(isOurs))
          .map(({ directory }) => directory),
  };
}

const isHidden = (path: string): boolean => basename(path).startsWith(".");
const isWithin = (path: string, outer: string): boolean => !relative(outer, path).startsWith("..");

/** Removes files, and directories that are empty then. */
export function removeAll(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
  for (const directory of new Set(paths.map(dirname))) {
    if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
  }
}

function entriesOf(directory: string): string[] {
  const status = statusOf(directory);
  if (!status) return [];
  if (!status.isDirectory())
    throw new UsageError(`${directory} is a file; the generated files need a directory there`);
  return readdirSync(directory).map((name) => join(directory, name));
}

/** Whether something is there that landform did not write. */
export const isForeign = (path: string): boolean => statusOf(path) !== undefined && !isOurs(path);
/** Whether landform wrote the file. */
export const isOurs = (path: string): boolean =>
  isFile(path) && (path.endsWith(TEMPORARY) || readFileSync(path, "utf8").startsWith(FILE_MARK));

const TEMPORARY = ".landform-tmp";

/**
 * Writes files so that none is ever half-written: every text goes to a temporary file beside its place first, and only
 * when all are there and nothing is in their way are they renamed, in order. Then the orphans go. A run that is killed
 * between two renames leaves whole files, and the next one does the rest. A file keeps its mode, and a link its place.
 */
export function writeAll({ changed, orphans }: Difference): void {
  const paths: string[] = [];
  try {
    for (const [named, text] of changed) {
      const path = existsSync(named) ? realpathSync(named) : named;
      makeDirectory(dirname(path));
      if (existsSync(path) && !isFile(path)) throw new UsageError(`${named} is not a file`);
      paths.push(path);
      writeFile(path + TEMPORARY, text);
      const mode = statusOf(path)?.mode;
      if (mode !== undefined) chmodSync(path + TEMPORARY, mode);
    }
  } catch (error) {
    removeTemporaries(paths);
    const message = explainEnd(error);
    if (message === undefined) throw error;
    throw new UsageError(`${message}; nothing was changed`);
  }
  for (const path of paths) renameSync(path + TEMPORARY, path);
  removeAll(orphans);
}

function removeTemporaries(paths: readonly string[]): void {
  for (const path of paths) if (isFile(path + TEMPORARY)) rmSync(path + TEMPORARY);
}
