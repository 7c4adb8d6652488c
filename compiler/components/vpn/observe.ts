/** What can be seen of the VPN: whether its server serves, and how many it serves. */
import type { Architecture } from "../../architecture.ts";
import type { Entry } from "../../entries.ts";
import type { Metric, Observation } from "../../observation.ts";
import { reachOf } from "../connectivity/settings.ts";
import { VPN } from "./outputs.ts";
import { metricNamespace, type ServerSettings } from "./settings.ts";

/** The server measures as long as it serves. */
export function observeVpn(
  { placement }: Entry<ServerSettings>,
  architecture: Architecture,
): readonly Observation[] {
  if (reachOf(architecture)?.from !== placement) return [];
  const clients = (statistic: string): Metric => ({
    namespace: metricNamespace(architecture.name),
    name: "Clients",
    dimensions: {},
    statistic,
  });
  return [
    {
      stackSet: VPN,
      what: "the VPN",
      row: "vpn",
      alarms: [
        {
          name: "silence",
          measure: clients("SampleCount"),
          trouble: "below",
          threshold: 1,
          period: 300,
          periods: 3,
          missing: "trouble",
          means: "For 15 minutes its server has said nothing",
          first: "look into its log group, and at what the auto-scaling group did",
          isOutage: true,
        },
      ],
      charts: [{ title: "Connected", lines: { clients: clients("Maximum") }, unit: "clients" }],
    },
  ];
}
