/** Whole specs: everything a directory's `spec.yaml` compiles to, ledger included, lies beside it in `expected/`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileText } from "./support/compile.ts";
import { expectGoldenDirectory } from "./support/goldens.ts";
import { expectLaw } from "./support/law.ts";

const DIRECTORY = "test/scenarios";

test.each(readdirSync(DIRECTORY))("%s", (scenario) => {
  const directory = `${DIRECTORY}/${scenario}`;
  const text = readFileSync(`${directory}/spec.yaml`, "utf8");
  const before = `${directory}/before.lock.yaml`;
  const ledger = existsSync(before) ? { ledger: readFileSync(before, "utf8") } : {};
  const result = compileText(text, { ...ledger, directory });
  expectGoldenDirectory(
    `${directory}/expected`,
    new Map([...result.files, ["spec.lock.yaml", result.ledger]]),
  );
  expectLaw(result);
  const again = compileText(text, { ledger: result.ledger, directory });
  expect([again.ledger, ...again.files]).toEqual([result.ledger, ...result.files]);
});
