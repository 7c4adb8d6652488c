/** `landform compile`: writes the generated files and the ledger. */
import { basename, join } from "node:path";
import { type Compilation, compile } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { ExitCode } from "../exit.ts";
import type { CommonOptions } from "../main.ts";
import { type Outcome, printOutcomes } from "../output.ts";
import { compare, type Difference, findSpecs, ledgerOf, readInput, writeAll } from "../workspace.ts";

export async function compileCommand(named: readonly string[], options: CommonOptions): Promise<number> {
  const outcomes = compileSpecs(findSpecs(named), options.out, (difference) => {
    writeAll(difference);
    return difference.strangers.map(stranger);
  });
  return printOutcomes(outcomes, options.json) ? ExitCode.Done : ExitCode.WrongSpec;
}

/**
 * Compiles each spec and compares the result with what is there.
 *
 * @param conclude what to do about the difference; @returns what it finds
 */
export function compileSpecs(
  specs: readonly string[],
  out: string,
  conclude: (difference: Difference) => readonly Diagnostic[],
): Outcome[] {
  const owners = new Map<string, string>();
  return specs.map((spec) => {
    const compilation = compileFile(spec);
    if (!("result" in compilation)) return { spec, ...compilation };
    const { name } = compilation.result.architecture;
    const owner = owners.get(name);
    if (owner !== undefined) return { spec, ...compilation, diagnostics: [sameName(name, spec, owner)] };
    owners.set(name, spec);
    return concludeSpec(spec, compilation, out, conclude);
  });
}

/** A compilation that came to its end. */
export type Compiled = Compilation & Required<Pick<Compilation, "result">>;

function concludeSpec(
  spec: string,
  { diagnostics, sources, result: { architecture, assembly, files, ledger } }: Compiled,
  out: string,
  conclude: (difference: Difference) => readonly Diagnostic[],
): Outcome {
  const directory = join(out, architecture.name);
  // The ledger comes first: whatever happens then, what was given is on record.
  const expected = new Map([[ledgerOf(spec), ledger]]);
  for (const [file, text] of files) expected.set(join(directory, file), text);
  const difference = compare(directory, expected);
  const found = conclude(difference);
  const counts = { stackSets: assembly.stackSets.length, placements: architecture.placements.length };
  return {
    spec,
    sources,
    diagnostics: [...diagnostics, ...found],
    summary: `${plural(counts.stackSets, "stack set")} for ${plural(counts.placements, "placement")}; ${describe(difference)}`,
    details: { ...counts, changed: [...difference.changed.keys()], removed: difference.orphans },
  };
}

/** Reads and compiles one spec; files that can't be read are among the diagnostics. */
export function compileFile(spec: string): Compiled | Pick<Outcome, "sources" | "diagnostics"> {
  const input = readInput(spec);
  if ("code" in input) return { diagnostics: [input] };
  const { result, ...rest } = compile(input);
  return result ? { ...rest, result } : rest;
}

function describe({ changed, unchanged, orphans }: Difference): string {
  if (changed.size === 0 && orphans.length === 0) return "nothing changed";
  const removed = orphans.length > 0 ? `, ${orphans.length} removed` : "";
  return `${changed.size} written, ${unchanged} unchanged${removed}`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @param path a file among the generated ones that landform did not write */
export function stranger(path: string): Diagnostic {
  return {
    code: "orphan",
    severity: "warning",
    message: "this is not landform's, but stands among the generated files",
    help: `everything in ${basename(join(path, ".."))}/ is generated: keep other files elsewhere`,
    file: path,
  };
}

function sameName(name: string, spec: string, owner: string): Diagnostic {
  return {
    code: "duplicate-key",
    message: `${owner} has the name \`${name}\` too`,
    help: "the name begins every stack set's: two specs can't share it",
    file: spec,
  };
}
