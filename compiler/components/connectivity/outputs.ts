/** What the stack sets that join networks declare for others. */
import type { Output } from "../../cfn/values.ts";

export const VPN_NETWORK = "network-vpn";
export const GATEWAY = "transit-gateway";
export const ATTACHMENT = "transit-attachment";
export const ACCESS = "private-access";

/** The stack set of what leads from the VPN to an environment. */
export const routesOf = (environment: string): string => `transit-routes-${environment}`;

export const vpnNetworkOutputs = {
  subnetIds: {
    stackSet: VPN_NETWORK,
    name: "subnet-ids",
    type: "List<AWS::EC2::Subnet::Id>",
    description:
      "Subnets that the internet reaches, for servers of the VPN and nothing else, in the first two zones",
  },
  routeTableId: {
    stackSet: VPN_NETWORK,
    name: "route-table-id",
    type: "String",
    description: "The route table of the VPN's subnets",
  },
} as const satisfies Record<string, Output>;

/** Published in the account of the VPN's environment. */
export const gatewayOutputs = {
  gatewayId: {
    stackSet: GATEWAY,
    name: "transit-gateway-id",
    type: "String",
    description: "The transit gateway between the VPN and the environments it reaches",
    shared: true,
  },
  vpnRouteTableId: {
    stackSet: GATEWAY,
    name: "vpn-route-table-id",
    type: "String",
    description: "The route table of the transit gateway for what comes from the VPN",
  },
  environmentsRouteTableId: {
    stackSet: GATEWAY,
    name: "environments-route-table-id",
    type: "String",
    description: "The route table of the transit gateway for what comes from environments",
  },
} as const satisfies Record<string, Output>;

/** Published in the accounts of environments that the VPN reaches. */
export const attachmentOutputs = {
  attachmentId: {
    stackSet: ATTACHMENT,
    name: "attachment-id",
    type: "String",
    description: "The attachment of an environment's VPC to the transit gateway",
    shared: true,
  },
} as const satisfies Record<string, Output>;
