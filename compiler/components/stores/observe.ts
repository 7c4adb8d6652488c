/** What can be seen of stores, by their engine. */
import type { Architecture } from "../../architecture.ts";
import type { Entry } from "../../entries.ts";
import type { Observation } from "../../observation.ts";
import { observeCache } from "./cache/observe.ts";
import type { CacheSettings } from "./cache/settings.ts";
import { observeDatabase } from "./postgres/observe.ts";
import type { DatabaseSettings, StoreSettings } from "./settings.ts";

/** A bucket is never full and never down. */
export function observeStore(
  { path, settings }: Entry<StoreSettings>,
  { name }: Architecture,
): readonly Observation[] {
  const store = String(path.at(-1));
  if (settings.engine === "s3") return [];
  // What it needs is there: `check` has seen to it.
  return settings.engine === "postgres"
    ? [observeDatabase(name, store, settings as DatabaseSettings)]
    : [observeCache(name, store, settings as CacheSettings)];
}
