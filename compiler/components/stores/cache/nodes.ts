/** Caches on nodes, spread over the zones of the isolated subnets. */
import { Import, type Reference } from "../../../cfn/values.ts";
import { type Handle, part } from "../../../stack.ts";
import { networkOutputs } from "../../network/index.ts";
import { addKey } from "../key.ts";
import { clusterOutput } from "../outputs.ts";
import type { CacheContext, Endpoint } from "./index.ts";
import { type NodesSettings, VERSIONS, versionOf } from "./settings.ts";

type NodesContext = CacheContext<NodesSettings>;

/** Only in some placements where others are serverless. */
const NODES = part("Nodes", true);

/** Keys are shared among the nodes, in memory alone: there is nothing to encrypt at rest, and nothing to keep. */
export function addMemcachedNodes(context: NodesContext, group: Reference): Endpoint {
  const { stack, settings } = context;
  const cluster = stack.add(
    "AWS::ElastiCache::CacheCluster",
    "Nodes",
    {
      ...common(context),
      NumCacheNodes: settings.nodes,
      // With another number of them CloudFormation makes new ones, since no zones are named; so this never has to change:
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticache-cachecluster.html
      AZMode: settings.nodes > 1 ? "cross-az" : "single-az",
      VpcSecurityGroupIds: [group],
    },
    { expendable: true, part: NODES },
  );
  publishFor(context, cluster.ref);
  return {
    address: cluster.att("ConfigurationEndpoint.Address"),
    port: cluster.att("ConfigurationEndpoint.Port"),
  };
}

/** One node takes writes, the others are its replicas, and one of them takes over when it fails. */
export function addValkeyNodes(context: NodesContext, group: Reference): Endpoint {
  const { stack, store, settings } = context;
  const hasReplicas = settings.nodes > 1;
  const replicationGroup = stack.add(
    "AWS::ElastiCache::ReplicationGroup",
    "Nodes",
    {
      ReplicationGroupDescription: `The store ${store}`,
      ...common(context),
      NumCacheClusters: settings.nodes,
      AutomaticFailoverEnabled: hasReplicas,
      MultiAZEnabled: hasReplicas,
      SecurityGroupIds: [group],
      AtRestEncryptionEnabled: true,
      KmsKeyId: addKey(context, { part: NODES }).att("Arn"),
      TransitEncryptionMode: "required",
      SnapshotWindow: settings["backup-window"],
      SnapshotRetentionLimit: settings["backup-days"],
    },
    { snapshot: true, part: NODES },
  );
  publishFor(context, replicationGroup.ref);
  return {
    address: replicationGroup.att("PrimaryEndPoint.Address"),
    port: replicationGroup.att("PrimaryEndPoint.Port"),
  };
}

/** For whoever watches. */
function publishFor({ stack, store, observed }: NodesContext, id: Reference): void {
  if (observed.length > 0) stack.publish(clusterOutput(store), id, { part: NODES });
}

function common(context: NodesContext) {
  const { settings, tags } = context;
  const version = versionOf(settings);
  return {
    Engine: settings.engine,
    EngineVersion: VERSIONS[settings.engine][version] ?? version,
    CacheNodeType: settings.class,
    CacheSubnetGroupName: addSubnetGroup(context).ref,
    TransitEncryptionEnabled: true,
    AutoMinorVersionUpgrade: true,
    PreferredMaintenanceWindow: settings["maintenance-window"],
    Tags: tags,
  };
}

function addSubnetGroup({ stack, store }: NodesContext): Handle<"AWS::ElastiCache::SubnetGroup"> {
  return stack.add(
    "AWS::ElastiCache::SubnetGroup",
    "SubnetGroup",
    {
      Description: `Where the store ${store} lies`,
      SubnetIds: new Import(networkOutputs.isolatedSubnetIds),
    },
    { part: NODES },
  );
}
