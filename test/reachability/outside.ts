/** Who is outside of all VPCs: the internet, and the parts of it that rules tell apart. */
import { addressesOf, contains, isPublic, specialRanges } from "./addresses.ts";
import type { Network } from "./network.ts";
import { INTERNET } from "./routing.ts";
import type { SecurityGroup } from "./security-groups.ts";

/** A part of the internet, by an address that is like all of its addresses to every rule. */
export interface Outsider {
  /** `internet` where no rule tells it apart; otherwise the narrowest range that does, or a prefix list of AWS's. */
  readonly name: string;
  readonly address: string;
  readonly prefixList?: string;
}

/** @param cuts every range that anything is said of */
export function outsidersOf(cuts: readonly string[], groups: Iterable<SecurityGroup>): Outsider[] {
  const everywhere = "0.0.0.0/0";
  const named = new Map<string, string>();
  for (const address of addressesOf(everywhere, [...cuts, ...specialRanges]).filter(isPublic)) {
    const narrowest = cuts
      .filter((cut) => cut !== everywhere && contains(cut, address))
      .toSorted((a, b) => (contains(a, b) ? 1 : -1))[0];
    const name = narrowest ?? INTERNET;
    if (!named.has(name)) named.set(name, address);
  }
  const lists = [...groups]
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ prefixList }) => prefixList ?? []);
  const [anybody = "", address = ""] = [...named].find(([name]) => name === INTERNET) ?? [...named][0] ?? [];
  return [
    ...[...named].map(([name, each]) => ({ name, address: each })),
    ...[...new Set(lists)].map((prefixList) => ({
      name: `${anybody} on ${prefixList}`,
      address,
      prefixList,
    })),
  ];
}

/** Every range that a rule, a route or an ACL names. */
export function cutsOf({ vpcs, subnets }: Network, groups: Iterable<SecurityGroup>): string[] {
  const ofGroups = [...groups].flatMap(({ ingress, egress }) => [...ingress, ...egress]);
  const ofSubnets = [...subnets.values()].flatMap(({ routes, acl }) => [
    ...routes,
    ...(acl ? [...acl.inbound, ...acl.outbound] : []),
  ]);
  const named = [...ofGroups, ...ofSubnets, ...vpcs].flatMap(({ cidr }) => cidr ?? []);
  return [...new Set(named)];
}
