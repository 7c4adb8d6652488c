/** What holds in every account, as `schema/security.json` describes it, defaults filled in. */
import { type Architecture, settingsIn } from "../../architecture.ts";

export const baselinePath = ["security", "baseline"] as const;

export interface BaselineSettings {
  readonly "s3-block": boolean;
  readonly "vpc-block": "everywhere" | "unused" | "nowhere";
  readonly "access-analyzer": boolean;
  readonly "mask-credentials": boolean;
}

/** Whether every account has an analyzer of ours, where there is an account for security. */
export function hasAnalyzer({ spec }: Pick<Architecture, "spec">): boolean {
  const settings = settingsIn(spec, baselinePath) as unknown as BaselineSettings;
  return settings["access-analyzer"];
}
