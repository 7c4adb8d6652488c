/** The two forms of a cache, and its versions. */
import type { StoreSettings } from "../settings.ts";

export type CacheEngine = "memcached" | "valkey";
export type CacheSettings = StoreSettings & { readonly engine: CacheEngine };

/** Those of a cache on nodes, which has both. */
export type NodesSettings = CacheSettings & Required<Pick<CacheSettings, "class" | "nodes">>;

/** Nodes have a class and a number; what has neither is serverless. */
export const isOnNodes = (settings: CacheSettings): settings is NodesSettings =>
  settings.class !== undefined || settings.nodes !== undefined;

/**
 * The major versions, which serverless caches go by, and for each the minor version nodes begin with: they know no
 * other names. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
 */
export const VERSIONS: Readonly<Record<CacheEngine, Readonly<Record<string, string>>>> = {
  memcached: { "1.6": "1.6.22" },
  valkey: { 7: "7.2", 8: "8.2", 9: "9.1" },
};

const DEFAULT_VERSIONS: Readonly<Record<CacheEngine, string>> = { memcached: "1.6", valkey: "8" };

export const versionOf = ({ engine, version }: CacheSettings): string => version ?? DEFAULT_VERSIONS[engine];

/** The most nodes ElastiCache takes: of memcached, and of Valkey a primary with five replicas. */
export const MOST_NODES: Readonly<Record<CacheEngine, number>> = { memcached: 40, valkey: 6 };

/** The longest name a serverless cache takes. */
export const LONGEST_NAME = 40;

/** An account and Region hosts one placement, so the name needs no environment, and survives one that is renamed. */
export const cacheName = (name: string, store: string): string => `${name}-${store}`;
