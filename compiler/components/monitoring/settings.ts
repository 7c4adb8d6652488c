/** The settings of monitoring, as `schema/monitoring.json` describes them, defaults filled in, and where it lives. */
import { type Account, type Architecture, activeAccounts, securityAccountOf } from "../../architecture.ts";

export const monitoringPath = ["monitoring"] as const;

/** What an account shows another: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-oam-link.html */
export const SHOWN = {
  metrics: "AWS::CloudWatch::Metric",
  logs: "AWS::Logs::LogGroup",
  traces: "AWS::XRay::Trace",
} as const;

export interface MonitoringSettings {
  readonly enabled: boolean;
  readonly account?: string;
  readonly shows: readonly (keyof typeof SHOWN)[];
}

/** The account that sees all others: the one that is named, or that for security. */
export function monitoringAccountOf(
  { spec }: Pick<Architecture, "spec">,
  { account }: MonitoringSettings,
): Account | undefined {
  return account === undefined
    ? securityAccountOf(spec)
    : activeAccounts(spec).find(({ name }) => name === account);
}
