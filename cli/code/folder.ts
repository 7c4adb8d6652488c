/** The files of a folder, as they are put into an archive. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "./archive.ts";

/** What a checkout has besides code, by its name: what tools leave behind, and what is hidden, which may hold secrets. */
export const isLeftOut = (name: string): boolean => /^\.|^(node_modules|__pycache__)$|\.pyc$/.test(name);

/** A folder that can't be packed: why, and what to do. */
export class UnfitFolder extends Error {
  readonly help: string;

  constructor(reason: string, help: string) {
    super(reason);
    this.help = help;
  }
}

/**
 * The files below a folder, by their path in it.
 *
 * @param largest the most bytes that they may have together
 * @throws UnfitFolder where one is a link, or they are too large
 */
export function filesOf(folder: string, largest: number): Files {
  const paths = pathsIn(folder);
  // Before one is read: it may be larger than memory.
  const size = paths.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  if (size > largest) {
    const [has, most] = [Math.ceil(size / MIB), largest / MIB];
    throw new UnfitFolder(
      `its files have ${has} MiB, and Lambda takes ${most}`,
      "keep out of the folder what it does not need, or make it a container image",
    );
  }
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

const MIB = 1024 * 1024;

function pathsIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    if (isLeftOut(entry.name)) return [];
    const path = `${below}${entry.name}`;
    // It can't be told apart from what it leads to in every checkout, and may lead out of it.
    if (entry.isSymbolicLink())
      throw new UnfitFolder(`${join(folder, path)} is a link`, "put the file itself there");
    if (entry.isDirectory()) return pathsIn(folder, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
}
