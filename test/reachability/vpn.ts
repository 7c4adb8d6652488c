/**
 * What `vpn` says of who reaches whom: the VPN's own subnets reach the private ones of the environments it reaches, and
 * are reached from there; open to them is the internal load balancer, here and there. Whoever else is in the VPC of the
 * VPN gets nowhere, which its stranger shows, who is in these subnets as in all others. The server answers everybody on
 * one port, and gets to these private subnets and, for its packages and to AWS, to the internet.
 */
import type { Architecture, Placement } from "../../compiler/architecture.ts";
import { balancerOf, gatewaysIn, interfaceEndpointsOf } from "./expected.ts";
import { strangerIn } from "./reachability.ts";
import { type Expected, Said } from "./said.ts";
import { everything, tcp, udp, union } from "./traffic.ts";

interface Reach {
  readonly from: Placement;
  readonly to: readonly Placement[];
}

/** Undefined where there is no VPN. */
function reachOf({ spec, placements }: Architecture): Reach | undefined {
  const { environment, reaches = [] } = (spec.vpn ?? {}) as { environment?: string; reaches?: string[] };
  const from = placements.find((placement) => placement.environment === environment);
  return from && { from, to: placements.filter((placement) => reaches.includes(placement.environment)) };
}

export function expectVpn(architecture: Architecture, expected: Expected): void {
  const reach = reachOf(architecture);
  if (!reach) return;
  const own = subnetsOf(architecture, reach.from, "network-vpn.Subnet").slice(0, 2);
  expected.allow(own, expected.outside, everything);
  expected.allow(expected.outside, own, everything);
  for (const placement of reach.to) {
    const hidden = subnetsOf(architecture, placement, "network.PrivateSubnet");
    expected.allow(own, hidden, everything);
    expected.allow(hidden, own, everything);
    expected.transit(reach.from.name, hidden);
    expected.transit(placement.name, own);
  }
  const open = openToVpn(architecture, reach, expected);
  expected.allow([strangerIn(reach.from.name)], open, tcp(443), "not from or to all of it");
  expectServer(architecture, reach, open, expected);
}

function expectServer(
  architecture: Architecture,
  { from, to }: Reach,
  open: readonly string[],
  expected: Expected,
): void {
  const server = expected.nodes(from.name, "vpn", "AWS::AutoScaling::AutoScalingGroup");
  const stranger = strangerIn(from.name);
  const others = to.map(({ name }) => strangerIn(name));
  expected.allow([...expected.outside, stranger], server, VPN_PORT);
  expected.allow(others, server, VPN_PORT, "not from or to all of it");
  expected.allow(server, [stranger, ...others], everything, "not from or to all of it");
  expected.allow(server, expected.outside, union(tcp(80), tcp(443)));
  expected.allow(server, open, tcp(443));
  const own = new Said(architecture, from);
  expected.allow(server, balancerOf(own, "public", expected), union(tcp(80), tcp(443)));
  expected.allow(server, interfaceEndpointsOf(own, expected), tcp(443));
}

export const VPN_PORT = udp(1194);

/** A subnet's name for each zone. */
function subnetsOf(architecture: Architecture, placement: Placement, id: string): string[] {
  const zones = Number(new Said(architecture, placement).of("network")?.azs ?? 0);
  return Array.from({ length: zones }, (_, zone) => `${placement.name} ${id}${zone + 1}`);
}

const openToVpn = (architecture: Architecture, { from, to }: Reach, expected: Expected): string[] =>
  [from, ...to].flatMap((placement) => balancerOf(new Said(architecture, placement), "internal", expected));

/**
 * Whom those who may call anybody by HTTPS get to besides, from a part of where they are: what the VPN reaches has a way
 * back into its subnets, and who is run by hand may be so in these.
 */
export function throughVpn(
  architecture: Architecture,
  placement: Placement,
  isAnywhere: boolean | undefined,
  expected: Expected,
): string[] {
  const reach = reachOf(architecture);
  if (reach?.to.includes(placement)) return [strangerIn(reach.from.name)];
  if (reach?.from !== placement || !isAnywhere) return [];
  return [
    ...reach.to.map(({ name }) => strangerIn(name)),
    ...openToVpn(architecture, reach, expected),
    // Those have no way from there.
    ...gatewaysIn(placement.name),
  ];
}
