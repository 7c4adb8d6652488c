/** How hard V8 works on our code. */
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import type * as V8 from "node:v8";

/** Bytes of specs from which on compiling takes so long that V8 would optimize most of our code. */
const LARGE = 16 * 1024;

/**
 * What V8 lets a function run before it optimizes it; by default 67,584 bytes of bytecode. It optimizes on other threads,
 * and where it is done the compilation is nearly over: that takes as much of the processors again, and saves nothing.
 */
const BUDGET = 600_000;

/** To be called once all modules are loaded: with other flags V8 does not take the code that Node keeps of its own. */
export function prepareFor(specs: readonly string[]): void {
  const size = specs.reduce((sum, spec) => sum + (statSync(spec, { throwIfNoEntry: false })?.size ?? 0), 0);
  if (size < LARGE) return;
  const { setFlagsFromString } = createRequire(import.meta.url)("node:v8") as typeof V8;
  setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}
