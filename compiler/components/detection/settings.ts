/** What detection is set to, as `schema/security.json` describes it, defaults filled in. */

export const detectionPath = ["security", "detection"] as const;

/** What GuardDuty looks at besides what it always does: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html */
export const FEATURES = {
  s3: "S3_DATA_EVENTS",
  rds: "RDS_LOGIN_EVENTS",
  lambda: "LAMBDA_NETWORK_LOGS",
  malware: "EBS_MALWARE_PROTECTION",
  runtime: "RUNTIME_MONITORING",
} as const;

/** The least number of each severity: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
export const SEVERITIES = { low: 1, medium: 4, high: 7, critical: 9 } as const;

export type Severity = keyof typeof SEVERITIES;

export interface DetectionSettings {
  readonly guardduty: boolean;
  readonly features: readonly (keyof typeof FEATURES)[];
  readonly "security-hub": boolean;
  /** The least severity of a finding that people are told of. */
  readonly severity: Severity;
}
