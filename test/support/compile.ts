/** Compiling in tests: a failure shows what people would see. */
import pc from "picocolors";
import { printDiagnostic, sortDiagnostics } from "../../cli/frame.ts";
import { type Compilation, compile } from "../../compiler/compile.ts";
import type { Component } from "../../compiler/component.ts";
import { libraryOf } from "./library.ts";

export type Result = NonNullable<Compilation["result"]>;

/** Compiles a spec that must be right; throws with its diagnostics where it is not. */
export function compileText(
  text: string,
  options: {
    readonly name?: string;
    readonly ledger?: string;
    readonly components?: readonly Component[];
    /** Where the templates lie that the spec names. */
    readonly directory?: string;
  } = {},
): Result {
  const { name = "spec", ledger, components, directory = "." } = options;
  const compilation = compile(
    {
      spec: { file: `${name}.yaml`, text },
      ledger: { file: `${name}.lock.yaml`, text: ledger },
      library: libraryOf(directory),
    },
    components,
  );
  if (!compilation.result) throw new Error(`the spec is wrong:\n${diagnosticsOf(compilation)}`);
  return compilation.result;
}

/** The diagnostics as people see them, without color. */
export function diagnosticsOf({ sources, diagnostics }: Compilation): string {
  const plain = pc.createColors(false);
  return sortDiagnostics(sources, diagnostics)
    .map((diagnostic) => printDiagnostic(sources, diagnostic, plain))
    .join("");
}
