/** The VPN's own subnets: in the VPC of its environment, with a route table that nobody else goes by. */
import type { Architecture, Placement } from "../../architecture.ts";
import { availabilityZones, Import, select } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { networkOutputs } from "../network/index.ts";
import { zonesOf } from "../network/settings.ts";
import type { VpnRanges } from "../network/vpn-ranges.ts";
import { VPN_NETWORK, vpnNetworkOutputs } from "./outputs.ts";
import { vpnPath } from "./settings.ts";

/**
 * In public subnets, with the ways to other environments in their route table, everything would be led there that goes
 * out through the NAT gateways in them.
 */
export function buildVpnNetwork(
  name: string,
  architecture: Architecture,
  placement: Placement,
  ranges: VpnRanges,
): ConcreteStack {
  const stack = new Stack(name, VPN_NETWORK, "The subnets of the VPN", [...vpnPath, "environment"]);
  const vpcId = new Import(networkOutputs.vpcId);
  const table = stack.add("AWS::EC2::RouteTable", "RouteTable", {
    VpcId: vpcId,
    Tags: [{ Key: "Name", Value: "vpn" }],
  });
  stack.add("AWS::EC2::Route", "InternetRoute", {
    RouteTableId: table.ref,
    DestinationCidrBlock: "0.0.0.0/0",
    GatewayId: new Import(networkOutputs.internetGatewayId),
  });
  const zones = ranges.subnets.slice(0, zonesOf(architecture, placement));
  const subnets = zones.map((cidr, index) => {
    const zone = index + 1;
    const subnet = stack.add("AWS::EC2::Subnet", `Subnet${zone}`, {
      VpcId: vpcId,
      AvailabilityZone: select(index, availabilityZones),
      CidrBlock: cidr,
      MapPublicIpOnLaunch: false,
      Tags: [{ Key: "Name", Value: `vpn-${zone}` }],
    });
    stack.add("AWS::EC2::SubnetRouteTableAssociation", `Subnet${zone}RouteTable`, {
      SubnetId: subnet.ref,
      RouteTableId: table.ref,
    });
    return subnet.ref;
  });
  stack.publish(vpnNetworkOutputs.subnetIds, subnets);
  stack.publish(vpnNetworkOutputs.routeTableId, table.ref);
  return stack.build();
}
