/** Change sets: what of a stack would be added, changed, replaced or removed. */
import { isDeepStrictEqual } from "node:util";
import type { Answer } from "./protocol.ts";
import { type Resource, resourcesIn } from "./template.ts";

/** Properties whose change replaces the resource. Only some are known here. */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "AWS::EC2::VPC": ["CidrBlock", "InstanceTenancy"],
  "AWS::EC2::Subnet": ["CidrBlock", "VpcId", "AvailabilityZone"],
  "AWS::EC2::SecurityGroup": ["GroupName", "GroupDescription", "VpcId"],
  "AWS::EC2::VPCEndpoint": ["ServiceName", "VpcId", "VpcEndpointType"],
  "AWS::EC2::NatGateway": ["SubnetId", "AllocationId"],
  "AWS::EC2::RouteTable": ["VpcId"],
  "AWS::RDS::DBInstance": [
    "DBInstanceIdentifier",
    "DBName",
    "StorageEncrypted",
    "KmsKeyId",
    "MasterUsername",
  ],
  "AWS::RDS::DBCluster": ["DBClusterIdentifier", "DatabaseName", "StorageEncrypted", "KmsKeyId"],
  "AWS::KMS::Alias": ["AliasName"],
  "AWS::SSM::Parameter": ["Name"],
  "AWS::S3::Bucket": ["BucketName"],
  "AWS::IAM::Role": ["RoleName", "Path"],
  "AWS::ECR::Repository": ["RepositoryName"],
  "AWS::ECS::Cluster": ["ClusterName"],
  "AWS::ECS::Service": ["Cluster", "ServiceName", "LaunchType"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
  "AWS::DynamoDB::Table": ["TableName", "KeySchema"],
  "AWS::ElastiCache::ServerlessCache": ["ServerlessCacheName", "Engine"],
  "AWS::ElasticLoadBalancingV2::LoadBalancer": ["Name", "Scheme", "Type"],
  "AWS::ElasticLoadBalancingV2::TargetGroup": ["Name", "Port", "Protocol", "TargetType", "VpcId"],
  "AWS::Route53::HostedZone": ["Name"],
};

/** What differs between two templates of a stack in `account` and `region`; `before` is undefined for a new stack. */
export function changesBetween(
  before: string | undefined,
  after: string,
  account: string,
  region: string,
): Answer[] {
  const old = before === undefined ? new Map<string, Resource>() : resourcesIn(before, account, region);
  const current = resourcesIn(after, account, region);
  const changes: Answer[] = [];
  for (const [name, resource] of current) {
    const previous = old.get(name);
    if (!previous) changes.push(change("Add", name, resource));
    else if (previous.Type !== resource.Type) {
      changes.push(change("Modify", name, resource, { Replacement: "True", Scope: [], ...policy(previous) }));
    } else if (!isDeepStrictEqual(previous, resource)) changes.push(modification(name, previous, resource));
  }
  for (const [name, resource] of old) {
    if (!current.has(name)) {
      changes.push(change("Remove", name, resource, { PolicyAction: fate(resource, "DeletionPolicy") }));
    }
  }
  return changes;
}

function modification(name: string, previous: Resource, resource: Resource): Answer {
  const keys = [...new Set([...Object.keys(previous.Properties), ...Object.keys(resource.Properties)])];
  const changed = keys.filter(
    (key) => !isDeepStrictEqual(previous.Properties[key], resource.Properties[key]),
  );
  const replacing = (key: string) => REPLACING[resource.Type]?.includes(key) ?? false;
  const replaced = changed.some(replacing);
  const attributes = Object.keys({ ...previous.attributes, ...resource.attributes }).filter(
    (key) => !isDeepStrictEqual(previous.attributes[key], resource.attributes[key]),
  );
  const property = (key: string) =>
    key === "Tags" ? { Attribute: "Tags" } : { Attribute: "Properties", Name: key };
  const targets = [
    ...changed.map((key) => ({
      ...property(key),
      RequiresRecreation: replacing(key) ? "Always" : "Never",
    })),
    ...attributes.map((key) => ({ Attribute: key, RequiresRecreation: "Never" })),
  ];
  return change("Modify", name, resource, {
    Replacement: replaced ? "True" : "False",
    Scope: [...new Set(targets.map((target) => target.Attribute))],
    Details: targets.map((Target) => ({ Target, Evaluation: "Static", ChangeSource: "DirectModification" })),
    ...(replaced ? policy(previous) : {}),
  });
}

function policy(resource: Resource) {
  return { PolicyAction: `ReplaceAnd${fate(resource, "UpdateReplacePolicy")}` };
}

/** What becomes of a resource that is removed or replaced. */
function fate({ attributes, Type }: Resource, attribute: string): string {
  const value = attributes[attribute];
  if (value === "Retain" || value === "RetainExceptOnCreate") return "Retain";
  const byDefault = value === undefined && ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"].includes(Type);
  return value === "Snapshot" || byDefault ? "Snapshot" : "Delete";
}

function change(Action: string, LogicalResourceId: string, { Type }: Resource, more: Answer = {}): Answer {
  const ResourceChange = {
    Action,
    LogicalResourceId,
    PhysicalResourceId: Action === "Add" ? undefined : physicalId(LogicalResourceId),
    ResourceType: Type,
    ...(more as object),
  };
  return { Type: "Resource", ResourceChange };
}

/** The physical id of a resource in memory. */
export function physicalId(logicalId: string): string {
  return `${logicalId.toLowerCase()}-0a1b2c3d`;
}
