/** Who is told, as `schema/alerts.json` describes it, defaults filled in. */
import { type Architecture, type Placement, placesWith, valueAt } from "../../architecture.ts";

export const alertsPath = ["alerts"] as const;

export interface AlertsSettings {
  readonly email: readonly string[];
  /** URLs, by name. */
  readonly https: Readonly<Record<string, string>>;
  readonly slack?: SlackSettings;
  /** US dollars a month for each account. */
  readonly budget?: number;
}

export interface SlackSettings {
  readonly workspace: string;
  readonly channels: readonly string[];
}

/** Whether an account and Region has a topic for alerts. */
export const hasAlerts = ({ spec }: Pick<Architecture, "spec">, placement: Placement): boolean =>
  valueAt(spec, alertsPath) !== undefined && placesWith(spec, [placement], alertsPath).length > 0;
