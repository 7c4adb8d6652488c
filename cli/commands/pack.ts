/** `landform pack`: the archives of functions, under their keys in the artifact bucket. */
import { dirname, join } from "node:path";
import { makeDirectory, writeFile } from "../disk.ts";
import { ExitCode } from "../exit.ts";
import type { PackOptions } from "../options.ts";
import { plural, printOutcomes } from "../output.ts";
import { archiveAt, compileFile, findSpec } from "../specs.ts";

export async function packCommand(named: string | undefined, options: PackOptions): Promise<number> {
  const spec = findSpec(named);
  const compilation = compileFile(spec);
  if (!("result" in compilation)) {
    printOutcomes([{ spec, ...compilation }], options.json);
    return ExitCode.WrongSpec;
  }
  const { result, sources, diagnostics, archives } = compilation;
  const keys = [...new Set(result.assembly.stackSets.flatMap(({ artifacts }) => artifacts))];
  for (const key of keys) {
    const file = join(options.to, key);
    makeDirectory(dirname(file));
    writeFile(file, archiveAt(archives, key));
  }
  const summary = `${plural(keys.length, "archive")} in ${options.to}`;
  printOutcomes([{ spec, sources, diagnostics, summary, details: { archives: keys } }], options.json);
  return ExitCode.Done;
}
