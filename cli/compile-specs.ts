/** Compiling specs and comparing the result with what is there: what `compile` and `check` share. */
import { basename, join } from "node:path";
import { PIPELINE_FILE } from "../compiler/components/ci/pipeline.ts";
import { type Diagnostic, inSpec } from "../compiler/diagnostics.ts";
import { FILE_MARK, STACK_SETS_FILE } from "../compiler/output/files.ts";
import { readIfFile } from "./disk.ts";
import { prepareFor } from "./engine.ts";
import { compare, type Difference, findLeftovers, isForeign, isOurs, type Leftovers } from "./generated.ts";
import { type Outcome, plural } from "./output.ts";
import { type Compiled, compileFile, findLostLedgers, findSpecs, ledgerOf } from "./specs.ts";

/** What a command does about what it finds; each returns what there is to say. */
export interface Conclusions {
  /** A spec's files differ from what it compiles to, or do not. */
  difference(difference: Difference, spec: string): Promise<readonly Diagnostic[]>;
  /** Generated files and ledgers belong to no spec. */
  leftovers(leftovers: Leftovers, ledgers: readonly string[]): Promise<Omit<Outcome, "spec">>;
}

/** What is said of a file among the generated ones that landform did not write. */
export const STRANGER = {
  code: "orphan",
  message: "this is not landform's, but stands among the generated files",
  help: "everything in this directory is generated: keep other files elsewhere",
} as const;

/** What is said of a directory among those of specs that holds what landform did not write. */
export const STRANGE_DIRECTORY = {
  code: "orphan",
  message: "no spec has this directory, and what is in it is not landform's",
  help: "everything beside it is generated: keep other files elsewhere",
} as const;

/** What is said of a ledger without a spec. */
export const STRAY_LEDGER = {
  code: "orphan",
  message: "there is no spec beside this ledger",
  help: "rename it with its spec; remove it when everything it was for is gone",
} as const;

/**
 * @param named specs by file, or none for all there are; then nothing may be left over
 * @param edited texts that take the place of what is in a spec's file, and are written to it with the rest
 */
export async function compileSpecs(
  named: readonly string[],
  out: string,
  conclusions: Conclusions,
  edited: ReadonlyMap<string, string> = new Map(),
): Promise<Outcome[]> {
  const owners = new Map<string, string>();
  /** The spec of each file that is generated elsewhere. */
  const outside = new Map<string, string>();
  const specs = findSpecs(named);
  prepareFor(specs);
  const conclude = async (spec: string): Promise<Outcome> => {
    const compilation = compileFile(spec, edited.get(spec));
    if (!("result" in compilation)) return { spec, ...compilation };
    const { result } = compilation;
    const { name } = result.architecture;
    const twin = specs.find((other) => other !== spec && ledgerOf(other) === ledgerOf(spec));
    const trouble = twin
      ? sharesLedger(twin)
      : (troubleWith(spec, name, out, owners.get(name)) ?? troubleOutside(result.outside, outside));
    if (trouble) return { spec, sources: compilation.sources, diagnostics: [trouble] };
    owners.set(name, spec);
    for (const file of result.outside.keys()) outside.set(file, spec);
    return concludeSpec(spec, compilation, join(out, name), conclusions, edited.get(spec));
  };
  const outcomes: Outcome[] = [];
  for (const spec of specs) outcomes.push(await conclude(spec));
  // A spec that does not compile may own anything.
  if (named.length > 0 || owners.size < outcomes.length) return outcomes;
  const directories = [...owners.keys()].map((name) => join(out, name));
  const strays = [PIPELINE_FILE].filter((file) => !outside.has(file) && isOurs(file));
  const { files, places, strangers } = findLeftovers(out, directories);
  const found = { files: [...files, ...strays], places: [...places, ...strays], strangers };
  const concluded = await conclusions.leftovers(found, findLostLedgers());
  const isWorthAWord = concluded.diagnostics.length > 0 || concluded.summary !== undefined;
  return isWorthAWord ? [...outcomes, { spec: out, ...concluded }] : outcomes;
}

