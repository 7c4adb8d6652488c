/** The settings of the audit, as `schema/security.json` describes them, defaults filled in. */
import type { RuleName } from "./rule-list.ts";

export const auditPath = ["security", "audit"] as const;

export interface AuditSettings {
  readonly archive: ArchiveSettings;
  readonly trail: TrailSettings;
  readonly recorder: RecorderSettings;
  readonly rules: { readonly enabled: boolean; readonly without: readonly RuleName[] };
}

export interface ArchiveSettings {
  readonly "retention-days": number;
  readonly lock: "none" | "governance" | "compliance";
  readonly "lock-days": number;
}

export interface TrailSettings {
  readonly "log-retention-days": number;
  readonly "data-events": readonly ("s3" | "lambda")[];
  readonly insights: boolean;
}

export interface RecorderSettings {
  readonly enabled: boolean;
  readonly frequency: "continuous" | "daily";
  /** Resource types, as CloudFormation has them. */
  readonly exclude: readonly string[];
}
