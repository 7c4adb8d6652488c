/** The transit gateway, in the account of the VPN's environment, whose VPC is attached to it here. */
import { Import } from "../../cfn/values.ts";
import { type ConcreteStack, type Handle, Stack } from "../../stack.ts";
import { networkOutputs } from "../network/index.ts";
import type { VpnRanges } from "../network/vpn-ranges.ts";
import { GATEWAY, gatewayOutputs } from "./outputs.ts";
import { type Reach, vpnPath } from "./settings.ts";

/**
 * Two route tables: what comes from the VPN is led to the environments, by their own stacks, and what comes from any of
 * those is led back to the VPN. What is attached without being put to one of them is led nowhere.
 */
export function buildGateway(name: string, { from, to }: Reach, vpn: VpnRanges): ConcreteStack {
  const stack = new Stack(
    name,
    GATEWAY,
    "The transit gateway between the VPN and the environments it reaches",
    [...vpnPath, "reaches"],
  );
  const gateway = stack.add("AWS::EC2::TransitGateway", "TransitGateway", {
    Description: "Between the VPN and the environments it reaches",
    // No resource accepts an attachment; it can only come from accounts that this one shares the gateway with.
    AutoAcceptSharedAttachments: "enable",
    DefaultRouteTableAssociation: "disable",
    DefaultRouteTablePropagation: "disable",
    Tags: [{ Key: "Name", Value: name }],
  });
  stack.add("AWS::RAM::ResourceShare", "TransitGatewayShare", {
    Name: `${name}-${GATEWAY}`,
    AllowExternalPrincipals: false,
    Principals: [...new Set(to.map(({ account }) => account.id))],
    ResourceArns: [gateway.att("TransitGatewayArn")],
  });
  const vpnTable = addTable(stack, gateway, "VpnRouteTable", "vpn");
  const environmentsTable = addTable(stack, gateway, "EnvironmentsRouteTable", "environments");
  const attachment = stack.add("AWS::EC2::TransitGatewayAttachment", "VpnAttachment", {
    TransitGatewayId: gateway.ref,
    VpcId: new Import(networkOutputs.vpcId),
    SubnetIds: new Import(networkOutputs.isolatedSubnetIds),
    Tags: [{ Key: "Name", Value: "vpn" }],
  });
  stack.add("AWS::EC2::TransitGatewayRouteTableAssociation", "VpnAssociation", {
    TransitGatewayRouteTableId: vpnTable.ref,
    TransitGatewayAttachmentId: attachment.ref,
  });
  stack.add("AWS::EC2::TransitGatewayRoute", "RouteToVpn", {
    TransitGatewayRouteTableId: environmentsTable.ref,
    DestinationCidrBlock: vpn.all,
    TransitGatewayAttachmentId: attachment.ref,
  });
  stack.publish(gatewayOutputs.gatewayId, gateway.ref);
  stack.publish(gatewayOutputs.vpnRouteTableId, vpnTable.ref);
  stack.publish(gatewayOutputs.environmentsRouteTableId, environmentsTable.ref);
  const serves = [from, ...to].map(({ environment }) => environment);
  return stack.build({ account: from.account, region: from.region, serves });
}

const addTable = (
  stack: Stack,
  gateway: Handle<"AWS::EC2::TransitGateway">,
  id: string,
  name: string,
): Handle<"AWS::EC2::TransitGatewayRouteTable"> =>
  stack.add("AWS::EC2::TransitGatewayRouteTable", id, {
    TransitGatewayId: gateway.ref,
    Tags: [{ Key: "Name", Value: name }],
  });
