/** `landform check`: everything `compile` would find or change, without changing it. */
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { ExitCode } from "../exit.ts";
import type { CommonOptions } from "../main.ts";
import { printOutcomes } from "../output.ts";
import { type Difference, findSpecs } from "../workspace.ts";
import { compileSpecs, stranger } from "./compile.ts";

export async function checkCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const outcomes = compileSpecs(findSpecs(named), options.out, report);
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}

function report({ changed, orphans, strangers }: Difference): Diagnostic[] {
  const help = "run `landform compile` and commit what it writes";
  return [
    ...[...changed.keys()].map(
      (file): Diagnostic => ({
        code: "out-of-date",
        message: "this is not what the spec compiles to",
        help,
        file,
      }),
    ),
    ...orphans.map(
      (file): Diagnostic => ({
        code: "orphan",
        message: "nothing in the spec makes this any more",
        help,
        file,
      }),
    ),
    ...strangers.map((file): Diagnostic => {
      const { severity: _, ...found } = stranger(file);
      return found;
    }),
  ];
}
