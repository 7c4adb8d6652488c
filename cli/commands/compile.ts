/** `landform compile`: writes the generated files and the ledger. */
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import {
  type Conclusions,
  compileSpecs,
  STRANGE_DIRECTORY,
  STRANGER,
  STRAY_LEDGER,
} from "../compile-specs.ts";
import { ExitCode } from "../exit.ts";
import { removeAll, writeAll } from "../generated.ts";
import type { CommonOptions } from "../options.ts";
import { plural, printOutcomes } from "../output.ts";
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
  async leftovers({ files, places, strangers }, ledgers) {
    await unbroken(() => removeAll(files), "all specs are compiled, and what was left over is removed");
    const warn = (about: typeof STRAY_LEDGER | typeof STRANGE_DIRECTORY) => (file: string) =>
      ({ ...about, severity: "warning", file }) as const;
    return {
      diagnostics: [...strangers.map(warn(STRANGE_DIRECTORY)), ...ledgers.map(warn(STRAY_LEDGER))],
      ...(files.length > 0 && {
        summary: `${plural(files.length, "file")} removed that nothing in the specs makes any more: ${places.join(", ")}`,
        details: { removed: files },
      }),
    };
  },
};

export async function compileCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const outcomes = await compileSpecs(named, options.out, writing);
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}
