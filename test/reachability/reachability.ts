/**
 * Who reaches whom, from templates alone: what VPC Reachability Analyzer and Network Access Analyzer would compute of
 * what is deployed. It errs on the side of reaching: what AWS's pages leave open counts as open, and what is not known
 * here is an error.
 */
import { addressesOf } from "./addresses.ts";
import { deploy, type PlacedTemplate } from "./deployment.ts";
import { flowsToDoors, readDoors } from "./doors.ts";
import { type Flow, flowsBetween, flowsThroughEndpoint, type Party, partyOf, partyOutside } from "./flows.ts";
import { checkAddresses } from "./launches.ts";
import { type Network, readNetwork } from "./network.ts";
import { anywhereIn, type Node, readNodes } from "./nodes.ts";
import { cutsOf, type Outsider, outsidersOf } from "./outside.ts";
import { Inventory } from "./read.ts";
import { type Request, readRequests } from "./requests.ts";
import { Routing } from "./routing.ts";
import { readSecurityGroups } from "./security-groups.ts";
import { Transit } from "./transit.ts";
import { checkTypes } from "./types.ts";

export interface Reachability {
  /** What lies in VPCs, and what answers the internet without that. */
  readonly nodes: readonly Node[];
  readonly outsiders: readonly Outsider[];
  /** Where anybody gets to from each subnet, as far as routes decide. */
  readonly ways: readonly Flow[];
  /** What passes between nodes, the outside, and whoever else might be in a VPC. */
  readonly flows: readonly Flow[];
  /** Where transit gateways lead, whether or not routes in VPCs lead to them. */
  readonly transits: readonly Transition[];
  readonly requests: readonly Request[];
}

/** From a VPC, by its place, to a subnet of another, by its name, or some of it. */
export interface Transition {
  readonly from: string;
  readonly to: string;
}

/** What a VPC's stranger is called: anybody in it who carries a group that lets everything through. */
export const strangerIn = (place: string): string => `${place} anybody in the VPC`;

/** @throws Error on what is not judged here */
export function reachability(templates: readonly PlacedTemplate[]): Reachability {
  const inventory = new Inventory(deploy(templates));
  checkTypes(inventory.resources);
  checkAddresses(inventory);
  const groups = readSecurityGroups(inventory);
  const network = readNetwork(inventory);
  const transit = new Transit(inventory);
  const routing = new Routing(network, transit);
  const nodes = readNodes(inventory, network, groups);
  const doors = readDoors(inventory);
  const cuts = [...cutsOf(network, groups.values()), ...transit.ranges];
  const outsiders = outsidersOf(cuts, groups.values());
  const outside = outsiders.map(partyOutside);
  const parties = nodes.map(({ name, interfaces }) => partyOf(name, interfaces, cuts));
  const strangers = network.vpcs.map(({ id, place }) =>
    partyOf(strangerIn(place), anywhereIn(id, network, undefined), cuts),
  );
  const between = (sources: readonly Party[], targets: readonly Party[]) =>
    sources.flatMap((source) => targets.flatMap((target) => flowsBetween(source, target, routing)));
  const flows = [
    ...between(parties, [...parties, ...strangers, ...outside]),
    ...between([...strangers, ...outside], parties),
    ...flowsToEndpoints(parties, network, outside),
    ...flowsToDoors(doors, outsiders),
  ];
  return {
    nodes: [...nodes, ...doors],
    outsiders,
    ways: waysOf(network, outside, routing, cuts),
    flows,
    transits: transitsIn(network, transit, cuts),
    requests: readRequests(inventory, flows),
  };
}

function flowsToEndpoints(
  parties: readonly Party[],
  { gatewayEndpoints }: Network,
  [internet]: readonly Party[],
): Flow[] {
  if (!internet) return [];
  return parties.flatMap((party) =>
    gatewayEndpoints.flatMap((endpoint) => flowsThroughEndpoint(party, endpoint, internet)),
  );
}

/** Between each subnet, with a public address where it leads to an internet gateway, and the outside and other VPCs. */
function waysOf(
  network: Network,
  outside: readonly Party[],
  routing: Routing,
  cuts: readonly string[],
): Flow[] {
  const inSubnets = [...network.subnets.values()].map((subnet) => {
    const hasPublicAddress = subnet.routes.some(({ by }) => by === "internet gateway");
    return { subnet, party: partyOf(subnet.name, [{ subnet, groups: undefined, hasPublicAddress }], cuts) };
  });
  const parties = inSubnets.map(({ party }) => party);
  return [
    ...inSubnets.flatMap(({ subnet, party }) => [
      ...outside.flatMap((other) => [
        ...flowsBetween(party, other, routing),
        ...flowsBetween(other, party, routing),
      ]),
      ...inSubnets
        .filter((other) => other.subnet.vpc !== subnet.vpc)
        .flatMap((other) => flowsBetween(party, other.party, routing)),
    ]),
    ...flowsToEndpoints(parties, network, outside),
  ];
}

const transitsIn = ({ vpcs, subnets }: Network, transit: Transit, cuts: readonly string[]): Transition[] =>
  vpcs.flatMap(({ id, place }) =>
    [...subnets.values()]
      .filter(({ vpc, cidr }) =>
        addressesOf(cidr, cuts).some((address) => transit.vpcsBehind(id, address).includes(vpc.id)),
      )
      .map(({ name }) => ({ from: place, to: name })),
  );
