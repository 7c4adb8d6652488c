/** Makes of a spec with mistakes one that later stages can read, so that they find what else is wrong. */

import { formatPath, type SpecPath } from "../path.ts";
import { type Json, type JsonObject, schemaAt, specSchema, typesOf } from "../schema.ts";
import type { Spec } from "../spec.ts";
import { valueAt } from "./findings.ts";

/**
 * The spec without what is wrong; what needs a part that is gone goes with it. It must not mean more than what was
 * written: an environment whose `regions` are wrong or misspelt is in none of them, not in all.
 *
 * @param wrong the paths of what is wrong or missing
 */
export function prune(spec: JsonObject, wrong: readonly SpecPath[]): Spec {
  if (wrong.length === 0) return spec as unknown as Spec;
  const pruned = structuredClone(spec);
  const isItem = (path: SpecPath) => typeof path.at(-1) === "number";
  // The last items of a list go first: those before them keep their positions.
  const items = wrong.filter(isItem).sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)));
  for (const path of [...items, ...wrong.filter((path) => !isItem(path))]) remove(pruned, path);
  for (const key of specSchema.required ?? []) {
    pruned[key] ??= nothing(typesOf(schemaAt([key]) ?? {}));
  }
  return pruned as unknown as Spec;
}

/** What was taken out of each object. */
const taken = new WeakMap<object, Set<SpecPath[number]>>();

/** Whether a setting is gone because it, or what it is in, is wrong: what it was meant to be is not known. */
export const isPruned = (spec: Spec, path: SpecPath): boolean =>
  path.some((key, depth) => {
    const outer = valueAt(spec as unknown as Json, path.slice(0, depth));
    return typeof outer === "object" && outer !== null && isTakenOut(outer, key);
  });

/** Whether a key of a part of the spec is gone because it, or what it held, is wrong. */
export const isTakenOut = (part: object, key: SpecPath[number]): boolean =>
  taken.get(part)?.has(key) === true;

function remove(spec: JsonObject, path: SpecPath): void {
  const outer = path.slice(0, -1);
  const key = path.at(-1);
  const parent = valueAt(spec, outer);
  if (key === undefined || parent === undefined || parent === null || typeof parent !== "object") return;
  if (Array.isArray(parent)) {
    parent.splice(key as number, 1);
    return;
  }
  taken.set(parent, (taken.get(parent) ?? new Set()).add(key));
  if (typesOf(schemaAt(path) ?? {}).includes("array")) parent[key] = [];
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
