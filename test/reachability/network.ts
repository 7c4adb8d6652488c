/** VPCs, their subnets and what the route tables of those say. */
import type { Resource } from "./deployment.ts";
import { type NetworkAcl, networkAclTypes, readNetworkAcls } from "./network-acls.ts";
import { publicAccessTypes, readBlocked } from "./public-access.ts";
import { flagAt, type Inventory, mistake, nameOf, neededAt, textAt, textsAt } from "./read.ts";
import { prefixListOf } from "./security-groups.ts";

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  readonly cidr: string;
  /** The id of the internet gateway that is attached to it; undefined where its account blocks that. */
  readonly internetGateway: string | undefined;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly vpc: Vpc;
  readonly cidr: string;
  /** Whether an instance in it gets a public address without asking. */
  readonly givesPublicAddress: boolean;
  /** Without the one to the VPC itself. */
  readonly routes: readonly Route[];
  readonly gatewayEndpoints: readonly GatewayEndpoint[];
  /** None where everything passes. */
  readonly acl: NetworkAcl | undefined;
}

/** Where packets go that have a destination in a range. */
export interface Route {
  readonly cidr: string;
  readonly by: "internet gateway" | "NAT gateway" | "transit gateway" | "peering";
  /** The id of the gateway or connection. */
  readonly to: string;
}

/** The way to an AWS service from the subnets whose route tables it is in. */
export interface GatewayEndpoint {
  readonly name: string;
  readonly routeTables: readonly string[];
}

export interface Network {
  readonly vpcs: readonly Vpc[];
  readonly subnets: ReadonlyMap<string, Subnet>;
  /** The subnet that each NAT gateway is in, by the gateway's id. */
  readonly natGateways: ReadonlyMap<string, string>;
  readonly gatewayEndpoints: readonly GatewayEndpoint[];
}

const VPC = "AWS::EC2::VPC";
const SUBNET = "AWS::EC2::Subnet";
const ROUTE_TABLE = "AWS::EC2::RouteTable";
const ROUTE_TABLE_ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation";
const INTERNET_GATEWAY = "AWS::EC2::InternetGateway";
const ATTACHMENT = "AWS::EC2::VPCGatewayAttachment";
const NAT_GATEWAY = "AWS::EC2::NatGateway";
const ENDPOINT = "AWS::EC2::VPCEndpoint";

/** What networks are read from. */
export const networkTypes = [
  VPC,
  SUBNET,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  "AWS::EC2::Route",
  INTERNET_GATEWAY,
  ATTACHMENT,
  NAT_GATEWAY,
  ENDPOINT,
  ...publicAccessTypes,
  ...networkAclTypes,
] as const;

export function readNetwork(inventory: Inventory): Network {
  const internetGateways = new Map(
    inventory
      .of(ATTACHMENT)
      .map((attachment) => [
        inventory.get(textAt(attachment, "VpcId"), VPC, attachment).id,
        inventory.get(textAt(attachment, "InternetGatewayId"), INTERNET_GATEWAY, attachment).id,
      ]),
  );
  const isBlocked = readBlocked(inventory);
  const vpcs = inventory.of(VPC).map((vpc) => ({
    id: vpc.id,
    name: nameOf(vpc),
    place: vpc.place,
    cidr: neededAt(vpc, "CidrBlock"),
    internetGateway: isBlocked(vpc) ? undefined : internetGateways.get(vpc.id),
  }));
  const gatewayEndpoints = inventory
    .of(ENDPOINT)
    .filter((endpoint) => (textAt(endpoint, "VpcEndpointType") ?? "Gateway") === "Gateway")
    .map((endpoint) => ({ name: nameOf(endpoint), routeTables: textsAt(endpoint, "RouteTableIds") }));
  const natGateways = inventory.of(NAT_GATEWAY).map((gateway): [string, string] => {
    if (textAt(gateway, "ConnectivityType") === "private") {
      throw mistake(gateway, "a private NAT gateway is not judged here");
    }
    return [gateway.id, inventory.get(textAt(gateway, "SubnetId"), SUBNET, gateway).id];
  });
  return {
    vpcs,
    subnets: readSubnets(inventory, vpcs, gatewayEndpoints),
    natGateways: new Map(natGateways),
    gatewayEndpoints,
  };
}

function readSubnets(
  inventory: Inventory,
  vpcs: readonly Vpc[],
  gatewayEndpoints: readonly GatewayEndpoint[],
): ReadonlyMap<string, Subnet> {
  const acls = readNetworkAcls(inventory);
  const routes = inventory.of("AWS::EC2::Route").flatMap((route) => {
    const table = inventory.get(textAt(route, "RouteTableId"), ROUTE_TABLE, route).id;
    return readRoute(route, inventory).map((read) => ({ table, route: read }));
  });
  // A subnet without a table of its own has the VPC's main one, which no template reaches: it leads nowhere else.
  const tables = new Map(
    inventory
      .of(ROUTE_TABLE_ASSOCIATION)
      .map((association) => [
        inventory.get(textAt(association, "SubnetId"), SUBNET, association).id,
        inventory.get(textAt(association, "RouteTableId"), ROUTE_TABLE, association).id,
      ]),
  );
  return new Map(
    inventory.of(SUBNET).map((subnet) => {
      const { id: vpcId } = inventory.get(textAt(subnet, "VpcId"), VPC, subnet);
      const table = tables.get(subnet.id);
      const read: Subnet = {
        id: subnet.id,
        name: nameOf(subnet),
        vpc: vpcs.find(({ id }) => id === vpcId) as Vpc,
        cidr: neededAt(subnet, "CidrBlock"),
        givesPublicAddress: flagAt(subnet, "MapPublicIpOnLaunch", false),
        routes: routes.filter((each) => each.table === table).map(({ route }) => route),
        gatewayEndpoints: gatewayEndpoints.filter(({ routeTables }) => routeTables.includes(table ?? "")),
        acl: acls.get(subnet.id),
      };
      return [subnet.id, read];
    }),
  );
}

/** The ways a route can go, by the property that names where. */
const WAYS = [
  ["GatewayId", INTERNET_GATEWAY, "internet gateway"],
  ["NatGatewayId", NAT_GATEWAY, "NAT gateway"],
  ["TransitGatewayId", "AWS::EC2::TransitGateway", "transit gateway"],
  ["VpcPeeringConnectionId", "AWS::EC2::VPCPeeringConnection", "peering"],
] as const;

/** A route, or several where it names a prefix list of ours. */
function readRoute(route: Resource, inventory: Inventory): Route[] {
  const list = textAt(route, "DestinationPrefixListId");
  const cidrs =
    list === undefined ? [neededAt(route, "DestinationCidrBlock")] : prefixListOf(route, list, inventory);
  if (!cidrs) throw mistake(route, "a route to a prefix list of AWS's is not judged here");
  const ways = WAYS.filter(([property]) => textAt(route, property) !== undefined);
  const known = [
    "RouteTableId",
    "DestinationCidrBlock",
    "DestinationPrefixListId",
    ...WAYS.map(([key]) => key),
  ];
  const unknown = Object.keys(route.properties).filter((key) => !known.includes(key as never));
  if (unknown.length > 0) throw mistake(route, `a route by ${unknown.join(" and ")} is not judged here`);
  const [way, another] = ways;
  if (!way || another) throw mistake(route, "a route goes exactly one way");
  const [property, type, by] = way;
  const to = inventory.get(textAt(route, property), type, route).id;
  return cidrs.map((cidr) => ({ cidr, by, to }));
}
