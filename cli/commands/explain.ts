/** `landform explain`: the value of a setting in each environment, and what decides it. */
import pc from "picocolors";
import { type Origin, originOf, settingsIn, valueAt } from "../../compiler/architecture.ts";
import { inSpec } from "../../compiler/diagnostics.ts";
import { formatPath, parsePath, type SpecPath } from "../../compiler/path.ts";
import {
  isJsonObject,
  type Json,
  type Schema,
  schemaAt,
  schemaOf,
  specSchema,
} from "../../compiler/schema.ts";
import type { Spec } from "../../compiler/spec.ts";
import { singular } from "../../compiler/wording.ts";
import { absenceOf } from "../absence.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { positionOf } from "../frame.ts";
import { printOutcomes, useColor } from "../output.ts";
import { type Compiled, compileFile, findSpec } from "../specs.ts";
import { unknownName } from "../unknown-name.ts";

/** One setting in one environment; no environment where it is the same in all by its nature. */
interface Setting {
  readonly path: SpecPath;
  readonly environment?: string;
  readonly value: Json;
  /** `specs/acme.yaml:12:3`; absent for a default. */
  readonly from?: string;
  readonly by: Origin["by"];
}

/** An environment that does not have what is asked for. */
interface Missing {
  readonly path: SpecPath;
  readonly environment: string;
  /** Why it does not. */
  readonly absent: string;
  /** Where the spec says so. */
  readonly from: string;
}

type Explanation = Setting | Missing;

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
  const target = resolve(pathOf(text), architecture.spec, options.in);
  const explanations = explain(target, compilation);
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ path: formatPath(target.path), settings: explanations.map(forMachines) }, null, 2)}\n`,
    );
  else print(target.path, explanations);
  return ExitCode.Done;
}

/** A path, and for one of a kind's the kind and the environments it is asked for in. */
interface Target {
  readonly path: SpecPath;
  readonly kind?: SpecPath;
  readonly environments?: readonly string[];
}

/** `environments.dev.network.azs` and `network.in.dev.azs` ask for `network.azs` in dev. */
function resolve(path: SpecPath, spec: Spec, only: string | undefined): Target {
  const all = Object.keys(spec.environments);
  const checked = (environment: string) => {
    if (!all.includes(environment)) throw unknownName("environment", environment, all);
    if (only !== undefined && only !== environment)
      throw new UsageError(`the path is about \`${environment}\`, --in about \`${only}\``);
    return [environment];
  };
  const own = path[0] === "environments" ? path.slice(2) : path;
  const kind = kindOf(own);
  if (!kind) {
    checkPath(path, spec);
    return { path };
  }
  checkEntry(kind, spec);
  if (own !== path) return { path: checkSetting(kind, own), kind, environments: checked(String(path[1])) };
  const [layer, environment, ...setting] = path.slice(kind.length);
  if (layer !== "in")
    return { path: checkSetting(kind, path), kind, environments: only === undefined ? all : checked(only) };
  if (environment === undefined)
    throw new UsageError(`name an environment: \`${formatPath(path)}.${all[0]}\``);
  return {
    path: checkSetting(kind, [...kind, ...setting]),
    kind,
    environments: checked(String(environment)),
  };
}

/** What a path begins with: a kind, or an entry of a kind that is a map; undefined where it is of none. */
function kindOf(path: SpecPath): SpecPath | undefined {
  const candidates = [path.slice(0, 1), path.slice(0, 2)];
  return candidates.find((kind, index) => kind.length === index + 1 && deltaOf(kind) !== undefined);
}

/** The schema of what may differ by environment; undefined for what is no kind. */
function deltaOf(kind: SpecPath): Schema | undefined {
  return schemaAt(kind)?.properties?.in?.additionalProperties || undefined;
}

function checkEntry(kind: SpecPath, spec: Spec): void {
  const layers = [kind, ...Object.keys(spec.environments).map((name) => ["environments", name, ...kind])];
  if (kind.length === 1 || layers.some((path) => valueAt(spec, path) !== undefined)) return;
  const entries = valueAt(spec, kind.slice(0, 1));
  throw unknownName(
    singular(String(kind[0])),
    String(kind[1]),
    isJsonObject(entries) ? Object.keys(entries) : [],
  );
}

