/** A serverless cache: replicated across zones, with failover and daily snapshots. */
import { Import, type Reference, select } from "../../../cfn/values.ts";
import { part } from "../../../stack.ts";
import { networkOutputs } from "../../network/index.ts";
import { addKey } from "../key.ts";
import type { CacheContext, Endpoint } from "./index.ts";
import { type CacheSettings, cacheName, versionOf } from "./settings.ts";

export function addServerlessCache(context: CacheContext, group: Reference): Endpoint {
  const { stack, store, name, settings, tags } = context;
  const subnetIds = new Import(networkOutputs.isolatedSubnetIds);
  const cache = stack.add(
    "AWS::ElastiCache::ServerlessCache",
    "Cache",
    {
      ServerlessCacheName: cacheName(name, store),
      Description: `The store ${store}`,
      Engine: settings.engine,
      MajorEngineVersion: versionOf(settings),
      ...usageLimits(settings),
      KmsKeyId: addKey(context, { part: part("Serverless", true) }).att("Arn"),
      // Create-only, and three at most: the first two stay the same however many zones the network comes to have.
      SubnetIds: [select(0, subnetIds), select(1, subnetIds)],
      SecurityGroupIds: [group],
      DailySnapshotTime: settings["backup-window"].slice(0, 5),
      SnapshotRetentionLimit: settings["backup-days"],
      Tags: tags,
    },
    { retain: true, part: part("Serverless", true) },
  );
  return { address: cache.att("Endpoint.Address"), port: cache.att("Endpoint.Port") };
}

function usageLimits({ "usage-limits": limits }: CacheSettings) {
  if (limits?.storage === undefined && limits?.ecpu === undefined) return {};
  return {
    CacheUsageLimits: {
      ...(limits.storage !== undefined && { DataStorage: { Maximum: limits.storage, Unit: "GB" } }),
      ...(limits.ecpu !== undefined && { ECPUPerSecond: { Maximum: limits.ecpu } }),
    },
  };
}
