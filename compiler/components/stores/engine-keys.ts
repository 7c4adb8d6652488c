/** Which keys go with which engine. */
import type { StoreSettings } from "./settings.ts";

type Engine = StoreSettings["engine"];
export type StoreKey = Exclude<keyof StoreSettings, "engine">;

const CACHE: readonly StoreKey[] = [
  "version",
  "class",
  "nodes",
  "usage-limits",
  "backup-days",
  "backup-window",
  "maintenance-window",
];

export const KEYS: Readonly<Record<Engine, readonly StoreKey[]>> = {
  s3: ["expire-days"],
  postgres: [
    "version",
    "class",
    "storage",
    "multi-az",
    "replicas",
    "database",
    "backup-days",
    "backup-window",
    "maintenance-window",
    "deletion-protection",
    "snapshot",
    "log-retention-days",
    "slow-statements-ms",
  ],
  memcached: CACHE,
  valkey: CACHE,
};

/** Those without which there can't be one, for there is no value that suits all. */
export const NEEDED: Readonly<Record<Engine, readonly StoreKey[]>> = {
  s3: [],
  postgres: ["version", "class", "storage"],
  memcached: [],
  valkey: [],
};

/** The engines that know a key. */
export const enginesWith = (key: string): readonly string[] =>
  Object.entries(KEYS).flatMap(([engine, keys]) => (keys.some((known) => known === key) ? [engine] : []));
