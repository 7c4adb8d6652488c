/** The spec a command deploys: compiled, and found to be what is committed. */
import { join } from "node:path";
import type { Architecture } from "../../compiler/architecture.ts";
import type { Diagnostic } from "../../compiler/diagnostics.ts";
import { type Manifest, readManifest } from "../../deploy/manifest.ts";
import { environmentsOf } from "../../deploy/selection.ts";
import { describeDifference } from "../commands/check.ts";
import { expectedFiles } from "../compile-specs.ts";
import type { Sources } from "../frame.ts";
import { compare } from "../generated.ts";
import type { DeployOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";
import { archiveAt, compileFile, findSpec } from "../specs.ts";
import { unknownName } from "../unknown-name.ts";

/** A spec ready to be deployed. */
export interface Opened {
  /** The spec's file. */
  readonly spec: string;
  readonly sources: Sources;
  /** Where its generated files lie. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** What the spec says, for what no generated file has. */
  readonly architecture: Architecture;
  /** The content of an artifact, by its key. */
  readonly artifact: (key: string) => Uint8Array;
}

/**
 * Opens the one spec that is meant. What is deployed is what is committed: generated files that are not what the spec
 * compiles to are an error, which is printed.
 *
 * @param isTolerant whether out of date is worth a word only
 * @returns undefined where something is wrong, and said
 */
export function openSpec(
  named: string | undefined,
  { out, json }: DeployOptions,
  isTolerant: boolean,
): Opened | undefined {
  const spec = findSpec(named);
  const compilation = compileFile(spec);
  const refuse = (sources: Sources | undefined, diagnostics: readonly Diagnostic[]) => {
    printOutcomes([{ spec, ...(sources && { sources }), diagnostics }], json);
    return undefined;
  };
  if (!("result" in compilation)) return refuse(compilation.sources, compilation.diagnostics);
  const { result, sources } = compilation;
  const directory = join(out, result.architecture.name);
  const stale = describeDifference(compare(directory, expectedFiles(spec, compilation, directory)));
  if (stale.length > 0 && !isTolerant) return refuse(sources, stale);
  if (stale.length > 0) process.stderr.write(`${spec}: not compiled since its last change\n`);
  return {
    spec,
    sources,
    directory,
    architecture: result.architecture,
    manifest: readManifest(result.files),
    artifact: (key) => archiveAt(compilation.archives, key),
  };
}

/** @throws UsageError where an option names nothing of the spec */
export function checkNames(
  manifest: Manifest,
  {
    environment = [],
    only = [],
  }: { readonly environment?: readonly string[]; readonly only?: readonly string[] },
): void {
  const check = (what: string, names: readonly string[], known: readonly string[]) => {
    const wrong = names.find((name) => !known.includes(name));
    if (wrong !== undefined) throw unknownName(what, wrong, known);
  };
  check("environment", environment, environmentsOf(manifest));
  check(
    "stack set",
    only,
    manifest.stackSets.map(({ name }) => name),
  );
}
