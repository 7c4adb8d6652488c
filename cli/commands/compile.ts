/** `landform compile`: writes the generated files and the ledger. */
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { type Conclusions, compileSpecs, STRANGER, STRAY_LEDGER } from "../compile-specs.ts";
import { ExitCode } from "../exit.ts";
import { removeAll, writeAll } from "../generated.ts";
import type { CommonOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";

/** Makes what is on disk what the specs compile to. */
export const writing: Conclusions = {
  difference(difference) {
    writeAll(difference);
    return difference.strangers.map((file): Diagnostic => ({ ...STRANGER, severity: "warning", file }));
  },
  leftovers(files, ledgers) {
    removeAll(files);
    return ledgers.map((file): Diagnostic => ({ ...STRAY_LEDGER, severity: "warning", file }));
  },
};

export async function compileCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const outcomes = compileSpecs(named, options.out, writing);
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}
