/** `landform check`: everything `compile` would find or change, without changing it. */
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { compileSpecs, STRANGE_DIRECTORY, STRANGER, STRAY_LEDGER } from "../compile-specs.ts";
import { ExitCode } from "../exit.ts";
import type { Difference } from "../generated.ts";
import type { CommonOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";

const HELP = "run `landform compile` and commit what it writes";

export async function checkCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const outcomes = await compileSpecs(named, options.out, {
    difference: async (difference) => describeDifference(difference),
    leftovers: async ({ places, strangers }, ledgers) => ({
      diagnostics: [
        ...places.map(orphan),
        ...strangers.map((file): Diagnostic => ({ ...STRANGE_DIRECTORY, file })),
        ...ledgers.map((file): Diagnostic => ({ ...STRAY_LEDGER, file })),
      ],
    }),
  });
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}

/** What is not as the spec compiles to. */
export function describeDifference({ changed, missing, orphans, strangers }: Difference): Diagnostic[] {
  return [
    ...(missing === undefined
      ? [...changed.keys()].map((file) => outOfDate(file, "this is not what the spec compiles to"))
      : [outOfDate(missing, "nothing of it is compiled yet")]),
    ...orphans.map(orphan),
    ...strangers.map((file): Diagnostic => ({ ...STRANGER, file })),
  ];
}

const outOfDate = (file: string, message: string): Diagnostic => ({
  code: "out-of-date",
  message,
  help: HELP,
  file,
});

const orphan = (file: string): Diagnostic => ({
  code: "orphan",
  message: "nothing in the specs makes this any more",
  help: HELP,
  file,
});
