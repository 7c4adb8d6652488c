/** Which traffic passes between nodes: by the groups of both, the ACLs of their subnets, and the routes there and back. */
import { addressesOf } from "./addresses.ts";
import type { GatewayEndpoint, Subnet } from "./network.ts";
import { letThrough, type NetworkAcl } from "./network-acls.ts";
import type { Interface } from "./nodes.ts";
import type { Outsider } from "./outside.ts";
import { INTERNET, type Routing } from "./routing.ts";
import { type Peer, passing, type SecurityGroup } from "./security-groups.ts";
import {
  difference,
  equals,
  everything,
  intersection,
  isNothing,
  protocolsOf,
  type Traffic,
  traffic,
  union,
} from "./traffic.ts";

/** Traffic from one to another. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly traffic: Traffic;
  /** What is odd about it: it arrives and no answer comes back, or only some of those that are alike can. */
  readonly oddity?: "no way back" | "not from or to all of it";
}

/** An address with what is around it: one of a node's, or one outside. */
interface End {
  readonly peer: Peer;
  readonly subnet?: Subnet;
  readonly groups: readonly SecurityGroup[] | undefined;
  readonly hasPublicAddress: boolean;
}

/** Whoever is at an end of a flow. */
export interface Party {
  readonly name: string;
  readonly ends: readonly End[];
}

/** @param cuts every range that anything is said of: addresses that none tells apart are alike */
export function partyOf(name: string, interfaces: readonly Interface[], cuts: readonly string[]): Party {
  return {
    name,
    ends: interfaces.flatMap(({ subnet, groups, hasPublicAddress }) =>
      addressesOf(subnet.cidr, cuts).map((address) => ({
        peer: { address, groups: (groups ?? []).map(({ id }) => id) },
        subnet,
        groups,
        hasPublicAddress,
      })),
    ),
  };
}

export const partyOutside = ({ name, address, prefixList }: Outsider): Party => ({
  name,
  ends: [
    {
      peer: { address, groups: [], ...(prefixList !== undefined && { prefixList }) },
      groups: undefined,
      hasPublicAddress: true,
    },
  ],
});

/** The flows from one party to another: none, one, or one with and one without a way back. */
export function flowsBetween(from: Party, to: Party, routing: Routing): Flow[] {
  const passed = from.ends.flatMap((source) => to.ends.map((target) => pass(source, target, routing)));
  const answered = union(...passed.map((each) => (each.isAnswered ? each.traffic : [])));
  const unanswered = difference(union(...passed.map((each) => each.traffic)), answered);
  const isEven = passed.every((each) => isNothing(unanswered) && equals(each.traffic, answered));
  return [
    {
      from: from.name,
      to: to.name,
      traffic: answered,
      ...(!isEven && { oddity: "not from or to all of it" as const }),
    },
    { from: from.name, to: to.name, traffic: unanswered, oddity: "no way back" as const },
  ].filter((flow) => !isNothing(flow.traffic));
}

interface Passed {
  readonly traffic: Traffic;
  /** Whether answers come back. */
  readonly isAnswered: boolean;
}

const BLOCKED: Passed = { traffic: [], isAnswered: true };

function pass(source: End, target: End, routing: Routing): Passed {
  if (!isRouted(source, target, routing)) return BLOCKED;
  const out = source.groups?.map(({ egress }) => passing(egress, target.peer)) ?? [everything];
  const inward = target.groups?.map(({ ingress }) => passing(ingress, source.peer)) ?? [everything];
  const filtered = intersection(union(...out), union(...inward));
  if (isNothing(filtered)) return BLOCKED;
  const passed = intersection(filtered, betweenAcls(source, target));
  return {
    traffic: passed,
    isAnswered:
      isRoutedBack(source, target, routing) && letsAnswersThrough(passed, betweenAcls(target, source)),
  };
}

function isRouted(source: End, target: End, routing: Routing): boolean {
  if (source.subnet) {
    const arrival = routing.arrival(source.subnet, target.peer.address, source.hasPublicAddress);
    return arrival?.at === (target.subnet?.vpc.id ?? INTERNET);
  }
  return target.subnet?.vpc.internetGateway !== undefined && target.hasPublicAddress;
}

/** What a NAT gateway sends out comes back to it; what comes in through an internet gateway must go out through one. */
function isRoutedBack(source: End, target: End, routing: Routing): boolean {
  if (!target.subnet) return true;
  const arrival = routing.arrival(target.subnet, source.peer.address, target.hasPublicAddress);
  return arrival?.at === (source.subnet?.vpc.id ?? INTERNET) && arrival.isDirect;
}

/** Within a subnet no ACL is asked. */
function betweenAcls(source: End, target: End): Traffic {
  if (source.subnet && source.subnet === target.subnet) return everything;
  const ask = (acl: NetworkAcl | undefined, direction: "inbound" | "outbound", other: End) =>
    acl ? letThrough(acl[direction], other.peer.address) : everything;
  return intersection(
    ask(source.subnet?.acl, "outbound", target),
    ask(target.subnet?.acl, "inbound", source),
  );
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
const EPHEMERAL = [1024, 65_535] as const;

const letsAnswersThrough = (passed: Traffic, back: Traffic): boolean =>
  equals(back, everything) ||
  protocolsOf(passed).every((protocol) => {
    const answers = ["6", "17"].includes(protocol) ? traffic(protocol, ...EPHEMERAL) : traffic(protocol);
    return isNothing(difference(answers, back));
  });

/** What a party sends to an AWS service through a gateway endpoint: whatever it may send to the internet. */
export function flowsThroughEndpoint(from: Party, endpoint: GatewayEndpoint, internet: Party): Flow[] {
  const [outside] = internet.ends;
  const passed = from.ends.map(({ subnet, groups }) =>
    outside && subnet?.gatewayEndpoints.includes(endpoint)
      ? union(...(groups?.map(({ egress }) => passing(egress, outside.peer)) ?? [everything]))
      : [],
  );
  const sent = union(...passed);
  if (isNothing(sent)) return [];
  const isEven = passed.every((each) => equals(each, sent));
  return [
    {
      from: from.name,
      to: endpoint.name,
      traffic: sent,
      ...(!isEven && { oddity: "not from or to all of it" as const }),
    },
  ];
}
