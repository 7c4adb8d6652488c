/** The settings of the VPN, as `schema/vpn.json` describes them, as far as they say who is joined to whom. */
import { type Architecture, type Placement, settingsIn, valueAt } from "../../architecture.ts";

export const vpnPath = ["vpn"] as const;

export interface VpnSettings {
  /** The environment its server is in. */
  readonly environment: string;
  /** The environments whose private subnets it reaches. */
  readonly reaches: readonly string[];
}

/** What the VPN joins. */
export interface Reach {
  /** Where its server is. */
  readonly from: Placement;
  /** What it reaches besides, in the order of placements. */
  readonly to: readonly Placement[];
}

/** @returns undefined where there is no VPN: none in the spec, or in a closed account */
export function reachOf({ spec, placements }: Architecture): Reach | undefined {
  if (valueAt(spec, vpnPath) === undefined) return undefined;
  const { environment, reaches } = settingsIn(spec, vpnPath) as unknown as VpnSettings;
  const from = placements.find((placement) => placement.environment === environment);
  return from && { from, to: placements.filter((placement) => reaches.includes(placement.environment)) };
}
