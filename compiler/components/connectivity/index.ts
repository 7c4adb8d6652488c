/**
 * Connectivity: the way from the VPN to the private subnets of the environments it reaches, through a transit gateway,
 * and back. There is no other: from no environment to another, and to none from anywhere but the VPN's own subnets.
 */
import type { Component } from "../../component.ts";
import type { ConcreteStack } from "../../stack.ts";
import { hasBalancer } from "../load-balancers/settings.ts";
import { type NetworkAllocation, type NetworkRanges, rangeKey, SECTION } from "../network/ranges.ts";
import { vpnRangesOf } from "../network/vpn-ranges.ts";
import { buildAccess } from "./access.ts";
import { buildAttachment } from "./attachment.ts";
import { checkConnectivity } from "./check.ts";
import { buildGateway } from "./gateway.ts";
import { buildRoutes } from "./routes.ts";
import { reachOf, type VpnSettings, vpnPath } from "./settings.ts";
import { buildVpnNetwork } from "./vpn-network.ts";

export const connectivity: Component<Partial<VpnSettings> | null, NetworkAllocation> = {
  path: vpnPath,
  reads: SECTION,
  check: checkConnectivity,
  demands({ placement, settings }) {
    // There are none where there is no VPN, and what is wrong is left out.
    const { environment, reaches = [] } = settings ?? {};
    return [environment, ...reaches].includes(placement.environment) ? { isLetIn: true } : {};
  },
  build({ name, architecture, placement, allocation }) {
    const reach = reachOf(architecture);
    if (!reach) return [];
    const { from, to } = reach;
    // It has one: `check` has seen to it.
    const vpn = vpnRangesOf(allocation[rangeKey(from)] as NetworkRanges);
    const stacks: ConcreteStack[] = [];
    if (placement === from) {
      stacks.push(buildVpnNetwork(name, architecture, from, vpn));
      if (to.length > 0) stacks.push(buildGateway(name, reach, vpn));
    } else if (to.includes(placement)) {
      const own = allocation[rangeKey(placement)] as NetworkRanges;
      stacks.push(
        buildAttachment(name, architecture, placement, from, vpn),
        buildRoutes(name, architecture, placement, from, own),
      );
    } else return [];
    if (hasBalancer(architecture, placement, "internal")) stacks.push(buildAccess(name, vpn));
    return stacks;
  },
};
