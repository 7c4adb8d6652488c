/** What holds in every account, as `schema/security.json` describes it, defaults filled in. */
export const baselinePath = ["security", "baseline"] as const;

export interface BaselineSettings {
  readonly "s3-block": boolean;
  readonly "vpc-block": "everywhere" | "unused" | "nowhere";
  readonly "access-analyzer": boolean;
  readonly "mask-credentials": boolean;
}
