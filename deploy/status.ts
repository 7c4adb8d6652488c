/** Where everything is: each stack set in each account, at a glance. */
import pLimit from "p-limit";
import type { Aws } from "./aws.ts";
import { compare, placeOf } from "./difference.ts";
import {
  describeOwn,
  isPending,
  type LiveInstance,
  type LiveOperation,
  listInstances,
  listOperations,
} from "./live.ts";
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";

/** What is true of one stack, worst first. */
export type InstanceState =
  | "missing"
  | "running"
  | "inoperable"
  | "suspended"
  | "failed"
  | "drifted"
  | "outdated"
  | "current";

export interface InstanceStatus {
  readonly target: Target;
  readonly state: InstanceState;
  readonly reason: string;
}

export interface StackSetStatus {
  readonly desired: DesiredStackSet;
  readonly isThere: boolean;
  /** The spec says something else than the live stack set. */
  readonly isBehindSpec: boolean;
  readonly running: readonly LiveOperation[];
  readonly instances: readonly InstanceStatus[];
  /** Stacks that the spec does not have. */
  readonly unwanted: readonly LiveInstance[];
}

const AT_A_TIME = 10;

export async function statusOf(aws: Aws, manifest: Manifest): Promise<StackSetStatus[]> {
  const limit = pLimit(AT_A_TIME);
  return Promise.all(
    manifest.stackSets.map((desired) => limit(() => statusOfStackSet(aws, manifest, desired))),
  );
}

async function statusOfStackSet(
  { home }: Aws,
  manifest: Manifest,
  desired: DesiredStackSet,
): Promise<StackSetStatus> {
  const live = await describeOwn(home, manifest, desired.stackSetName);
  const operations = live ? await listOperations(home, desired.stackSetName) : [];
  const instances = live ? await listInstances(home, desired.stackSetName) : [];
  const running = operations.filter(isPending);
  const { change, instances: wanted, unwanted } = compare(desired, live, instances, () => true);
  const byPlace = new Map(instances.map((instance) => [placeOf(instance), instance]));
  return {
    desired,
    isThere: live !== undefined,
    isBehindSpec: change !== "none" && live !== undefined,
    running,
    instances: wanted.map(({ target }) =>
      describe(target, byPlace.get(placeOf(target)), running.length > 0, change === "template"),
    ),
    unwanted,
  };
}

function describe(
  target: Target,
  live: LiveInstance | undefined,
  isRunning: boolean,
  isBehind: boolean,
): InstanceStatus {
  const state = live ? stateOf(live, isRunning) : "missing";
  // What its stack set has is not what the spec says.
  return { target, state: state === "current" && isBehind ? "outdated" : state, reason: live?.reason ?? "" };
}

function stateOf({ status, detailedStatus, drift }: LiveInstance, isRunning: boolean): InstanceState {
  if (isRunning && ["PENDING", "RUNNING"].includes(detailedStatus)) return "running";
  if (status === "INOPERABLE") return "inoperable";
  if (detailedStatus === "SKIPPED_SUSPENDED_ACCOUNT") return "suspended";
  if (status === "OUTDATED") return detailedStatus === "FAILED" ? "failed" : "outdated";
  return drift === "DRIFTED" ? "drifted" : "current";
}
