/** Reads a ledger of version 1 as one of today: its environments were a list, and VPCs had their accounts. */
import { isJsonObject, type Json, type JsonObject } from "./schema.ts";

/** @returns what is not as version 1 was written is left as it is, for the reader to report */
export function upgrade(ledger: JsonObject): JsonObject {
  const { environments, networks } = ledger;
  if (!isNames(environments)) return ledger;
  const places = new Map<string, string[]>(environments.map((name) => [name, []]));
  const upgraded: JsonObject = { ...ledger };
  if (isJsonObject(networks)) {
    const entries = Object.entries(networks).map(([key, entry]) => [key, withoutAccount(key, entry, places)]);
    upgraded.networks = Object.fromEntries(entries) as JsonObject;
  }
  return { ...upgraded, environments: Object.fromEntries(places) };
}

const isNames = (value: Json | undefined): value is string[] =>
  Array.isArray(value) &&
  value.every((name) => typeof name === "string") &&
  new Set(value).size === value.length;

/** The ranges of a VPC; where it is becomes a place of its environment, which its key begins with. */
function withoutAccount(key: string, entry: Json, places: ReadonlyMap<string, string[]>): Json {
  if (!isJsonObject(entry) || typeof entry.account !== "string") return entry;
  const { account, ...ranges } = entry;
  const [environment = "", region] = key.split("/");
  if (region !== undefined) places.get(environment)?.push(`${account}/${region}`);
  return ranges;
}
