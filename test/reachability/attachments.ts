/** Where resources say that their network interfaces are: one reader for each type that has any. */
import type { Resource } from "./deployment.ts";
import { launchTypes, readAutoScalingGroup, readInstance, readNetworkInterface } from "./launches.ts";
import { at, flagAt, type Inventory, mistake, neededAt, objectsAt, textAt, textsAt, within } from "./read.ts";

/** Interfaces that are alike but for their subnets. */
export interface Attachment {
  /** Ids. */
  readonly subnets: readonly string[];
  /** Ids. */
  readonly groups: readonly string[];
  /** Absent where the subnet decides. */
  readonly hasPublicAddress?: boolean;
}

export type ReadAttachments = (resource: Resource, inventory: Inventory) => readonly Attachment[];

const DATABASE = "AWS::RDS::DBInstance";
const DATABASE_SUBNETS = "AWS::RDS::DBSubnetGroup";
const CACHE_SUBNETS = "AWS::ElastiCache::SubnetGroup";

/** A resource whose interfaces are all in `subnets` with `groups`, which are paths of its properties. */
const inSubnets =
  (subnets: string, groups: string): ReadAttachments =>
  (resource) => [
    { subnets: textsAt(resource, subnets), groups: textsAt(resource, groups), hasPublicAddress: false },
  ];

const inCacheSubnets =
  (groups: string): ReadAttachments =>
  (cache, inventory) => {
    const group = inventory.get(textAt(cache, "CacheSubnetGroupName"), CACHE_SUBNETS, cache);
    return [
      { subnets: textsAt(group, "SubnetIds"), groups: textsAt(cache, groups), hasPublicAddress: false },
    ];
  };

/** The types that have interfaces, each with how they are read. */
export const attachmentReaders: Readonly<Record<string, ReadAttachments>> = {
  "AWS::AutoScaling::AutoScalingGroup": readAutoScalingGroup,
  "AWS::EC2::Instance": readInstance,
  "AWS::EC2::NetworkInterface": readNetworkInterface,
  "AWS::EC2::VPCEndpoint": readEndpoint,
  "AWS::ECS::Service": readService,
  "AWS::ElastiCache::CacheCluster": inCacheSubnets("VpcSecurityGroupIds"),
  "AWS::ElastiCache::ReplicationGroup": inCacheSubnets("SecurityGroupIds"),
  "AWS::ElastiCache::ServerlessCache": inSubnets("SubnetIds", "SecurityGroupIds"),
  "AWS::ElasticLoadBalancingV2::LoadBalancer": readLoadBalancer,
  "AWS::Events::Rule": (rule) =>
    objectsAt(rule, "Targets")
      .map((target) => within(rule, target))
      .filter((target) => at(target, "EcsParameters") !== undefined)
      .map((target) => readTasks(target, "EcsParameters.NetworkConfiguration.AwsVpcConfiguration")),
  "AWS::Lambda::Function": (lambda, inventory) =>
    at(lambda, "VpcConfig") === undefined
      ? []
      : inSubnets("VpcConfig.SubnetIds", "VpcConfig.SecurityGroupIds")(lambda, inventory),
  [DATABASE]: readDatabase,
  "AWS::Scheduler::Schedule": (schedule) =>
    at(schedule, "Target.EcsParameters") === undefined
      ? []
      : [readTasks(schedule, "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration")],
};

/** What interfaces are read from. */
export const attachmentTypes = [
  ...Object.keys(attachmentReaders),
  ...launchTypes,
  CACHE_SUBNETS,
  DATABASE_SUBNETS,
];

function readEndpoint(endpoint: Resource, inventory: Inventory): readonly Attachment[] {
  const type = textAt(endpoint, "VpcEndpointType") ?? "Gateway";
  if (type === "Gateway") return [];
  if (type !== "Interface") throw mistake(endpoint, `an endpoint of type ${type} is not judged here`);
  return inSubnets("SubnetIds", "SecurityGroupIds")(endpoint, inventory);
}

function readService(service: Resource): readonly Attachment[] {
  // Another way to it, beside routes and security groups.
  if (at(service, "VpcLatticeConfigurations") !== undefined)
    throw mistake(service, "VPC Lattice is not judged here");
  return [readTasks(service, "NetworkConfiguration.AwsvpcConfiguration")];
}

/** Tasks have interfaces of their own in the mode `awsvpc`; in others they share the instance's, which is not judged. */
function readTasks(runner: Resource, configuration: string): Attachment {
  if (at(runner, configuration) === undefined) {
    throw mistake(runner, "tasks without an awsvpc configuration are not judged here");
  }
  return {
    subnets: textsAt(runner, `${configuration}.Subnets`),
    groups: textsAt(runner, `${configuration}.SecurityGroups`),
    hasPublicAddress: textAt(runner, `${configuration}.AssignPublicIp`) === "ENABLED",
  };
}

function readLoadBalancer(balancer: Resource): readonly Attachment[] {
  const type = textAt(balancer, "Type") ?? "application";
  if (type !== "application") throw mistake(balancer, `a load balancer of type ${type} is not judged here`);
  const mapped = objectsAt(balancer, "SubnetMappings").map((each) =>
    neededAt(within(balancer, each), "SubnetId"),
  );
  return [
    {
      subnets: [...textsAt(balancer, "Subnets"), ...mapped],
      groups: textsAt(balancer, "SecurityGroups"),
      hasPublicAddress: textAt(balancer, "Scheme") !== "internal",
    },
  ];
}

/** A replica in the Region of its source lies where that does. Where nothing is said, a database may be public. */
function readDatabase(database: Resource, inventory: Inventory): readonly Attachment[] {
  const source = textAt(database, "SourceDBInstanceIdentifier");
  const origin =
    textAt(database, "DBSubnetGroupName") === undefined && source !== undefined
      ? inventory.get(source, DATABASE, database)
      : database;
  const group = inventory.get(textAt(origin, "DBSubnetGroupName"), DATABASE_SUBNETS, origin);
  return [
    {
      subnets: textsAt(group, "SubnetIds"),
      groups: textsAt(database, "VPCSecurityGroups"),
      hasPublicAddress: flagAt(database, "PubliclyAccessible", true),
    },
  ];
}
