/** What a network declares for whoever watches it. */
import type { Output } from "../../cfn/values.ts";

export const NETWORK = "network";

/** Published where somebody watches. */
export const natGatewayOutput = (zone: number): Output => ({
  stackSet: NETWORK,
  name: `nat-gateway-${zone}`,
  type: "String",
  description: `The NAT gateway in zone ${zone}`,
});
