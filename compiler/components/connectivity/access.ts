/** What is open to the VPN in the environments it reaches and in its own: the internal load balancer. */
import { Import } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { balancerOutputs } from "../load-balancers/outputs.ts";
import type { VpnRanges } from "../network/vpn-ranges.ts";
import { ACCESS } from "./outputs.ts";
import { vpnPath } from "./settings.ts";

/** By the range of the VPN's subnets, in which nothing else lies: its security group is in another VPC. */
export function buildAccess(name: string, vpn: VpnRanges): ConcreteStack {
  const stack = new Stack(name, ACCESS, "What is open to the VPN in an environment", vpnPath);
  stack.add("AWS::EC2::SecurityGroupIngress", "InternalLoadBalancerIngress", {
    Description: "HTTPS from the VPN",
    GroupId: new Import(balancerOutputs("internal").securityGroupId),
    IpProtocol: "tcp",
    FromPort: 443,
    ToPort: 443,
    CidrIp: vpn.all,
  });
  return stack.build();
}
