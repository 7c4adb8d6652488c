/** Network ACLs: rules of a subnet by number, of which the first that is about a packet decides; replies are not let through by themselves. */
import { contains } from "./addresses.ts";
import type { Resource } from "./deployment.ts";
import { flagAt, type Inventory, mistake, neededAt, textAt } from "./read.ts";
import { difference, everything, intersection, nothing, type Traffic, traffic, union } from "./traffic.ts";

const TYPE = "AWS::EC2::NetworkAcl";
const ASSOCIATION = "AWS::EC2::SubnetNetworkAclAssociation";

/** What network ACLs are read from. */
export const networkAclTypes = [TYPE, `${TYPE}Entry`, ASSOCIATION] as const;

export interface NetworkAcl {
  readonly inbound: readonly Entry[];
  readonly outbound: readonly Entry[];
}

export interface Entry {
  readonly cidr: string;
  readonly traffic: Traffic;
  readonly allows: boolean;
}

/** By subnet id; a subnet that is not named has the VPC's own, which lets everything through. */
export function readNetworkAcls(inventory: Inventory): ReadonlyMap<string, NetworkAcl> {
  const aclOf = (resource: Resource) => inventory.get(textAt(resource, "NetworkAclId"), TYPE, resource).id;
  const entriesOf = (acl: string, egress: boolean) =>
    inventory
      .of(`${TYPE}Entry`)
      .filter((entry) => aclOf(entry) === acl && flagAt(entry, "Egress", false) === egress)
      .toSorted((a, b) => Number(neededAt(a, "RuleNumber")) - Number(neededAt(b, "RuleNumber")))
      .map(readEntry);
  return new Map(
    inventory.of(ASSOCIATION).map((association) => {
      const acl = aclOf(association);
      return [
        inventory.get(textAt(association, "SubnetId"), "AWS::EC2::Subnet", association).id,
        { inbound: entriesOf(acl, false), outbound: entriesOf(acl, true) },
      ];
    }),
  );
}

function readEntry(entry: Resource): Entry {
  const action = neededAt(entry, "RuleAction");
  if (action !== "allow" && action !== "deny") throw mistake(entry, `${action} is neither allow nor deny`);
  return {
    cidr: neededAt(entry, "CidrBlock"),
    traffic: trafficOf(entry),
    allows: action === "allow",
  };
}

function trafficOf(entry: Resource): Traffic {
  const protocol = neededAt(entry, "Protocol");
  if (protocol === "-1") return everything;
  if (!["6", "17"].includes(protocol)) return traffic(protocol);
  return traffic(
    protocol,
    Number(neededAt(entry, "PortRange.From")),
    Number(neededAt(entry, "PortRange.To")),
  );
}

/** What the rules of one direction let through with an address; what no rule is about is denied. */
export function letThrough(entries: readonly Entry[], address: string): Traffic {
  let [open, allowed] = [everything, nothing];
  for (const { cidr, traffic: about, allows } of entries) {
    if (!contains(cidr, address)) continue;
    if (allows) allowed = union(allowed, intersection(about, open));
    open = difference(open, about);
  }
  return allowed;
}
