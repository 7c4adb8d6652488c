/** A store's settings, as `schema/store.json` describes them, defaults filled in, those of other engines too. */
import { type Architecture, namesOf, type Placement, settingsIn } from "../../architecture.ts";

export const storesPath = ["stores"] as const;

export interface StoreSettings {
  readonly engine: "s3" | "postgres" | "memcached" | "valkey";
  readonly version?: string;
  readonly class?: string;
  /** GiB to begin with, and after a hyphen up to how many it grows. */
  readonly storage?: string;
  readonly nodes?: number;
  readonly "usage-limits"?: { readonly storage?: number; readonly ecpu?: number };
  readonly "multi-az": boolean;
  readonly replicas: number;
  readonly database: string;
  readonly "backup-days": number;
  readonly "backup-window": string;
  readonly "maintenance-window": string;
  readonly "deletion-protection": boolean;
  readonly snapshot?: string;
  readonly "log-retention-days": number;
  readonly "slow-statements-ms": number;
  readonly "expire-days"?: number;
}

/** Those of a database, which has what it needs. */
export type DatabaseSettings = StoreSettings & Required<Pick<StoreSettings, "version" | "class" | "storage">>;

/** What a store of a placement is set to. */
export function settingsOf(architecture: Architecture, store: string, placement: Placement): StoreSettings {
  return settingsIn(
    architecture.spec,
    [...storesPath, store],
    placement.environment,
  ) as unknown as StoreSettings;
}

/** The stores' names, in an order that the spec's does not change. */
export const storesOf = (architecture: Architecture): readonly string[] => namesOf(architecture, storesPath);

/** The GiB a database begins with and may grow to. */
export function storageOf(storage: string): { readonly initial: number; readonly maximum: number } {
  const [initial = 0, maximum = initial] = storage.split("-").map(Number);
  return { initial, maximum };
}
