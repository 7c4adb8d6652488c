/** `landform watch`: compiles whenever a spec, its ledger, a template or code that it names changes. */
import { basename } from "node:path";
import { watch } from "chokidar";
import { reportBug } from "../bug.ts";
import { isLeftOut } from "../code/folder.ts";
import { compileSpecs } from "../compile-specs.ts";
import { ExitCode, explainEnd, fail, Stopped } from "../exit.ts";
import type { CommonOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";
import { findSpecs, ledgerOf, SPECS } from "../specs.ts";
import { writing } from "./compile.ts";

/** Editors write a file in several steps; this long after the last, in milliseconds, it is taken as whole. */
const SETTLED = 50;

/** Runs until it is interrupted. */
export async function watchCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const specs = findSpecs(named);
  const watcher = watch(
    // Where none is named, a new one counts too.
    named.length === 0 ? SPECS : specs.flatMap((spec) => [spec, ledgerOf(spec)]),
    { ignoreInitial: true, ignored: (path) => isLeftOut(basename(path)) },
  );
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  process.once("SIGINT", end);
  const compileAll = async () => {
    process.stdout.write("\n");
    try {
      const outcomes = await compileSpecs(named, options.out, writing);
      printOutcomes(outcomes, false);
      // What a spec names may lie anywhere.
      for (const { sources, code = [] } of outcomes)
        watcher.add([...Object.values(sources ?? {}).map(({ file }) => file), ...code]);
    } catch (error) {
      // It goes on: the next change may set it right.
      if (error instanceof Stopped) end();
      else {
        const message = explainEnd(error);
        if (message === undefined) reportBug(error);
        else fail(message, ExitCode.Usage);
      }
    }
  };
  let compiled = compileAll();
  await compiled;
  let pending: NodeJS.Timeout | undefined;
  watcher.on("ready", () => process.stdout.write(`watching ${specs.join(", ")}; Ctrl-C ends it\n`));
  watcher.on("all", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      compiled = compiled.then(compileAll);
    }, SETTLED);
  });
  await ended;
  await watcher.close();
  return ExitCode.Done;
}
