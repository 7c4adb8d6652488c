/** What leads from the VPN to one environment. It goes where the transit gateway is, and is a part of that environment. */
import type { Architecture, Placement } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import type { NetworkRanges } from "../network/ranges.ts";
import { zonesOf } from "../network/settings.ts";
import { attachmentOutputs, gatewayOutputs, routesOf, vpnNetworkOutputs } from "./outputs.ts";
import { vpnPath } from "./settings.ts";

/**
 * Only to the private subnets that there are, each by a route of its own.
 *
 * @param from where the VPN's server is
 */
export function buildRoutes(
  name: string,
  architecture: Architecture,
  placement: Placement,
  from: Placement,
  ranges: NetworkRanges,
): ConcreteStack {
  const { environment, account, region } = placement;
  const stack = new Stack(name, routesOf(environment), `What leads from the VPN to ${environment}`, [
    ...vpnPath,
    "reaches",
  ]);
  const attachmentId = stack.importFrom({ account: account.id, region }, attachmentOutputs.attachmentId);
  stack.add("AWS::EC2::TransitGatewayRouteTableAssociation", "Association", {
    TransitGatewayRouteTableId: new Import(gatewayOutputs.environmentsRouteTableId),
    TransitGatewayAttachmentId: attachmentId,
  });
  ranges.private.slice(0, zonesOf(architecture, placement)).forEach((cidr, index) => {
    const id = `PrivateSubnet${index + 1}`;
    stack.add("AWS::EC2::TransitGatewayRoute", `${id}TransitRoute`, {
      TransitGatewayRouteTableId: new Import(gatewayOutputs.vpnRouteTableId),
      DestinationCidrBlock: cidr,
      TransitGatewayAttachmentId: attachmentId,
    });
    stack.add("AWS::EC2::Route", `${id}Route`, {
      RouteTableId: new Import(vpnNetworkOutputs.routeTableId),
      DestinationCidrBlock: cidr,
      TransitGatewayId: new Import(gatewayOutputs.gatewayId),
    });
  });
  return stack.build({ account: from.account, region: from.region });
}
