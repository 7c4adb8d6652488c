/** The files of a folder, as they are put into an archive. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "./archive.ts";

/** What a checkout has besides code, by its name: what tools leave behind, and what is hidden, which may hold secrets. */
export const isLeftOut = (name: string): boolean => /^\.|^(node_modules|__pycache__)$|\.pyc$/.test(name);

/** A link can't be told apart from what it leads to in every checkout, and may lead out of it. */
export class LinkInFolder extends Error {}

/**
 * The files below a folder, by their path in it.
 *
 * @throws LinkInFolder with its path
 */
export function filesOf(folder: string): Files {
  const files = new Map<string, Uint8Array>();
  const collect = (below: string) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (isLeftOut(entry.name)) continue;
      const path = `${below}${entry.name}`;
      if (entry.isSymbolicLink()) throw new LinkInFolder(join(folder, path));
      if (entry.isDirectory()) collect(`${path}/`);
      else if (entry.isFile()) files.set(path, readFileSync(join(folder, path)));
    }
  };
  collect("");
  return files;
}
