/** The parts of the built tool, and the code of theirs that the build keeps. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOf, readPart, runPart } from "../../cli/part.ts";

const BUILT = ["compiling", "commands", "deploy"].map((name) => resolve(`dist/${name}.cjs`));
const [COMPILING] = BUILT as [string];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "landform-part-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A copy of a part, and of its code if there is to be any. */
function copy(code?: Uint8Array): string {
  const file = join(directory, "part.cjs");
  copyFileSync(COMPILING, file);
  if (code) writeFileSync(codeOf(file), code);
  return file;
}

describe("the code that the build keeps", () => {
  it.each(BUILT)("is taken by V8: %s", (file) => {
    expect(existsSync(codeOf(file))).toBe(true);
    expect(readPart(file).cachedDataRejected).toBe(false);
  });

  it.each<[string, (code: Buffer) => Uint8Array]>([
    ["short", (code) => code.subarray(0, 1000)],
    ["another V8's", (code) => code.with(4, ~(code[4] as number))],
    ["of another text", () => readFileSync(codeOf(BUILT[2] as string))],
  ])("is refused where it is %s, and the part runs all the same", (_, change) => {
    const file = copy(change(readFileSync(codeOf(COMPILING))));
    const part = readPart(file);
    expect(part.cachedDataRejected).toBe(true);
    expect(runPart(file, part)).toHaveProperty("compileCommand");
  });

  it("need not be there", () => {
    const file = copy();
    expect(runPart(file, readPart(file))).toHaveProperty("compileCommand");
  });
});
