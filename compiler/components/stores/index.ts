/** Stores: where data lives. Each is a stack set of its own, made by its engine. */
import type { Output } from "../../cfn/values.ts";
import type { Component, Context } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { buildBucket } from "./s3.ts";
import { type StoreSettings, storesPath } from "./settings.ts";

/** What an engine is built of: its stack, and the names it may need. */
export interface StoreContext extends Context<StoreSettings, undefined> {
  readonly stack: Stack;
  /** The store's name in the spec. */
  readonly store: string;
  /** One of the store's values for others. */
  output(name: string, type: Output["type"], description: string): Output;
}

const engines: Readonly<Record<StoreSettings["engine"], (context: StoreContext) => void>> = {
  s3: buildBucket,
};

export const stores: Component<StoreSettings, undefined> = {
  path: storesPath,
  isMap: true,
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