/**
 * The text of each file that a spec compiles to, by path.
 *
 * @param edited the spec's own text, if it is to be another
 */
export function expectedFiles(
  spec: string,
  { result: { files, outside, ledger } }: Compiled,
  directory: string,
  edited?: string,
): Map<string, string> {
  // The ledger comes first: whatever happens then, what was given is on record.
  const expected = new Map([[ledgerOf(spec), ledger]]);
  if (edited !== undefined) expected.set(spec, edited);
  for (const [file, text] of files) expected.set(join(directory, file), text);
  for (const [file, text] of outside) expected.set(file, text);
  return expected;
}

async function concludeSpec(
  spec: string,
  compiled: Compiled,
  directory: string,
  conclusions: Conclusions,
  edited: string | undefined,
): Promise<Outcome> {
  const { diagnostics, sources, code, result } = compiled;
  const { architecture, assembly } = result;
  const difference = compare(directory, expectedFiles(spec, compiled, directory, edited));
  const found = await conclusions.difference(difference, spec);
  const counts = { stackSets: assembly.stackSets.length, placements: architecture.placements.length };
  return {
    spec,
    sources,
    code,
    diagnostics: [...diagnostics, ...found],
    summary: `${plural(counts.stackSets, "stack set")} for ${plural(counts.placements, "placement")}; ${describe(difference)}`,
    details: { ...counts, changed: [...difference.changed.keys()], removed: difference.orphans },
  };
}

const sharesLedger = (twin: string): Diagnostic => ({
  code: "duplicate-name",
  message: `${twin} has the same ledger, ${ledgerOf(twin)}`,
  help: "rename one of them",
  at: inSpec([]),
});

/** What forbids to write a spec's files, though the spec is right. */
function troubleWith(
  spec: string,
  name: string,
  out: string,
  owner: string | undefined,
): Diagnostic | undefined {
  if (owner !== undefined) {
    return {
      code: "duplicate-name",
      message: `${owner} has the name \`${name}\` too`,
      help: "the name begins every stack set's: two specs can't share it",
      at: inSpec(["name"]),
    };
  }
  const ledger = ledgerOf(spec);
  const output = join(out, name, STACK_SETS_FILE);
  if (isText(ledger) || !readIfFile(output)?.startsWith(FILE_MARK)) return undefined;
  return {
    code: "ledger-missing",
    message: `the ledger is gone, but ${join(out, name)}/ is there: everything would be given out anew, and VPCs replaced`,
    help: `restore it from version control (where the spec was renamed, rename it too); to begin anew, remove ${join(out, name)}/ first`,
    file: ledger,
  };
}

/**
 * What forbids to write a file that lies where those who read it want it.
 *
 * @param owners the specs that have written such files
 */
function troubleOutside(
  outside: ReadonlyMap<string, string>,
  owners: ReadonlyMap<string, string>,
): Diagnostic | undefined {
  for (const file of outside.keys()) {
    const owner = owners.get(file);
    if (owner !== undefined) {
      return {
        code: "duplicate-name",
        message: `${owner} generates ${file} too`,
        help: "there is one for a repository: let one of the specs have `ci`",
        at: inSpec(["ci"], "key"),
      };
    }
    if (isForeign(file)) {
      return {
        code: "file-taken",
        message: "this is not landform's, and the spec wants to write its own here",
        help: "take over what you need of it into the spec's `ci`, then remove it and run `landform compile`",
        file,
      };
    }
  }
  return undefined;
}

const isText = (file: string): boolean => (readIfFile(file) ?? "").trim() !== "";

function describe({ changed, unchanged, orphans }: Difference): string {
  if (changed.size === 0 && orphans.length === 0) return "up to date";
  const names = orphans.map((file) => basename(file)).join(", ");
  const removed = orphans.length > 0 ? `, ${orphans.length} removed (${names})` : "";
  return `${changed.size} written, ${unchanged} unchanged${removed}`;
}
