/** Stores: where data lives. Each is a stack set of its own, made by its engine. */
import type { Output } from "../../cfn/values.ts";
import type { Component, Context } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { buildCache, type CacheContext } from "./cache/index.ts";
import { checkStores } from "./check.ts";
import { buildDatabase, type DatabaseContext } from "./postgres/index.ts";
import { allocateDatabases, type DatabaseAllocation, SECTION } from "./postgres/origins.ts";
import { buildBucket } from "./s3.ts";
import { type StoreSettings, storesPath } from "./settings.ts";

/** What an engine is built of: its stack, and the names it may need. */
export interface StoreContext<Settings extends StoreSettings = StoreSettings>
  extends Context<Settings, DatabaseAllocation> {
  readonly stack: Stack;
  /** The store's name in the spec. */
  readonly store: string;
  /** One of the store's values for others. */
  output(name: string, type: Output["type"], description: string): Output;
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
  build(context) {
    const store = String(context.path.at(-1));
    const stackSet = `store-${store}`;
    const stack = new Stack(context.name, stackSet, `The store ${store}`, context.path);
    const output = (name: string, type: Output["type"], description: string): Output => ({
      stackSet,
      name,
      type,
      description,
    });
    engines[context.settings.engine]({ ...context, stack, store, output });
    return [stack.build()];
  },
};
