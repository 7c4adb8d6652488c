/** What can be seen of a database: whether it is there, how near to its limits, and what RDS tells of it. */

import { memoryOf } from "../../../instance-type.ts";
import type { Alarm, Chart, Metric, Observation } from "../../../observation.ts";
import { part } from "../../../stack.ts";
import { stackSetOf } from "../outputs.ts";
import { type DatabaseSettings, storageOf } from "../settings.ts";
import { identifierOf, replicaIdentifier, replicaPrefix } from "./identifiers.ts";
import { databaseNotices } from "./notices.ts";

const MINUTE = 60;
const GIB = 1024 ** 3;

/** The share of the storage it began with that must be free. RDS adds some below 10 %, so less means that it can't. */
const STORAGE_LEFT = 0.08;

/** By default PostgreSQL takes a connection for so many bytes of memory: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections */
const BYTES_FOR_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;

export function observeDatabase(name: string, store: string, settings: DatabaseSettings): Observation {
  const identifier = identifierOf(name, store);
  const metric = metricsOf(identifier);
  const replicas = Array.from({ length: settings.replicas }, (_, index) => index + 1).map(
    (number): Replica => {
      const own = metricsOf(replicaIdentifier(name, store, number));
      return { number, lag: own("ReplicaLag", "Average"), free: free(own) };
    },
  );
  return {
    stackSet: stackSetOf(store),
    what: `the database ${store}`,
    row: "stores",
    alarms: [
      silent(metric),
      storage(metric, settings),
      ...byMemory(metric, settings),
      cpu(metric),
      ...replicas.flatMap((replica) => [lagging(replica), filling(replica, settings)]),
    ],
    notices: databaseNotices(store, identifier, replicaPrefix(name, store)),
    charts: chartsOf(metric, settings, replicas),
  };
}

/** What is measured of a replica. */
interface Replica {
  readonly number: number;
  readonly lag: Metric;
  readonly free: Metric;
}

type Metrics = (name: string, statistic: string) => Metric;

const metricsOf =
  (identifier: string): Metrics =>
  (name, statistic) => ({
    namespace: "AWS/RDS",
    name,
    dimensions: { DBInstanceIdentifier: identifier },
    statistic,
  });

const silent = (metric: Metrics): Alarm => ({
  name: "silent",
  measure: metric("CPUUtilization", "SampleCount"),
  trouble: "below",
  threshold: 1,
  period: MINUTE,
  periods: 5,
  missing: "trouble",
  means: "For 5 minutes it has reported nothing: it is down, stopped or being replaced",
  first: "read its events in RDS; with multi-az another takes over within two minutes",
  isOutage: true,
});

const free = (metric: Metrics): Metric => metric("FreeStorageSpace", "Minimum");

/** When its storage, or a replica's, is nearly full. */
function nearlyFull(measure: Metric, { storage }: DatabaseSettings) {
  const { initial } = storageOf(storage);
  return {
    measure,
    trouble: "below",
    threshold: Math.round(STORAGE_LEFT * initial * GIB),
    period: MINUTE,
    periods: 15,
    missing: "fine",
  } as const;
}

const storage = (metric: Metrics, settings: DatabaseSettings): Alarm => ({
  name: "storage",
  ...nearlyFull(free(metric), settings),
  means: "Its storage is nearly full and has not grown by itself; when it is full it stops",
  first: "raise storage in the spec; see what grows, a replication slot for example",
  isOutage: true,
});

/** Its storage grows by itself, not with that of the database. */
const filling = ({ number, free: measure }: Replica, settings: DatabaseSettings): Alarm => ({
  name: `replica-${number}-storage`,
  ...nearlyFull(measure, settings),
  means: `The storage of replica ${number} is nearly full and has not grown by itself; when it is full it takes no changes any more`,
  first: "raise storage in the spec, to more than the database and its replicas have grown to",
  isOutage: false,
  part: part(`Replica${number}`, true),
});

/** What depends on how much memory its class has; nothing for a class of which that is not known. */
function byMemory(metric: Metrics, settings: DatabaseSettings): readonly Alarm[] {
  const memory = memoryOf(settings.class);
  if (memory === undefined) return [];
  const connections = Math.min((memory * GIB) / BYTES_FOR_CONNECTION, MOST_CONNECTIONS);
  return [
    {
      name: "connections",
      measure: metric("DatabaseConnections", "Maximum"),
      trouble: "above",
      threshold: Math.floor(0.8 * connections),
      period: MINUTE,
      periods: 5,
      missing: "fine",
      means:
        "It has more than 80 % of the connections that its class allows; when all are taken it refuses others",
      first:
        "see who has them, by pg_stat_activity; let who uses it pool its connections, or take a larger class",
      isOutage: true,
    },
    {
      name: "memory",
      measure: metric("FreeableMemory", "Minimum"),
      trouble: "below",
      threshold: Math.round(0.05 * memory * GIB),
      period: MINUTE,
      periods: 15,
      missing: "fine",
      means: "It has less than 5 % of its memory left, and will soon be slow or restart",
      first: "see in Performance Insights which queries take it, or take a larger class",
      isOutage: false,
    },
  ];
}

const cpu = (metric: Metrics): Alarm => ({
  name: "cpu",
  measure: metric("CPUUtilization", "Average"),
  trouble: "above",
  threshold: 90,
  period: MINUTE,
  periods: 15,
  missing: "fine",
  means: "For 15 minutes it has taken more than 90 % of its CPU",
  first: "see in Performance Insights which queries take it, or take a larger class",
  isOutage: false,
});

const lagging = ({ number, lag: measure }: Replica): Alarm => ({
  name: `replica-${number}-lag`,
  measure,
  trouble: "above",
  threshold: 60,
  period: MINUTE,
  periods: 10,
  missing: "fine",
  means: `For 10 minutes replica ${number} has been more than a minute behind: who reads there reads what is old`,
  first: "see whether long queries on the replica hold it up, or much is written to the database",
  isOutage: false,
  part: part(`Replica${number}`, true),
});

function chartsOf(
  metric: Metrics,
  settings: DatabaseSettings,
  replicas: readonly Replica[],
): readonly Chart[] {
  const isMemoryKnown = memoryOf(settings.class) !== undefined;
  return [
    { title: "CPU", lines: { CPU: metric("CPUUtilization", "Average") }, alarm: "cpu", unit: "%" },
    {
      title: "Connections",
      lines: { connections: metric("DatabaseConnections", "Maximum") },
      ...(isMemoryKnown && { alarm: "connections" }),
      unit: "connections",
    },
    {
      title: "Storage left",
      lines: { free: free(metric) },
      alarm: "storage",
      unit: "bytes",
    },
    {
      title: "Memory left",
      lines: { free: metric("FreeableMemory", "Minimum") },
      ...(isMemoryKnown && { alarm: "memory" }),
      unit: "bytes",
    },
    ...(replicas.length > 0
      ? [
          {
            title: "Replicas behind",
            lines: Object.fromEntries(replicas.map(({ number, lag }) => [`replica ${number}`, lag])),
            alarm: "replica-1-lag",
            unit: "s",
          },
          {
            title: "Replicas' storage left",
            lines: Object.fromEntries(replicas.map((replica) => [`replica ${replica.number}`, replica.free])),
            alarm: "replica-1-storage",
            unit: "bytes",
          },
        ]
      : []),
  ];
}
