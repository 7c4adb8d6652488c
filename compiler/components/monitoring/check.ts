/** What is wrong with the monitoring that no schema can say. */
import type { Architecture } from "../../architecture.ts";
import { settingsIn } from "../../architecture.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { checkWatched } from "../baseline/check.ts";
import { type MonitoringSettings, monitoringPath } from "./settings.ts";

export function checkMonitoring(architecture: Architecture, report: Report): void {
  const { spec } = architecture;
  checkWatched(monitoringPath)(architecture, report);
  const { account } = settingsIn(spec, monitoringPath) as unknown as MonitoringSettings;
  if (account === undefined || spec.accounts[account]?.status !== "closed") return;
  report({
    code: "bad-value",
    message: `\`${account}\` can't see what other accounts have: it is closed`,
    help: "name an account that is active",
    at: inSpec([...monitoringPath, "account"]),
    related: [{ at: inSpec(["accounts", account, "status"]), message: "closed here" }],
  });
}
