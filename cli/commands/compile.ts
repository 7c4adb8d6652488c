/** `landform compile`: writes the generated files and the ledger. */
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { type Conclusions, compileSpecs, STRANGER, STRAY_LEDGER } from "../compile-specs.ts";
import { ExitCode } from "../exit.ts";
import { removeAll, writeAll } from "../generated.ts";
import type { CommonOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";
import { unbroken } from "../unbroken.ts";

/** Makes what is on disk what the specs compile to. */
export const writing: Conclusions = {
  async difference(difference, spec) {
    await unbroken(
      () => writeAll(difference),
      `what ${spec} compiles to is written; \`landform compile\` does the rest`,
    );
    return difference.strangers.map((file): Diagnostic => ({ ...STRANGER, severity: "warning", file }));
  },
  async leftovers(files, ledgers) {
    await unbroken(() => removeAll(files), "all specs are compiled, and what was left over is removed");
    return ledgers.map((file): Diagnostic => ({ ...STRAY_LEDGER, severity: "warning", file }));
  },
};

export async function compileCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const outcomes = await compileSpecs(named, options.out, writing);
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}
