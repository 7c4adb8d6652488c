/**
 * What every resource type is to reachability: read, or without any part in it. A type that is not known is an error, so
 * that a new one with network interfaces can't be taken for unreachable.
 */
import type { Json } from "../../compiler/schema.ts";
import { attachmentTypes } from "./attachments.ts";
import { ID, type Resource } from "./deployment.ts";
import { doorTypes } from "./doors.ts";
import { networkTypes } from "./network.ts";
import { mistake } from "./read.ts";
import { requestTypes } from "./requests.ts";
import { securityGroupTypes } from "./security-groups.ts";
import { transitTypes } from "./transit.ts";

/** Types that are read here. Where they are in a VPC they must not be so by IPv6. */
const READ: ReadonlySet<string> = new Set([
  ...attachmentTypes,
  ...networkTypes,
  ...requestTypes,
  ...securityGroupTypes,
  ...transitTypes,
]);

/** Services and types that are in no VPC, as long as they name no part of a network. Of them only doors answer anybody. */
const WITHOUT_PART = [
  ...doorTypes,
  "AWS::AccessAnalyzer::",
  "AWS::ApplicationAutoScaling::",
  "AWS::Budgets::",
  "AWS::CertificateManager::",
  "AWS::Chatbot::",
  "AWS::CloudFront::Function",
  "AWS::CloudFront::OriginAccessControl",
  "AWS::CloudFront::ResponseHeadersPolicy",
  "AWS::CloudTrail::",
  "AWS::CloudWatch::",
  "AWS::CodeDeploy::",
  "AWS::Config::",
  "AWS::EC2::SnapshotBlockPublicAccess",
  "AWS::ECR::",
  "AWS::ECS::CapacityProvider",
  "AWS::ECS::Cluster",
  "AWS::ECS::ClusterCapacityProviderAssociations",
  "AWS::ECS::TaskDefinition",
  "AWS::GuardDuty::",
  "AWS::IAM::",
  "AWS::KMS::",
  "AWS::Lambda::Alias",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Version",
  "AWS::Logs::",
  "AWS::Oam::",
  "AWS::Organizations::",
  "AWS::RAM::",
  "AWS::RDS::DBParameterGroup",
  "AWS::Route53::",
  "AWS::S3::",
  "AWS::SNS::",
  "AWS::SQS::",
  "AWS::SSM::",
  "AWS::Scheduler::ScheduleGroup",
  "AWS::SecretsManager::",
  "AWS::SecurityHub::",
  "AWS::WAFv2::",
];

/** What may name a part of a network without changing who reaches whom: it publishes, permits, records, measures or closes. */
const MAY_NAME = [
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::CloudWatch::",
  "AWS::EC2::FlowLog",
  "AWS::GuardDuty::",
  "AWS::IAM::",
  "AWS::RAM::ResourceShare",
  "AWS::SSM::Association",
  "AWS::SSM::Parameter",
];

const isOneOf = (type: string, list: readonly string[]): boolean =>
  list.some((each) => (each.endsWith("::") ? type.startsWith(each) : type === each));

/** @throws Error with every resource whose part in reachability is not known */
export function checkTypes(resources: readonly Resource[]): void {
  const types = new Map(resources.map(({ id, type }) => [id, type]));
  const mistakes = resources.flatMap((resource) => mistakesIn(resource, types)).map(({ message }) => message);
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
}

function mistakesIn(resource: Resource, types: ReadonlyMap<string, string>): Error[] {
  const { type, properties } = resource;
  if (READ.has(type)) return isIpv6(properties) ? [mistake(resource, "IPv6 is not judged here")] : [];
  if (isOneOf(type, MAY_NAME)) return [];
  if (!isOneOf(type, WITHOUT_PART)) {
    return [mistake(resource, "say in test/reachability/types.ts what part this type has in reachability")];
  }
  return partsNamedIn(properties, types).map((part) =>
    mistake(resource, `it names ${part}, and what its type does in a network is not known here`),
  );
}

/** The parts of networks that a value names, by our ids or literally. */
function partsNamedIn(value: Json, types: ReadonlyMap<string, string>): string[] {
  const text = JSON.stringify(value);
  const ours = [...text.matchAll(ID)].filter(([, place, stack, logicalId]) =>
    isNetworkPart(types.get(`<${place} ${stack} ${logicalId}>`) ?? ""),
  );
  const literal = text.matchAll(/\b(vpc|subnet|sg|rtb|eni|igw|tgw|pl)-[0-9a-f]{8,17}\b/g);
  return [...ours, ...literal].map(([id]) => id);
}

const isNetworkPart = (type: string): boolean =>
  isOneOf(type, [...networkTypes, ...securityGroupTypes, ...transitTypes, "AWS::EC2::NetworkInterface"]);

/** Whether a value asks for IPv6 anywhere. */
function isIpv6(value: Json): boolean {
  if (typeof value === "string") return /^(ipv6|dual|dual[-_]?stack.*)$/i.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => (/ipv6/i.test(key) && !["disable", false, 0].includes(inner as never)) || isIpv6(inner),
  );
}
