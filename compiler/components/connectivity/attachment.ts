/** What an environment has that the VPN reaches: its VPC is attached, and its private subnets have a way back. */
import type { Architecture, Placement } from "../../architecture.ts";
import { Import, select } from "../../cfn/values.ts";
import { type ConcreteStack, part, Stack } from "../../stack.ts";
import { networkOutputs } from "../network/index.ts";
import { zonesOf } from "../network/settings.ts";
import type { VpnRanges } from "../network/vpn-ranges.ts";
import { ATTACHMENT, attachmentOutputs, gatewayOutputs } from "./outputs.ts";
import { vpnPath } from "./settings.ts";

/**
 * Attached in each zone, since only what is in a zone with an attachment has a way back. What comes in does so in
 * isolated subnets, whose route table leads it on within the VPC alone.
 *
 * @param from where the VPN's server is
 */
export function buildAttachment(
  name: string,
  architecture: Architecture,
  placement: Placement,
  from: Placement,
  vpn: VpnRanges,
): ConcreteStack {
  const stack = new Stack(name, ATTACHMENT, "The attachment of an environment to the transit gateway", [
    ...vpnPath,
    "reaches",
  ]);
  const owner = { account: from.account.id, region: from.region };
  const gatewayId = stack.importFrom(owner, gatewayOutputs.gatewayId);
  const attachment = stack.add("AWS::EC2::TransitGatewayAttachment", "Attachment", {
    TransitGatewayId: gatewayId,
    VpcId: new Import(networkOutputs.vpcId),
    SubnetIds: new Import(networkOutputs.isolatedSubnetIds),
    Tags: [{ Key: "Name", Value: "vpn" }],
  });
  const tables = new Import(networkOutputs.privateRouteTableIds);
  for (let zone = 1; zone <= zonesOf(architecture, placement); zone++) {
    stack.add(
      "AWS::EC2::Route",
      `PrivateRoute${zone}`,
      {
        RouteTableId: select(zone - 1, tables),
        DestinationCidrBlock: vpn.all,
        TransitGatewayId: gatewayId,
      },
      { part: part(`Zone${zone}`, true), dependsOn: [attachment] },
    );
  }
  stack.publish(attachmentOutputs.attachmentId, attachment.ref);
  return stack.build();
}
