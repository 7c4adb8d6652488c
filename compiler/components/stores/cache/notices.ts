/** What ElastiCache tells of a serverless cache that no metric shows. Of nodes it tells nothing by EventBridge. */
import { accountId, partition, region, sub } from "../../../cfn/values.ts";
import type { Notice } from "../../../observation.ts";
import type { Part } from "../../../stack.ts";

/**
 * Not what a deployment waits for, which says itself that it failed, nor copies and exports, which are made by hand:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events.memcached.html, whose names EventBridge
 * has in its own form: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticache.html
 *
 * @param cache its name in ElastiCache
 * @param part that of the cache: elsewhere the store may be on nodes
 */
export function cacheNotices(store: string, cache: string, part: Part): readonly Notice[] {
  const notice = (name: string, event: string, means: string, first: string): Notice => ({
    name,
    pattern: {
      source: ["aws.elasticache"],
      "detail-type": [event],
      // One of two where a snapshot is named too.
      resources: [sub`arn:${partition}:elasticache:${region}:${accountId}:serverlesscache:${cache}`],
    },
    reason: "$.detail.Message",
    means: `The cache ${store} ${means}`,
    first,
    part,
  });
  return [
    notice(
      "limit",
      "Cache Limit Approaching",
      "is near to a limit of ElastiCache's",
      "see by the event which one, and spread what is kept over more keys, or let it expire sooner",
    ),
    notice(
      "snapshot-failed",
      "Snapshot Creation Failed",
      "has no snapshot of today",
      "see by the event why; if it is the key, see in KMS whether it is enabled",
    ),
    notice(
      "deleted",
      "Cache Deleted",
      "was deleted",
      "ask who did, by the trail; it can be made again from its last snapshot",
    ),
  ];
}
