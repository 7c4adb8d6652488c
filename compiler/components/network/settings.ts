/** The network's settings, as `schema/network.json` describes them, defaults filled in. */
import { type Architecture, type Placement, placementsWith, settingsIn } from "../../architecture.ts";

export const networkPath = ["network"] as const;

export const TIERS = ["public", "private", "isolated"] as const;
export type Tier = (typeof TIERS)[number];

/** As many zones as any Region has. */
export const MAXIMUM_ZONES = 6;

export interface NetworkSettings {
  readonly supernet: string;
  readonly reserved: Readonly<Record<string, string>>;
  readonly "vpc-prefix": number;
  readonly cidr?: string | Readonly<Record<string, string>>;
  readonly azs: number;
  readonly nat: "none" | "single" | "per-az";
  readonly "flow-logs": {
    readonly enabled: boolean;
    readonly "retention-days": number;
    readonly traffic: "all" | "accept" | "reject";
  };
  readonly endpoints: readonly string[];
}

/** What the network of a placement is set to. */
export function settingsOf(architecture: Architecture, placement: Placement): NetworkSettings {
  return settingsIn(architecture.spec, networkPath, placement.environment) as unknown as NetworkSettings;
}

/** The services of AWS that private subnets can't reach: those without an endpoint, where there is no NAT. */
export function unreachableFrom(
  architecture: Architecture,
  placement: Placement,
  services: readonly string[],
): readonly string[] {
  const { nat, endpoints } = settingsOf(architecture, placement);
  return nat === "none" ? services.filter((service) => !endpoints.includes(service)) : [];
}

/** Whether what lies in the private subnets reaches the world. */
export const reachesWorld = (architecture: Architecture, placement: Placement): boolean =>
  settingsOf(architecture, placement).nat !== "none";

/** How many zones a placement's network has; none where there is no network. For kinds whose resources lie in it. */
export function zonesOf(architecture: Architecture, placement: Placement): number {
  return placementsWith(architecture, networkPath).includes(placement)
    ? settingsOf(architecture, placement).azs
    : 0;
}
