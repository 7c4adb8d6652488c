/** Merges what an override says into what was built: maps merge, everything else replaces, `null` removes. */
import { callIn } from "../cfn/functions.ts";
import { type ReadCall, type ReportAt, readValue } from "../cfn/read-value.ts";
import { isObject, type PlainObject, type Value } from "../cfn/values.ts";
import type { SpecPath } from "../path.ts";
import { isJsonObject, type Json, type JsonObject } from "../schema.ts";

/**
 * What was there keeps its place; what is new comes after it by name, so that the order of the spec's keys changes
 * nothing.
 *
 * @param path where in the spec the delta stands
 */
export function mergeOver(
  base: PlainObject,
  delta: JsonObject,
  path: SpecPath,
  readCall: ReadCall,
  report: ReportAt,
): PlainObject {
  const merge = (before: Value | undefined, json: Json, at: SpecPath): Value => {
    if (!isJsonObject(json) || callIn(json)) return sorted(readValue(json, at, readCall, report));
    return mergeMaps(before !== undefined && isObject(before) ? before : {}, json, at);
  };
  const mergeMaps = (before: PlainObject, json: JsonObject, at: SpecPath): PlainObject => {
    const merged: Record<string, Value> = { ...before };
    const news = Object.keys(json).filter((key) => !Object.hasOwn(before, key));
    for (const key of [
      ...Object.keys(before).filter((each) => Object.hasOwn(json, each)),
      ...news.toSorted(),
    ]) {
      const inner = json[key] as Json;
      if (inner === null) delete merged[key];
      else merged[key] = merge(merged[key], inner, [...at, key]);
    }
    return merged;
  };
  return mergeMaps(base, delta, path);
}

/** The maps in a list in the order of their keys. */
function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] as Value)]));
}
