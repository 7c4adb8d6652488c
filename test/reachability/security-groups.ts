/** Security groups: who is let in and out, by the rules in the group and those that other resources add to it. */
import { contains } from "./addresses.ts";
import type { Resource } from "./deployment.ts";
import { type Inventory, mistake, neededAt, objectsAt, textAt, within } from "./read.ts";
import { everything, type Traffic, traffic, union } from "./traffic.ts";

export interface SecurityGroup {
  readonly id: string;
  /** The id of its VPC. */
  readonly vpc: string;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  readonly resource: Resource;
}

/** Lets traffic pass with a peer: whoever is in a range, carries a group, or is on a prefix list of AWS's. */
export interface Rule {
  readonly cidr?: string;
  readonly group?: string;
  readonly prefixList?: string;
  readonly traffic: Traffic;
}

/** Who is at the other end. */
export interface Peer {
  readonly address: string;
  /** Ids of the groups it carries. */
  readonly groups: readonly string[];
  readonly prefixList?: string;
}

const TYPE = "AWS::EC2::SecurityGroup";

/** What groups are read from. */
export const securityGroupTypes = [TYPE, `${TYPE}Ingress`, `${TYPE}Egress`, "AWS::EC2::PrefixList"] as const;

/** Security groups by id. */
export function readSecurityGroups(inventory: Inventory): ReadonlyMap<string, SecurityGroup> {
  const vpcOf = (group: Resource) => inventory.get(textAt(group, "VpcId"), "AWS::EC2::VPC", group).id;
  const rulesOf = (group: Resource, direction: "Ingress" | "Egress"): Rule[] =>
    [
      ...objectsAt(group, `SecurityGroup${direction}`).map((rule) => within(group, rule)),
      ...inventory.of(`${TYPE}${direction}`).filter((rule) => groupOf(rule).id === group.id),
    ].flatMap((rule) => readRule(rule, direction, inventory, vpcOf(group)));
  const groupOf = (rule: Resource) => inventory.get(textAt(rule, "GroupId"), TYPE, rule);
  return new Map(
    inventory.of(TYPE).map((resource) => [
      resource.id,
      {
        id: resource.id,
        vpc: vpcOf(resource),
        ingress: rulesOf(resource, "Ingress"),
        // Whether a rule from elsewhere takes away the one that lets everything out, AWS's pages do not say: it stays.
        egress: [
          ...(objectsAt(resource, "SecurityGroupEgress").length > 0 ? [] : [openRule]),
          ...rulesOf(resource, "Egress"),
        ],
        resource,
      },
    ]),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html */
const openRule: Rule = { cidr: "0.0.0.0/0", traffic: everything };

const RULE_KEYS = /^(Description|IpProtocol|FromPort|ToPort|GroupId|SourceSecurityGroupOwnerId)$/;

/** A rule, or several where it names a prefix list of ours. It must name exactly one peer, in a form that is known. */
function readRule(rule: Resource, direction: string, inventory: Inventory, vpc: string): Rule[] {
  const end = direction === "Ingress" ? "Source" : "Destination";
  const forms = Object.keys(rule.properties).filter((key) => !RULE_KEYS.test(key));
  const [form = "nobody"] = forms;
  if (forms.length !== 1) throw mistake(rule, `a rule names ${forms.join(" and ") || "nobody"}`);
  const peer = neededAt(rule, form);
  const ruleTraffic = trafficOf(rule);
  if (form === "CidrIp") return [{ cidr: peer, traffic: ruleTraffic }];
  if (form === `${end}SecurityGroupId`) {
    const group = inventory.get(peer, TYPE, rule);
    if (textAt(group, "VpcId") !== vpc) throw mistake(rule, `${peer} is a group of another VPC`);
    return [{ group: peer, traffic: ruleTraffic }];
  }
  if (form === `${end}PrefixListId`) {
    return (prefixListOf(rule, peer, inventory) ?? [peer]).map((item) =>
      item === peer ? { prefixList: peer, traffic: ruleTraffic } : { cidr: item, traffic: ruleTraffic },
    );
  }
  throw mistake(rule, `a rule names its peer by ${form}, which is not judged here`);
}

/** The ranges of a prefix list in a template; undefined of one of AWS's, whose ranges are not known here. */
export function prefixListOf(asker: Resource, id: string, inventory: Inventory): string[] | undefined {
  if (/^(pl-[0-9a-f]+|ssm:\/aws\/)/.test(id)) return undefined;
  const list = inventory.get(id, "AWS::EC2::PrefixList", asker);
  return objectsAt(list, "Entries").map((entry) => neededAt(within(list, entry), "Cidr"));
}

function trafficOf(rule: Resource): Traffic {
  const protocol = neededAt(rule, "IpProtocol");
  if (protocol === "-1") return everything;
  // Which of the messages of ICMP is not judged.
  if (!["tcp", "6", "udp", "17"].includes(protocol)) return traffic(protocol);
  const ports = [Number(neededAt(rule, "FromPort")), Number(neededAt(rule, "ToPort"))] as const;
  return ports[0] === -1 ? traffic(protocol) : traffic(protocol, ...ports);
}

/** What some rules let pass with a peer. */
export function passing(rules: readonly Rule[], peer: Peer): Traffic {
  return union(...rules.filter((rule) => isAbout(rule, peer)).map((rule) => rule.traffic));
}

function isAbout({ cidr, group, prefixList }: Rule, peer: Peer): boolean {
  if (cidr !== undefined) return contains(cidr, peer.address);
  if (group !== undefined) return peer.groups.includes(group);
  return prefixList !== undefined && prefixList === peer.prefixList;
}
