/** What the VPN's server is set to, as `schema/vpn.json` describes it, and the names that are known of it elsewhere. */
import type { Architecture, Placement } from "../../architecture.ts";
import type { VpnSettings } from "../connectivity/settings.ts";
import type { NetworkAllocation } from "../network/ranges.ts";
import { rangeKey } from "../network/ranges.ts";
import { zonesOf } from "../network/settings.ts";
import { VPN } from "./outputs.ts";

export interface ServerSettings extends VpnSettings {
  readonly "instance-type": string;
  readonly clients: string;
  readonly "profile-days": number;
  readonly "log-retention-days": number;
}

/** What the names of the secrets with profiles begin with; the user's follows. */
export const secretsPrefix = (name: string): string => `${name}/${VPN}`;

/** The ranges that clients get to: of each placement the private subnets that there are. */
export const rangesOf = (
  architecture: Architecture,
  placements: readonly Placement[],
  allocation: NetworkAllocation,
): readonly string[] =>
  placements.flatMap((placement) =>
    (allocation[rangeKey(placement)]?.private ?? []).slice(0, zonesOf(architecture, placement)),
  );

/** The server is called so by those who must know it before it is there. */
export const groupName = (name: string): string => `${name}-${VPN}`;

/** Where its metrics are. */
export const metricNamespace = (name: string): string => `${name}/${VPN}`;

/** What the server, its disk and its network interface are known by. */
export const TAGS = [{ Key: "Name", Value: VPN }];
