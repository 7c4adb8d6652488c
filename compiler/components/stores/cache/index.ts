/** A cache by ElastiCache: TLS only, in subnets that reach nothing; serverless, or on nodes. */
import type { Reference } from "../../../cfn/values.ts";
import { addSecurityGroup } from "../access.ts";
import type { StoreContext } from "../index.ts";
import { endpointOutputs } from "../outputs.ts";
import { addMemcachedNodes, addValkeyNodes } from "./nodes.ts";
import { addServerlessCache } from "./serverless.ts";
import { type CacheSettings, isOnNodes, type NodesSettings } from "./settings.ts";

/** What a cache is built of. */
export type CacheContext<Settings extends CacheSettings = CacheSettings> = StoreContext<Settings>;

/** Where a cache is reached. */
export interface Endpoint {
  readonly address: Reference;
  readonly port: Reference;
}

export function buildCache(context: CacheContext): void {
  const { stack, store, settings } = context;
  const group = addSecurityGroup(context);
  const { address, port } = isOnNodes(settings)
    ? addNodes({ ...context, settings }, group.ref)
    : addServerlessCache(context, group.ref);
  const outputs = endpointOutputs(store);
  stack.publish(outputs.address, address);
  stack.publish(outputs.port, port);
}

const addNodes = (context: CacheContext<NodesSettings>, group: Reference): Endpoint =>
  context.settings.engine === "memcached"
    ? addMemcachedNodes(context, group)
    : addValkeyNodes(context, group);
