/** A store's settings, as `schema/store.json` describes them, defaults filled in. */

export const storesPath = ["stores"] as const;

export interface StoreSettings {
  readonly engine: "s3";
  readonly "expire-days"?: number;
}
