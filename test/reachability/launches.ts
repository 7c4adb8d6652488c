/** The interfaces of instances: their own, those of their launch template, those of an Auto Scaling group. */
import type { Attachment } from "./attachments.ts";
import type { Resource } from "./deployment.ts";
import { at, type Inventory, mistake, neededAt, objectsAt, textAt, textsAt, within } from "./read.ts";

const LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate";
const ADDRESS = "AWS::EC2::EIP";

/** What is read here, besides what has the interfaces. */
export const launchTypes = [LAUNCH_TEMPLATE, ADDRESS, `${ADDRESS}Association`] as const;

export function readInstance(instance: Resource, inventory: Inventory): readonly Attachment[] {
  const subnets = textsOf(textAt(instance, "SubnetId"));
  const hasAddress = isGivenAddress(instance, inventory);
  if (at(instance, "LaunchTemplate") === undefined) return readLaunch(instance, subnets, hasAddress);
  for (const key of ["SecurityGroupIds", "NetworkInterfaces"]) {
    if (at(instance, key) !== undefined)
      throw mistake(instance, `${key} beside a launch template is not judged here`);
  }
  return readLaunch(launchedBy(instance, "LaunchTemplate", inventory), subnets, hasAddress);
}

export function readAutoScalingGroup(group: Resource, inventory: Inventory): readonly Attachment[] {
  const path = ["LaunchTemplate", "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"].find(
    (each) => at(group, each) !== undefined,
  );
  if (path === undefined) throw mistake(group, "a group without a launch template is not judged here");
  const overrides = objectsAt(group, "MixedInstancesPolicy.LaunchTemplate.Overrides");
  if (overrides.some(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification !== undefined)) {
    throw mistake(group, "a group with several launch templates is not judged here");
  }
  const launch = launchedBy(group, path, inventory);
  return readLaunch(launch, textsAt(group, "VPCZoneIdentifier"), takesAddress(launch, inventory));
}

export function readNetworkInterface(resource: Resource, inventory: Inventory): readonly Attachment[] {
  return [
    {
      subnets: [neededAt(resource, "SubnetId")],
      groups: textsAt(resource, "GroupSet"),
      hasPublicAddress: isGivenAddress(resource, inventory),
    },
  ];
}

function launchedBy(launcher: Resource, path: string, inventory: Inventory): Resource {
  const template = inventory.get(textAt(launcher, `${path}.LaunchTemplateId`), LAUNCH_TEMPLATE, launcher);
  return within(launcher, at(template, "LaunchTemplateData"));
}

/** Groups for the first interface, or a list of interfaces. */
function readLaunch(launch: Resource, subnets: readonly string[], hasAddress: boolean): Attachment[] {
  const listed = objectsAt(launch, "NetworkInterfaces").map((each) => within(launch, each));
  if (listed.length === 0) {
    return [
      { subnets, groups: textsAt(launch, "SecurityGroupIds"), ...(hasAddress && { hasPublicAddress: true }) },
    ];
  }
  return (
    listed
      // One that is made elsewhere is a node of its own.
      .filter((each) => textAt(each, "NetworkInterfaceId") === undefined)
      .map((each) => {
        const own = textsOf(textAt(each, "SubnetId"));
        const asked = textAt(each, "AssociatePublicIpAddress");
        return {
          subnets: own.length > 0 ? own : subnets,
          groups: [...textsAt(each, "GroupSet"), ...textsAt(each, "Groups")],
          ...((hasAddress || asked !== undefined) && { hasPublicAddress: hasAddress || asked === "true" }),
        };
      })
  );
}

const textsOf = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

const HOLDERS = ["InstanceId", "NetworkInterfaceId"];

const isGivenAddress = ({ id }: Resource, inventory: Inventory): boolean =>
  inventory
    .of(ADDRESS, `${ADDRESS}Association`)
    .some((each) => HOLDERS.some((key) => textAt(each, key) === id));

/** Whether an instance is told of an address when it boots, which it then may take. */
const takesAddress = (launch: Resource, inventory: Inventory): boolean =>
  inventory.of(ADDRESS).some(({ id }) => JSON.stringify(at(launch, "UserData") ?? "").includes(id));

/**
 * @throws Error on an Elastic IP address that no template gives to anybody, and of which nobody is told who is launched by
 * an Auto Scaling group: whoever takes it at run time would be public
 */
export function checkAddresses(inventory: Inventory): void {
  const told = inventory.of(LAUNCH_TEMPLATE).map((template) => JSON.stringify(template.properties));
  for (const address of inventory.of(ADDRESS)) {
    const isHeld =
      HOLDERS.some((key) => textAt(address, key) !== undefined) ||
      told.some((text) => text.includes(address.id)) ||
      inventory
        .of("AWS::EC2::NatGateway", `${ADDRESS}Association`)
        .some((each) => ["AllocationId", "EIP"].some((key) => textAt(each, key) === address.id));
    if (!isHeld) throw mistake(address, "who holds this address is in no template");
  }
}
