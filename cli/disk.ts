/** Files and directories as the tool takes them: it reads regular files alone, since of others there may be no end. */
import { mkdirSync, readFileSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "./exit.ts";
import { isSystemError } from "./system-error.ts";

/** What is at a path; undefined where nothing is, or where a file stands in the place of one of its directories. */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

export const isDirectory = (path: string): boolean => statusOf(path)?.isDirectory() ?? false;
export const isFile = (path: string): boolean => statusOf(path)?.isFile() ?? false;

/** The text of a file; undefined where there is none. */
export const readIfFile = (path: string): string | undefined =>
  isFile(path) ? readFileSync(path, "utf8") : undefined;

/**
 * Makes a directory with those around it. Node's own way tries forever where the system says of a directory that is
 * there that there is none, as /proc does.
 */
export function makeDirectory(path: string): void {
  const status = statusOf(path);
  if (status?.isDirectory()) return;
  if (status) throw new UsageError(`${path} is not a directory`);
  const outer = dirname(path);
  if (outer !== path) makeDirectory(outer);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!statusOf(path)?.isDirectory()) throw error;
  }
}

/** Writes a file; an error says which, as Node's does not where the file can be opened and not be filled. */
export function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw isSystemError(error) ? Object.assign(error, { path }) : error;
  }
}
