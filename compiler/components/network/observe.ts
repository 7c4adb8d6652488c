/** What can be seen of a network: whether its NAT gateways let everything through. */
import type { Architecture } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import type { Entry } from "../../entries.ts";
import type { Calculation, Metric, Observation } from "../../observation.ts";
import { part } from "../../stack.ts";
import { NETWORK, natGatewayOutput } from "./outputs.ts";
import { type NetworkSettings, zonesOf } from "./settings.ts";

const MINUTE = 60;

/** Without NAT there is nothing that could be seen. */
export function observeNetwork(
  { placement, settings: { nat } }: Entry<NetworkSettings>,
  architecture: Architecture,
): readonly Observation[] {
  const nats = part("NatGateway1", true, part("Zone1", true));
  const gateways = { none: 0, single: 1, "per-az": zonesOf(architecture, placement) }[nat];
  if (gateways === 0) return [];
  const all = (how: "MAX" | "SUM", name: string, statistic: string): Calculation => {
    const metrics = Array.from({ length: gateways }, (_, index): [string, Metric] => [
      `gateway${index + 1}`,
      {
        namespace: "AWS/NATGateway",
        name,
        dimensions: { NatGatewayId: new Import(natGatewayOutput(index + 1)) },
        statistic,
      },
    ]);
    return {
      expression: `${how}([${metrics.map(([id]) => id).join(", ")}])`,
      metrics: Object.fromEntries(metrics),
    };
  };
  const ports = all("SUM", "ErrorPortAllocation", "Sum");
  const dropped = all("SUM", "PacketsDropCount", "Sum");
  return [
    {
      stackSet: NETWORK,
      what: "the network",
      row: "network",
      alarms: [
        {
          name: "nat-ports",
          measure: ports,
          trouble: "above",
          threshold: 0,
          period: MINUTE,
          periods: 5,
          missing: "fine",
          means:
            "For 5 minutes a NAT gateway has had no port left for new connections to one destination: they fail",
          first:
            "see by the flow logs who opens so many connections to one address; let it keep them, or use an endpoint",
          isOutage: true,
          part: nats,
        },
        {
          name: "nat-dropped",
          measure: dropped,
          trouble: "above",
          threshold: 100,
          period: MINUTE,
          periods: 15,
          missing: "fine",
          means: "For 15 minutes NAT gateways have lost packets, more than 100 a minute",
          first: "see AWS Health for the Region; if nothing is known there, open a case with AWS",
          isOutage: false,
          part: nats,
        },
      ],
      charts: [
        {
          title: "NAT: bytes",
          lines: {
            out: all("SUM", "BytesOutToDestination", "Sum"),
            in: all("SUM", "BytesInFromDestination", "Sum"),
          },
          unit: "a minute",
        },
        {
          title: "NAT: connections",
          lines: { active: all("SUM", "ActiveConnectionCount", "Maximum") },
          unit: "connections",
        },
        {
          title: "NAT: failures",
          lines: { "no port left": ports, "packets lost": dropped },
          unit: "a minute",
        },
      ],
    },
  ];
}
