/** What has network interfaces: in which subnets, with which security groups, with a public address or without. */
import { type Attachment, attachmentReaders } from "./attachments.ts";
import type { Resource } from "./deployment.ts";
import type { Network, Subnet } from "./network.ts";
import { type Inventory, mistake, nameOf } from "./read.ts";
import type { SecurityGroup } from "./security-groups.ts";

/** One thing, or several alike, such as the tasks of a service. */
export interface Node {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly place: string;
  readonly stack: string;
  /** One for each subnet it may be in. */
  readonly interfaces: readonly Interface[];
}

export interface Interface {
  readonly subnet: Subnet;
  /** None where nothing is filtered. */
  readonly groups: readonly SecurityGroup[] | undefined;
  readonly hasPublicAddress: boolean;
}

type Groups = ReadonlyMap<string, SecurityGroup>;

/** Every node, and each security group that nobody carries, since somebody will: a task that is run by hand. */
export function readNodes(inventory: Inventory, network: Network, groups: Groups): Node[] {
  const nodes = inventory.resources.flatMap((resource): Node[] => {
    const interfaces = (attachmentReaders[resource.type]?.(resource, inventory) ?? []).flatMap((attachment) =>
      readInterfaces(resource, attachment, network, groups),
    );
    return interfaces.length === 0 ? [] : [nodeOf(resource, interfaces)];
  });
  const carried = new Set(
    nodes.flatMap((node) => node.interfaces.flatMap((each) => each.groups?.map(({ id }) => id) ?? [])),
  );
  const uncarried = [...groups.values()].filter(({ id }) => !carried.has(id));
  return [
    ...nodes,
    ...uncarried.map((group) => nodeOf(group.resource, anywhereIn(group.vpc, network, [group]))),
  ];
}

/** Interfaces in all subnets of a VPC. */
export const anywhereIn = (
  vpc: string,
  { subnets }: Network,
  groups: readonly SecurityGroup[] | undefined,
): Interface[] =>
  [...subnets.values()]
    .filter((subnet) => subnet.vpc.id === vpc)
    .map((subnet) => ({ subnet, groups, hasPublicAddress: false }));

const nodeOf = (resource: Resource, interfaces: readonly Interface[]): Node => ({
  id: resource.id,
  name: nameOf(resource),
  type: resource.type,
  place: resource.place,
  stack: resource.stack,
  interfaces,
});

function readInterfaces(
  resource: Resource,
  attachment: Attachment,
  { subnets }: Network,
  groups: Groups,
): Interface[] {
  if (attachment.subnets.length === 0)
    throw mistake(resource, "it names no subnet, and so lies in none of ours");
  if (attachment.groups.length === 0) {
    throw mistake(resource, "it names no security group, and so has the VPC's default one");
  }
  const carried = attachment.groups.map((id) => {
    const group = groups.get(id);
    if (!group) throw mistake(resource, `${id} is no security group of a template`);
    return group;
  });
  return attachment.subnets.map((id) => {
    const subnet = subnets.get(id);
    if (!subnet) throw mistake(resource, `${id} is no subnet of a template`);
    if (carried.some(({ vpc }) => vpc !== subnet.vpc.id)) {
      throw mistake(resource, `its security group is of another VPC than ${subnet.name}`);
    }
    return {
      subnet,
      groups: carried,
      hasPublicAddress: attachment.hasPublicAddress ?? subnet.givesPublicAddress,
    };
  });
}
