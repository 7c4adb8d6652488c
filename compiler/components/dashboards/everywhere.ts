/** The dashboard across accounts: in the account that sees the metrics of all others, beside none of an environment's. */
import { activeAccounts } from "../../architecture.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { alertsPath } from "../alerts/settings.ts";
import { type MonitoringSettings, monitoringAccountOf, monitoringPath } from "../monitoring/settings.ts";
import { acrossAccounts } from "./across.ts";

const STACK_SET = "dashboard-everywhere";

export const everywhere: Component = {
  path: monitoringPath,
  scope: "watched",
  build(context) {
    const { name, architecture, placement } = context;
    const { spec, home } = architecture;
    const settings = context.settings as unknown as MonitoringSettings;
    const central = monitoringAccountOf(architecture, settings);
    const isHere = placement.region === home && placement.account.id === central?.id;
    const seesAny = settings.enabled && settings.shows.includes("metrics") && activeAccounts(spec).length > 1;
    const body = isHere && seesAny ? acrossAccounts(context) : undefined;
    if (body === undefined) return [];
    const stack = new Stack(
      name,
      STACK_SET,
      "What can be seen of all environments, side by side",
      alertsPath,
    );
    stack.add("AWS::CloudWatch::Dashboard", "Everywhere", {
      DashboardName: `${name}-everywhere`,
      DashboardBody: body,
    });
    return [stack.build()];
  },
};
