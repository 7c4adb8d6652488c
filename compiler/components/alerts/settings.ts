/** Who is told, as `schema/alerts.json` describes it, defaults filled in. */
import {
  type Architecture,
  ownEnvironment,
  type Placement,
  placesWith,
  settingsIn,
  valueAt,
} from "../../architecture.ts";

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

/** The place where an account has what it has once: Slack's channels and the budget. */
export const firstPlaceOf = (
  { everywhere }: Pick<Architecture, "everywhere">,
  { account }: Placement,
): Placement | undefined => everywhere.find((place) => place.account.id === account.id);

/** Whether the topics of an account are written to a chat. */
export function hasChat(
  architecture: Pick<Architecture, "everywhere" | "spec">,
  placement: Placement,
): boolean {
  const first = firstPlaceOf(architecture, placement);
  if (!first || !hasAlerts(architecture, first)) return false;
  const { slack } = settingsIn(
    architecture.spec,
    alertsPath,
    ownEnvironment(first),
  ) as unknown as AlertsSettings;
  return slack !== undefined;
}
