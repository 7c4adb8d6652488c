/** Loads a part of the built tool, with the code that V8 made of it when the tool was built. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** What a part exports. @param name such as `compiling` */
export function loadPart(name: string): unknown {
  const file = createRequire(import.meta.url).resolve(`./${name}.cjs`);
  return runPart(file, readPart(file));
}

/**
 * A part, ready to run. Code that was made by another V8, with other flags or of another text V8 refuses, and makes it
 * anew.
 */
export function readPart(file: string): Script {
  const code = readCode(file);
  return new Script(
    // esbuild writes nothing but ASCII, which V8 keeps as it is.
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, "latin1")}\n})`,
    { filename: file, ...(code && { cachedData: code }) },
  );
}

/** A build may take it away at any time, and where there is none V8 makes its own. */
function readCode(file: string): Buffer | undefined {
  try {
    return readFileSync(codeOf(file));
  } catch {
    return undefined;
  }
}

/** Runs a part as a CommonJS module; @returns what it exports. */
export function runPart(file: string, part: Script): unknown {
  const module = { exports: {} };
  const run = part.runInThisContext() as (...given: readonly unknown[]) => void;
  run(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** The file beside a part with the code that this Node's V8 made of it. */
export const codeOf = (file: string): string =>
  file.replace(/\.cjs$/, `.${process.version}-${process.arch}.code`);