/** Each step of a kind's setting must be one that the kind or its deltas know. */
function checkSetting(kind: SpecPath, path: SpecPath): SpecPath {
  let schemas = [schemaAt(kind), deltaOf(kind)];
  path.slice(kind.length).forEach((step, index) => {
    const inner = schemas.map((schema) => schemaOf(schema, step));
    if (inner.every((schema) => schema === undefined)) {
      const known = schemas.flatMap((schema) => Object.keys(schema?.properties ?? {}));
      throw unknownName(
        `key in \`${formatPath(path.slice(0, kind.length + index))}\``,
        String(step),
        [...new Set(known)].filter((key) => key !== "in"),
      );
    }
    schemas = inner;
  });
  return path;
}

/** Each step must be one that the spec has or the schema knows. */
function checkPath(path: SpecPath, spec: Spec): void {
  path.forEach((step, index) => {
    const outer = path.slice(0, index);
    const value = valueAt(spec, outer);
    if (valueAt(spec, path.slice(0, index + 1)) !== undefined) return;
    const schema = schemaAt(outer);
    const things = isJsonObject(value) ? Object.keys(value) : [];
    const known = schema?.properties ? Object.keys(schema.properties) : things;
    if (!known.includes(String(step))) {
      throw unknownName(index === 0 ? "key" : `key in \`${formatPath(outer)}\``, String(step), known);
    }
  });
}

function explain({ path, kind, environments }: Target, { result, sources }: Compiled): Explanation[] {
  const { spec } = result.architecture;
  const position = (at: SpecPath) => {
    const { file, line, column } = positionOf(sources, inSpec(at));
    return `${file}:${line}:${column}`;
  };
  if (!environments || !kind) {
    return leaves(settingOf(spec, path), path).map(([at, leaf]) =>
      valueAt(spec, at) === undefined
        ? { path: at, value: leaf, by: "schema" }
        : { path: at, value: leaf, from: position(at), by: "spec" },
    );
  }
  return environments.flatMap((environment): Explanation[] => {
    const absence = absenceOf(result.architecture, kind, environment);
    if (absence) return [{ path, environment, absent: absence.why, from: position(absence.at) }];
    const settings = settingsIn(spec, kind, environment);
    const value = valueIn(settings, path.slice(kind.length));
    return leaves(value ?? null, path).map(([at, leaf]) => {
      const { by, path: from } = originOf(spec, kind, environment, at.slice(kind.length));
      return { path: at, environment, value: leaf, by, ...(by !== "schema" && { from: position(from) }) };
    });
  });
}

/** What a path of no kind is set to: defaults begin where the schema has one, such as at `security.audit`. */
function settingOf(spec: Spec, path: SpecPath): Json {
  const prefixes = path.map((_, index) => index + 1);
  const found = prefixes.map((length) =>
    valueIn(settingsIn(spec, path.slice(0, length)), path.slice(length)),
  );
  return found.find((value) => value !== undefined && value !== null) ?? null;
}

/** What stands at a path below a value. */
const valueIn = (value: Json, path: SpecPath): Json | undefined =>
  path.reduce<Json | undefined>((outer, step) => {
    if (Array.isArray(outer)) return outer[Number(step)];
    return isJsonObject(outer) ? outer[step] : undefined;
  }, value);

/** The scalars and lists below a value with their paths; an empty map is one too. */
function leaves(value: Json, path: SpecPath): [SpecPath, Json][] {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function print(path: SpecPath, explanations: readonly Explanation[]): void {
  const colors = pc.createColors(useColor(process.stdout));
  const description = path.reduce(schemaOf, specSchema as ReturnType<typeof schemaOf>)?.description;
  const haveSeveral = explanations.some((other) => formatPath(other.path) !== formatPath(path));
  const rows = explanations.map((one) => [
    one.environment ?? "",
    haveSeveral ? formatPath(one.path) : "",
    ...("absent" in one ? [`not here: ${one.absent}`, `by ${one.from}`] : describe(one)),
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

/** What it is, and what decides that. */
function describe({ value, from, by }: Setting): [string, string] {
  if (value === null && by === "schema") return ["not set", ""];
  return [
    value === null ? "removed" : JSON.stringify(value).replace(/^"(.*)"$/, "$1"),
    `by ${from ?? "default"}${by === "delta" ? " (delta)" : ""}`,
  ];
}

function forMachines({ path, ...rest }: Explanation): object {
  return { path: formatPath(path), ...rest };
}

function pathOf(text: string): SpecPath {
  const path = parsePath(text);
  if (!path) throw new UsageError(`\`${text}\` is no path; one looks like network.flow-logs or regions[0]`);
  return path;
}
