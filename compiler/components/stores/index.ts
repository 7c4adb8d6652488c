/** Stores: where data lives. Each is a stack set of its own, made by its engine. */
import type { Component, Context } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { buildCache, type CacheContext } from "./cache/index.ts";
import { checkStores } from "./check.ts";
import { connectStore } from "./connect.ts";
import { observeStore } from "./observe.ts";
import { stackSetOf } from "./outputs.ts";
import { allocateDatabases } from "./postgres/allocate.ts";
import { buildDatabase, type DatabaseContext } from "./postgres/index.ts";
import { type DatabaseAllocation, SECTION } from "./postgres/origins.ts";
import { buildBucket } from "./s3.ts";
import { type StoreSettings, storesPath } from "./settings.ts";

/** What an engine is built of: its stack, and what its resources have in common. */
export interface StoreContext<Settings extends StoreSettings = StoreSettings>
  extends Context<Settings, DatabaseAllocation> {
  readonly stack: Stack;
  /** The store's name in the spec. */
  readonly store: string;
  readonly tags: { Key: string; Value: string }[];
}

const engines: Readonly<Record<StoreSettings["engine"], (context: StoreContext) => void>> = {
  s3: buildBucket,
  // What it needs is there: `check` has seen to it.
  postgres: (context) => buildDatabase(context as DatabaseContext),
  memcached: (context) => buildCache(context as CacheContext),
  valkey: (context) => buildCache(context as CacheContext),
};

export const stores: Component<StoreSettings, DatabaseAllocation> = {
  path: storesPath,
  isMap: true,
  ledger: { section: SECTION, allocate: allocateDatabases },
  check: checkStores,
  connect: connectStore,
  observe: observeStore,
  build(context) {
    const { name, placement, path, settings } = context;
    const store = String(path.at(-1));
    const stack = new Stack(name, stackSetOf(store), `The store ${store}`, path);
    const tags = [{ Key: "Name", Value: `${name}-${placement.environment}-${store}` }];
    engines[settings.engine]({ ...context, stack, store, tags });
    addAlarms(context, stack);
    return [stack.build()];
  },
};
