/** Subnets and their ways out: internet gateway, NAT gateways, route tables. */
import { availabilityZones, type Expression, select } from "../../cfn/values.ts";
import { type Handle, type Part, part, type Stack } from "../../stack.ts";
import type { NetworkRanges } from "./ranges.ts";
import { MAXIMUM_ZONES, type NetworkSettings, networkPath, type Tier } from "./settings.ts";

export type Vpc = Handle<"AWS::EC2::VPC">;

/** A subnet or table of a zone, in the placements that have the zone. */
interface Zonal {
  readonly ref: Expression;
  readonly present: boolean;
}

const AZS = [...networkPath, "azs"];
const NAT = [...networkPath, "nat"];

/** @returns references to what this placement has, and all NAT gateways, one for each zone there may be */
export function addSubnets(
  stack: Stack,
  vpc: Vpc,
  ranges: NetworkRanges,
  settings: NetworkSettings,
): {
  subnets: Record<Tier, Expression[]>;
  routeTables: Expression[];
  privateTables: Expression[];
  internetGateway: Expression;
  gateways: readonly Gateway[];
} {
  const subnets: Record<Tier, Zonal[]> = { public: [], private: [], isolated: [] };
  const attachment = addInternetGateway(stack, vpc);
  const publicTable = addRouteTable(stack, vpc, "public");
  stack.add(
    "AWS::EC2::Route",
    "PublicRoute",
    { RouteTableId: publicTable.ref, DestinationCidrBlock: "0.0.0.0/0", GatewayId: attachment.gateway },
    { dependsOn: [attachment.handle] },
  );
  const isolatedTable = addRouteTable(stack, vpc, "isolated");
  const privateTables: Zonal[] = [];
  const gateways: Gateway[] = [];
  for (let zone = 1; zone <= MAXIMUM_ZONES; zone++) {
    const inZone = part(`Zone${zone}`, zone <= settings.azs);
    const add = (tier: Tier, table: Handle<"AWS::EC2::RouteTable">) => {
      const subnet = addSubnet(stack, vpc, tier, zone, ranges, inZone);
      const id = `${capital(tier)}Subnet${zone}`;
      stack.add(
        "AWS::EC2::SubnetRouteTableAssociation",
        `${id}RouteTable`,
        { SubnetId: subnet.ref, RouteTableId: table.ref },
        { part: inZone, from: AZS },
      );
      subnets[tier].push({ ref: subnet.ref, present: inZone.present });
      return subnet;
    };
    const publicSubnet = add("public", publicTable);
    gateways.push(addNatGateway(stack, zone, publicSubnet, inZone, settings, attachment.handle));
    const privateTable = addRouteTable(stack, vpc, "private", zone, inZone);
    privateTables.push({ ref: privateTable.ref, present: inZone.present });
    addPrivateRoute(stack, zone, privateTable, inZone, gateways, settings);
    add("private", privateTable);
    add("isolated", isolatedTable);
  }
  const present = (list: readonly Zonal[]) => list.filter((item) => item.present).map((item) => item.ref);
  return {
    subnets: {
      public: present(subnets.public),
      private: present(subnets.private),
      isolated: present(subnets.isolated),
    },
    routeTables: [publicTable.ref, isolatedTable.ref, ...present(privateTables)],
    privateTables: present(privateTables),
    internetGateway: attachment.gateway,
    gateways,
  };
}

function addInternetGateway(stack: Stack, vpc: Vpc) {
  const gateway = stack.add("AWS::EC2::InternetGateway", "InternetGateway", {
    Tags: [{ Key: "Name", Value: "public" }],
  });
  const handle = stack.add("AWS::EC2::VPCGatewayAttachment", "InternetGatewayAttachment", {
    VpcId: vpc.ref,
    InternetGatewayId: gateway.ref,
  });
  return { gateway: gateway.ref, handle };
}

function addRouteTable(
  stack: Stack,
  vpc: Vpc,
  tier: Tier,
  zone?: number,
  inZone?: Part,
): Handle<"AWS::EC2::RouteTable"> {
  return stack.add(
    "AWS::EC2::RouteTable",
    `${capital(tier)}RouteTable${zone ?? ""}`,
    { VpcId: vpc.ref, Tags: [{ Key: "Name", Value: zone === undefined ? tier : `${tier}-${zone}` }] },
    inZone && { part: inZone, from: AZS },
  );
}

function addSubnet(stack: Stack, vpc: Vpc, tier: Tier, zone: number, ranges: NetworkRanges, inZone: Part) {
  return stack.add(
    "AWS::EC2::Subnet",
    `${capital(tier)}Subnet${zone}`,
    {
      VpcId: vpc.ref,
      AvailabilityZone: select(zone - 1, availabilityZones),
      CidrBlock: ranges[tier][zone - 1] as string,
      MapPublicIpOnLaunch: false,
      Tags: [{ Key: "Name", Value: `${tier}-${zone}` }],
    },
    { part: inZone, from: AZS },
  );
}

/** A NAT gateway, in the placements that have it. */
interface Gateway {
  readonly ref: Expression;
  readonly part: Part;
}

/** One in the first zone for `single`, in every zone for `per-az`. */
function addNatGateway(
  stack: Stack,
  zone: number,
  subnet: Handle<"AWS::EC2::Subnet">,
  inZone: Part,
  { nat }: NetworkSettings,
  attachment: Handle<"AWS::EC2::VPCGatewayAttachment">,
): Gateway {
  const gatewayPart = part(`NatGateway${zone}`, zone === 1 ? nat !== "none" : nat === "per-az", inZone);
  const tags = [{ Key: "Name", Value: `nat-${zone}` }];
  const address = stack.add(
    "AWS::EC2::EIP",
    `NatGateway${zone}Address`,
    { Domain: "vpc", Tags: tags },
    { part: gatewayPart, dependsOn: [attachment], from: NAT },
  );
  const gateway = stack.add(
    "AWS::EC2::NatGateway",
    `NatGateway${zone}`,
    { AllocationId: address.att("AllocationId"), SubnetId: subnet.ref, Tags: tags },
    { part: gatewayPart, from: NAT },
  );
  return { ref: gateway.ref, part: gatewayPart };
}

/** To the zone's own gateway, or to the only one there is. */
function addPrivateRoute(
  stack: Stack,
  zone: number,
  table: Handle<"AWS::EC2::RouteTable">,
  inZone: Part,
  gateways: readonly Gateway[],
  { nat }: NetworkSettings,
): void {
  const gateway = gateways[nat === "per-az" ? zone - 1 : 0] as Gateway;
  const hasNat = (gateways[0] as Gateway).part;
  stack.add(
    "AWS::EC2::Route",
    `PrivateRoute${zone}`,
    { RouteTableId: table.ref, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: gateway.ref },
    { part: zone === 1 ? hasNat : part(`PrivateRoute${zone}`, true, inZone, hasNat), from: NAT },
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
