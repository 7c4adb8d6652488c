/** What the stack set of the VPN's server declares for others. */
import type { Output } from "../../cfn/values.ts";

export const VPN = "vpn";

export const vpnOutputs = {
  address: { stackSet: VPN, name: "address", type: "String", description: "The address of the VPN" },
  people: {
    stackSet: VPN,
    name: "people",
    type: "String",
    description: "Who has a profile for the VPN, with commas between, or - for nobody; read by its server",
  },
} as const satisfies Record<string, Output>;
