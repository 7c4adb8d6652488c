/** `landform explain`: the value of a setting in each environment, and what decides it. */
import pc from "picocolors";
import { layersOf, originOf, settingsIn, valueAt } from "../../compiler/architecture.ts";
import { inSpec } from "../../compiler/diagnostics.ts";
import { isJsonObject, type Json, schemaAt, schemaOf, specSchema } from "../../compiler/schema.ts";
import { formatPath, type SpecPath } from "../../compiler/source.ts";
import type { Spec } from "../../compiler/spec.ts";
import { ExitCode } from "../exit.ts";
import { positionOf } from "../frame.ts";
import { printOutcomes, useColor } from "../output.ts";
import { findSpec } from "../workspace.ts";
import { type Compiled, compileFile } from "./compile.ts";
import { unknown } from "./show.ts";

/** One setting in one environment; no environment where it is the same in all by its nature. */
interface Explanation {
  readonly path: SpecPath;
  readonly environment?: string;
  readonly value: Json;
  /** `specs/acme.yaml:12:3`, or `default`. */
  readonly from: string;
  /** What kind of statement decides. */
  readonly by: string;
}

export async function explainCommand(
  text: string,
  options: { in?: string; spec?: string; json?: boolean },
): Promise<number> {
  const spec = findSpec(options.spec);
  const compilation = compileFile(spec);
  if (!("result" in compilation)) {
    printOutcomes([{ spec, ...compilation }], options.json);
    return ExitCode.WrongSpec;
  }
  const { architecture } = compilation.result;
  const target = resolve(parsePath(text), architecture.spec, options.in);
  const explanations = explain(target, compilation);
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ path: formatPath(target.path), settings: explanations.map(forMachines) }, null, 2)}\n`,
    );
  else print(target.path, explanations);
  return ExitCode.Done;
}

/** A path of a kind, and the environments it is asked for in; none where the path is no kind's. */
interface Target {
  readonly path: SpecPath;
  readonly environments?: readonly string[];
}

/** `environments.dev.network.azs` and `network.in.dev.azs` ask for `network.azs` in dev. */
function resolve(path: SpecPath, spec: Spec, only: string | undefined): Target {
  const all = Object.keys(spec.environments);
  if (only !== undefined && !all.includes(only)) throw unknown("environment", only, all);
  checkPath(path, spec);
  const [first, second, third] = path;
  if (first === "environments" && isKind(third))
    return { path: path.slice(2), environments: [String(second)] };
  if (isKind(first) && second === "in" && third !== undefined) {
    return { path: [String(first), ...path.slice(3)], environments: [String(third)] };
  }
  return isKind(first) ? { path, environments: only === undefined ? all : [only] } : { path };
}

const isKind = (step: string | number | undefined): boolean =>
  typeof step === "string" && specSchema.properties?.[step]?.properties?.in !== undefined;

/** Each step must be one the schema knows and, for names, one the spec has. */
function checkPath(path: SpecPath, spec: Spec): void {
  path.forEach((step, index) => {
    const outer = schemaAt(path.slice(0, index));
    const value = valueAt(spec, path.slice(0, index));
    const known = outer?.properties
      ? Object.keys(outer.properties)
      : isJsonObject(value)
        ? Object.keys(value)
        : [];
    const isItem = typeof step === "number" && outer?.items !== undefined;
    if (!isItem && !known.includes(String(step))) {
      throw unknown(
        index === 0 ? "key" : `key in \`${formatPath(path.slice(0, index))}\``,
        String(step),
        known,
      );
    }
  });
}

function explain({ path, environments }: Target, { result, sources }: Compiled): Explanation[] {
  const { spec } = result.architecture;
  const position = (at: SpecPath) => {
    const { file, line, column } = positionOf(sources, inSpec(at));
    return `${file}:${line}:${column}`;
  };
  if (!environments) {
    return leaves(valueAt(spec, path) ?? null, path).map(([at, value]) => ({
      path: at,
      value,
      from: position(at),
      by: "spec",
    }));
  }
  const kind = path.slice(0, 1);
  return environments.flatMap((environment) => {
    const settings = settingsIn(spec, kind, environment);
    const value = path
      .slice(1)
      .reduce<Json | undefined>((outer, step) => (isJsonObject(outer) ? outer[step] : undefined), settings);
    return leaves(value ?? null, path).map(([at, leaf]) => {
      const origin = originOf(spec, kind, environment, at.slice(1));
      const layer = layersOf(kind, environment).findIndex(
        (base) =>
          base.every((step, index) => origin.path[index] === step) &&
          origin.path.length - base.length === at.length - 1,
      );
      const isDefault = origin.kind === "default";
      return {
        path: at,
        environment,
        value: leaf,
        from: isDefault ? "default" : position(origin.path),
        by: isDefault ? "schema" : layer > 0 ? "delta" : "spec",
      };
    });
  });
}

/** The scalars and lists below a value with their paths; an empty map is one too. */
function leaves(value: Json, path: SpecPath): [SpecPath, Json][] {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function print(path: SpecPath, explanations: readonly Explanation[]): void {
  const colors = pc.createColors(useColor(process.stdout));
  const description = path.reduce(schemaOf, specSchema as ReturnType<typeof schemaOf>)?.description;
  const rows = explanations.map(({ path: at, environment, value, from, by }) => [
    environment ?? "",
    explanations.some((other) => formatPath(other.path) !== formatPath(path)) ? formatPath(at) : "",
    value === null ? "not set" : JSON.stringify(value).replace(/^"(.*)"$/, "$1"),
    from === "default" ? "by default" : `by ${from}${by === "delta" ? " (delta)" : ""}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  process.stdout.write(`${colors.bold(formatPath(path))}\n${description ? `${description}\n` : ""}\n`);
  for (const row of rows) {
    const cells = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .filter((_, column) => widths[column] !== 0);
    process.stdout.write(`  ${cells.join("  ").trimEnd()}\n`);
  }
}

function forMachines({ path, ...rest }: Explanation): object {
  return { path: formatPath(path), ...rest };
}

/** `a.b[0].c` → its steps. */
function parsePath(text: string): SpecPath {
  const steps = text.match(/"[^"]*"|\[\d+\]|[^.[\]"]+/g) ?? [];
  return steps.map((step) => {
    if (step.startsWith("[")) return Number(step.slice(1, -1));
    return step.startsWith('"') ? (JSON.parse(step) as string) : step;
  });
}
