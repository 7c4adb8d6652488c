/** What RDS tells of a database that no metric shows, or shows without the cause. */
import { accountId, type Expression, partition, region, sub } from "../../../cfn/values.ts";
import type { Notice } from "../../../observation.ts";

interface Told {
  readonly name: string;
  /** The numbers of RDS's events: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
  readonly events: readonly string[];
  /** What it means that one of them came, after the words `The database main`. */
  readonly means: string;
  readonly first: string;
  /** A replica that goes takes nothing with it, and has no backups. */
  readonly butReplicas?: true;
}

/**
 * By number and not by category: in each category is also what is as it should be, such as a backup each night in
 * `backup`, and in `low storage` what storage that grows by itself takes for its cue. Of what begins and ends, the
 * beginning. RDS has no event of a backup that failed.
 */
const TOLD: readonly Told[] = [
  {
    name: "interrupted",
    // It restarted; another takes over; it recovers; it takes over again where it was.
    events: ["0006", "0013", "0020", "0050"],
    means: "has restarted or failed over, and whoever was connected was cut off",
    first:
      "see whether who uses it has connected again; unless a deployment or its maintenance window was the cause, read its log of that time",
  },
  {
    name: "failed",
    // Its storage, parameters, network (twice) or key is not such that it can run.
    events: ["0031", "0035", "0036", "0315", "0418", "0419"],
    means: "can't run as it is",
    first:
      "give it back what the event says it lacks, the key at once; where RDS says so, restore it to a point in time before",
  },
  {
    name: "limit",
    // Storage is used up (twice), can't grow or can hardly grow (four); memory is short, and RDS takes some of its cache.
    events: ["0007", "0221", "0223", "0224", "0225", "0254", "0404"],
    means: "is near to a limit that RDS can't move by itself",
    first: "raise storage in the spec, or take a larger class, as the event says",
  },
  {
    name: "maintenance",
    // It will be restarted, get another host or another certificate (twice); it can't be upgraded (four).
    events: ["0396", "0422", "0501", "0502", "0158", "0270", "0425", "0429"],
    means: "needs maintenance that AWS will do by itself, or could not do",
    first:
      "see in RDS what is pending and until when, and apply it when it suits; what failed, RDS tries again when its cause is gone",
  },
  {
    name: "replication",
    // It stopped, was ended, was stopped by hand, or never began.
    events: ["0045", "0057", "0062", "0202"],
    means: "has a replica that it does not reach: who reads there reads what is old",
    first: "read the log of the replica; if it does not catch up, let it be made again",
  },
  {
    name: "unprotected",
    // It was deleted; it has no automated backups any more.
    events: ["0003", "0028"],
    means: "was deleted, or has no backups any more",
    first:
      "ask who did, by the trail; its automated backups are kept for as long as they would have been, so a deleted one can be restored from them",
    butReplicas: true,
  },
];

/**
 * @param identifier what RDS calls it
 * @param replicas what RDS calls its replicas, but for their numbers
 */
export const databaseNotices = (store: string, identifier: string, replicas: string): readonly Notice[] =>
  TOLD.map(({ name, events, means, first, butReplicas }) => ({
    name,
    pattern: {
      source: ["aws.rds"],
      "detail-type": ["RDS DB Instance Event"],
      // However many there are: so the rule is the same in all environments.
      resources: [arnOf(identifier), ...(butReplicas ? [] : [{ prefix: arnOf(replicas) }])],
      detail: { EventID: events.map((event) => `RDS-EVENT-${event}`) },
    },
    reason: "$.detail.Message",
    ...(!butReplicas && { which: "$.detail.SourceArn" }),
    means: `The database ${store} ${means}`,
    first,
  }));

/** As events name it; in the field for the identifier alone it has another form on AWS's page than in its API. */
const arnOf = (identifier: string): Expression =>
  sub`arn:${partition}:rds:${region}:${accountId}:db:${identifier}`;
