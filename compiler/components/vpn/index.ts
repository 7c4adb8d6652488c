/** The VPN's server, with its keys, its address and the profiles of those who may connect. */
import { Import } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { type Handle, Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { reachOf, vpnPath } from "../connectivity/settings.ts";
import { keysOutputs } from "../keys.ts";
import type { NetworkAllocation } from "../network/ranges.ts";
import { SECTION } from "../network/ranges.ts";
import { vpnUsersOf } from "../people/settings.ts";
import { addQuery, QUERIES } from "../queries.ts";
import { checkVpn } from "./check.ts";
import { observeVpn } from "./observe.ts";
import { VPN, vpnOutputs } from "./outputs.ts";
import { addProfiles } from "./profiles.ts";
import { addServer } from "./server.ts";
import { rangesOf, type ServerSettings, TAGS } from "./settings.ts";
import { addStore, closeStore } from "./store.ts";

export const vpn: Component<ServerSettings, NetworkAllocation> = {
  path: vpnPath,
  reads: SECTION,
  check: checkVpn,
  observe: observeVpn,
  build(context) {
    const { name, architecture, placement, settings, allocation } = context;
    const reach = reachOf(architecture);
    if (reach?.from !== placement) return [];
    const stack = new Stack(name, VPN, "The server of the VPN", vpnPath);
    const store = addStore(stack, name);
    const profilesKey = addProfiles(stack, name, vpnUsersOf(architecture));
    const address = addAddress(stack);
    const logGroup = addLogGroup(stack, name, settings);
    addQuery(stack, "LogIns", `${name}/${VPN}`, QUERIES.vpnLogIns, [logGroup.ref]);
    const role = addServer(
      stack,
      {
        name,
        instanceType: settings["instance-type"],
        clients: settings.clients,
        reaches: rangesOf(architecture, [placement, ...reach.to], allocation),
        profileDays: settings["profile-days"],
      },
      { store, profilesKey, address, logGroup },
    );
    closeStore(stack, store, role.att("Arn"));
    addAlarms(context, stack);
    return [stack.build()];
  },
};

/** In every profile: with another address all would have to be given out again. */
function addAddress(stack: Stack): Handle<"AWS::EC2::EIP"> {
  const address = stack.add("AWS::EC2::EIP", "Address", { Domain: "vpc", Tags: TAGS }, { retain: true });
  stack.publish(vpnOutputs.address, address.att("PublicIp"));
  return address;
}

function addLogGroup(stack: Stack, name: string, settings: ServerSettings): Handle<"AWS::Logs::LogGroup"> {
  return stack.add(
    "AWS::Logs::LogGroup",
    "LogGroup",
    {
      LogGroupName: `/${name}/${VPN}`,
      RetentionInDays: settings["log-retention-days"],
      KmsKeyId: new Import(keysOutputs.logsKeyArn),
    },
    { retain: true, from: [...vpnPath, "log-retention-days"] },
  );
}
