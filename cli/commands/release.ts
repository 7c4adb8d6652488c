/** `landform release`: another version of an image, in the spec and in what it compiles to. */
import { accessSync, constants, readFileSync } from "node:fs";
import { isError } from "../../compiler/diagnostics.ts";
import { formatPath, type SpecPath } from "../../compiler/path.ts";
import { parseSource, type Source } from "../../compiler/reading/source.ts";
import { singular } from "../../compiler/wording.ts";
import { compileSpecs } from "../compile-specs.ts";
import { setText } from "../edit.ts";
import { ExitCode, UsageError } from "../exit.ts";
import type { ReleaseOptions } from "../options.ts";
import { type Outcome, printOutcomes } from "../output.ts";
import { findReleases, type Release, type Releases } from "../releases.ts";
import { compileFile, findSpec } from "../specs.ts";
import { writing } from "./compile.ts";

export async function releaseCommand(
  name: string,
  version: string,
  options: ReleaseOptions,
): Promise<number> {
  const spec = findSpec(options.spec);
  const compilation = compileFile(spec);
  if (!("result" in compilation)) {
    printOutcomes([{ spec, ...compilation }], options.json);
    return ExitCode.WrongSpec;
  }
  const { result, sources } = compilation;
  const releases = findReleases(result.architecture, name, version, options.in);
  const changes = releases.meant.filter(({ from }) => from !== version);
  const edited = changes.reduce(
    (source, { path }) => edit(source, path, version, [...releases.path, "version"]),
    sources.spec,
  );
  const outcome: Outcome =
    changes.length > 0
      ? await write(spec, edited.text, options.out)
      : { spec, diagnostics: [], summary: "nothing to change" };
  const isGood = !outcome.diagnostics.some(isError);
  if (isGood && !options.json) process.stdout.write(describe(version, releases));
  const details = { ...outcome.details, ...forMachines(version, releases) };
  printOutcomes([{ ...outcome, details }], options.json);
  if (isGood && changes.length > 0 && !options.json) process.stdout.write(nextStep(options.in));
  if (!isGood) process.stderr.write("nothing was changed\n");
  return isGood ? ExitCode.Done : ExitCode.WrongSpec;
}

/** @throws UsageError where the spec is written in a way that can't be edited */
function edit({ input, file, ...source }: Source, path: SpecPath, version: string, like: SpecPath): Source {
  const text = setText({ input, file, ...source }, path, version, like);
  if (text === undefined)
    throw new UsageError(
      `${file} is written in a way that landform does not edit: write \`${formatPath(path)}\` by hand; nothing was changed`,
    );
  return parseSource(input, file, text).source;
}

async function write(spec: string, text: string, out: string): Promise<Outcome> {
  try {
    accessSync(spec, constants.W_OK);
  } catch {
    throw new UsageError(`${spec} can't be written; nothing was changed`);
  }
  // Reading has taken it off.
  const mark = readFileSync(spec, "utf8").startsWith("\uFEFF") ? "\uFEFF" : "";
  const [outcome] = await compileSpecs([spec], out, writing, new Map([[spec, mark + text]]));
  return outcome as Outcome;
}

/** `services.web in dev: 1.4.0 → 1.5.0` */
function describe(version: string, { path, meant, kept }: Releases): string {
  const line = ({ environments }: Release, what: string) => {
    const where = environments.length > 0 ? ` in ${environments.join(", ")}` : "";
    return `${formatPath(path)}${where}: ${what}\n`;
  };
  return [
    ...meant.map((one) =>
      line(one, one.from === version ? `${version} already` : `${one.from ?? "nothing"} → ${version}`),
    ),
    ...kept.map((one) => line(one, `keeps ${one.from}`)),
  ].join("");
}

function forMachines(version: string, { path: [section, name], meant, kept }: Releases): object {
  const place = ({ path, environments }: Release) => ({ path: formatPath(path), environments });
  return {
    [singular(String(section))]: name,
    releases: meant.map((one) => ({ ...place(one), from: one.from, to: version })),
    kept: kept.map((one) => ({ ...place(one), version: one.from })),
  };
}

const nextStep = (environments: readonly string[] | undefined): string =>
  `next: commit it, then \`landform deploy${environments ? ` -e ${[...new Set(environments)].join(",")}` : ""}\`\n`;
