/** `landform check`: everything `compile` would find or change, without changing it. */
import { dirname } from "node:path";
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
export function describeDifference({ changed, unchanged, orphans, strangers }: Difference): Diagnostic[] {
  const files = [...changed.keys()];
  const outOfDate =
    unchanged === 0
      ? [
          {
            code: "out-of-date",
            message: "nothing of it is compiled yet",
            help: HELP,
            file: dirname(files.at(-1) ?? ""),
          } as const,
        ]
      : files.map(
          (file) =>
            ({
              code: "out-of-date",
              message: "this is not what the spec compiles to",
              help: HELP,
              file,
            }) as const,
        );
  return [
    ...outOfDate,
    ...orphans.map(orphan),
    ...strangers.map((file): Diagnostic => ({ ...STRANGER, file })),
  ];
}

const orphan = (file: string): Diagnostic => ({
  code: "orphan",
  message: "nothing in the specs makes this any more",
  help: HELP,
  file,
});
