/** Makes of a spec with mistakes one that later stages can read, so that they find what else is wrong. */
import { valueAt } from "./findings.ts";
import { type Json, type JsonObject, schemaAt, specSchema, typesOf } from "./schema.ts";
import { formatPath, type SpecPath } from "./source.ts";
import type { Spec } from "./spec.ts";

/**
 * The spec without what is wrong; what needs a part that is gone goes with it. It must not mean more than what was
 * written: an environment whose `regions` are wrong is in none of them, not in all.
 *
 * @param wrong the paths of what is wrong or missing
 */
export function prune(spec: JsonObject, wrong: readonly SpecPath[]): Spec {
  const pruned = structuredClone(spec);
  // The last items of a list go first: those before them keep their positions.
  for (const path of [...wrong].sort(byLastIndex)) remove(pruned, path);
  for (const key of specSchema.required ?? []) {
    pruned[key] ??= nothing(typesOf(schemaAt([key]) ?? {}));
  }
  return pruned as unknown as Spec;
}

const byLastIndex = (a: SpecPath, b: SpecPath): number => Number(b.at(-1)) - Number(a.at(-1)) || 0;

function remove(spec: JsonObject, path: SpecPath): void {
  const outer = path.slice(0, -1);
  const key = path.at(-1);
  const parent = valueAt(spec, outer);
  if (key === undefined || parent === undefined || parent === null || typeof parent !== "object") return;
  if (Array.isArray(parent)) {
    parent.splice(key as number, 1);
    return;
  }
  const schema = schemaAt(path);
  if (typesOf(schema ?? {}).includes("array")) parent[key] = [];
  else if (!isRequired(path)) delete parent[key];
  // An account stays, whatever is wrong about it: environments live there. No two look the same this way.
  else if (path.length === 3 && path[0] === "accounts") parent[key] = formatPath(path);
  else remove(spec, outer);
}

const isRequired = (path: SpecPath): boolean =>
  path.length > 1 && schemaAt(path.slice(0, -1))?.required?.includes(path.at(-1) as string) === true;

/** Stands for a part at the top that is not there. */
function nothing(types: readonly string[]): Json {
  if (types.includes("array")) return [];
  return types.includes("object") ? {} : "";
}
