/** What can be seen of a cache: whether it keeps up, how full it is, and what ElastiCache tells of it. */
import { Import, join } from "../../../cfn/values.ts";
import type { Alarm, Calculation, Chart, Metric, Observation } from "../../../observation.ts";
import { part } from "../../../stack.ts";
import { clusterOutput, stackSetOf } from "../outputs.ts";
import { cacheNotices } from "./notices.ts";
import { type CacheSettings, cacheName, isOnNodes, type NodesSettings } from "./settings.ts";

const MINUTE = 60;
const GB = 1000 ** 3;

export function observeCache(name: string, store: string, settings: CacheSettings): Observation {
  const seen = isOnNodes(settings)
    ? ofNodes(store, settings)
    : ofServerless(store, cacheName(name, store), settings);
  return { stackSet: stackSetOf(store), what: `the cache ${store}`, row: "stores", ...seen };
}

type Seen = Pick<Observation, "alarms" | "charts" | "notices">;

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events.memcached.html */
function ofServerless(store: string, cache: string, settings: CacheSettings): Seen {
  const metric = (name: string, statistic: string): Metric => ({
    namespace: "AWS/ElastiCache",
    name,
    dimensions: { clusterId: cache },
    statistic,
  });
  const bytes = metric("BytesUsedForCache", "Maximum");
  const limit = settings["usage-limits"]?.storage;
  return {
    alarms: [
      {
        name: "throttled",
        measure: metric("ThrottledCmds", "Sum"),
        trouble: "above",
        threshold: 0,
        period: MINUTE,
        periods: 5,
        missing: "fine",
        means:
          "For 5 minutes it has turned requests away: there came more than it had grown for, or than its limit allows",
        first: "see what sends so many requests; raise usage-limits.ecpu if there is such a limit",
        isOutage: true,
        part: SERVERLESS,
      },
      ...(limit === undefined ? [] : [nearlyFull(bytes, limit)]),
    ],
    notices: cacheNotices(store, cache, SERVERLESS),
    charts: [
      {
        title: "Requests",
        lines: { requests: metric("TotalCmdsCount", "Sum"), "turned away": metric("ThrottledCmds", "Sum") },
        unit: "a minute",
      },
      {
        title: "Storage",
        lines: { used: bytes },
        ...(limit !== undefined && { alarm: "storage" }),
        unit: "bytes",
      },
      {
        title: "Connections",
        lines: { connections: metric("CurrConnections", "Maximum") },
        unit: "connections",
      },
    ],
  };
}

const nearlyFull = (measure: Metric, limit: number): Alarm => ({
  name: "storage",
  measure,
  trouble: "above",
  threshold: 0.9 * limit * GB,
  period: MINUTE,
  periods: 15,
  missing: "fine",
  means:
    "It has more than 90 % of the storage that its limit allows, and will throw out what was not asked for lately",
  first: "raise usage-limits.storage, or let what is kept expire sooner",
  isOutage: false,
});

/** As those of what they are about: elsewhere the store may have the other form. */
const SERVERLESS = part("Serverless", true);
const NODES = part("Nodes", true);
const SEVERAL = part("SeveralNodes", true, NODES);

/** By the cluster, or by each node of a group, which is a cluster of its own: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.HostLevel.html */
function ofNodes(store: string, settings: NodesSettings): Seen {
  const id = new Import(clusterOutput(store));
  const members =
    settings.engine === "memcached"
      ? [id]
      : Array.from({ length: settings.nodes }, (_, index) =>
          join("-", [id, String(index + 1).padStart(3, "0")]),
        );
  const all = (how: "MAX" | "MIN" | "SUM", name: string, statistic: string): Calculation => {
    const metrics = members.map((member, index): [string, Metric] => [
      `node${index + 1}`,
      { namespace: "AWS/ElastiCache", name, dimensions: { CacheClusterId: member }, statistic },
    ]);
    return {
      expression: `${how}([${metrics.map(([key]) => key).join(", ")}])`,
      metrics: Object.fromEntries(metrics),
    };
  };
  const cpu = all("MAX", "CPUUtilization", "Maximum");
  // Each node reports its CPU once a minute.
  const reports = all("SUM", "CPUUtilization", "SampleCount");
  const connections: Chart = {
    title: "Connections",
    lines: { connections: all("SUM", "CurrConnections", "Average") },
    unit: "connections",
  };
  const evictions: Chart = {
    title: "Thrown out",
    lines: { evictions: all("SUM", "Evictions", "Sum") },
    unit: "a minute",
  };
  return {
    alarms: [
      silentAlarm(reports),
      ...(settings.nodes > 1 ? [missingAlarm(reports, settings)] : []),
      busyAlarm(cpu),
    ],
    charts: [{ title: "CPU", lines: { CPU: cpu }, alarm: "cpu", unit: "%" }, connections, evictions],
  };
}

const silentAlarm = (measure: Calculation): Alarm => ({
  name: "silent",
  measure,
  trouble: "below",
  threshold: 1,
  period: MINUTE,
  periods: 5,
  missing: "trouble",
  means: "For 5 minutes none of its nodes has reported anything: it is down or being replaced",
  first: "read its events in ElastiCache",
  isOutage: true,
  part: NODES,
});

/** Instead of ElastiCache's events of nodes, which it tells to no encrypted topic: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html */
const missingAlarm = (measure: Calculation, { engine, nodes }: NodesSettings): Alarm => ({
  name: "node",
  measure,
  trouble: "below",
  threshold: nodes,
  period: MINUTE,
  periods: 5,
  // When all are silent that is the outage.
  missing: "fine",
  means: `For 5 minutes one of its nodes has reported nothing: ${
    engine === "memcached" ? "what was kept on it is lost" : "there is one less to take over or to read from"
  }`,
  first: "read its events in ElastiCache; it replaces a node that has failed by itself",
  isOutage: false,
  part: SEVERAL,
});

const busyAlarm = (measure: Calculation): Alarm => ({
  name: "cpu",
  measure,
  trouble: "above",
  threshold: 90,
  period: MINUTE,
  periods: 15,
  missing: "fine",
  means: "For 15 minutes a node has taken more than 90 % of its CPU",
  first: "see what sends so many requests, or take a larger class or more nodes",
  isOutage: false,
  part: NODES,
});
