/** Expected files: compared byte for byte in both directions, rewritten by `npm run test:update`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "vitest";

export const updating = process.env.UPDATE_GOLDENS !== undefined;

/** Compares a text with its expected file, or rewrites the file. */
export function expectGolden(file: string, text: string): void {
  if (updating) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file), `${file} is missing; \`npm run test:update\` writes it`).toBe(true);
  expect(text).toBe(readFileSync(file, "utf8"));
}

/** Compares files with an expected directory: none may be missing, changed or left over. */
export function expectGoldenDirectory(directory: string, files: ReadonlyMap<string, string>): void {
  if (updating) rmSync(directory, { recursive: true, force: true });
  for (const [file, text] of files) expectGolden(join(directory, file), text);
  expect(filesBelow(directory).toSorted()).toEqual([...files.keys()].toSorted());
}

/** All files below a directory, by path relative to it. */
export function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}
