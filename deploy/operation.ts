/** Operations as all commands have to do with them: what runs is waited for first, then one is started and followed. */
import type { Aws } from "./aws.ts";
import { type Batch, placeOf } from "./difference.ts";
import { DeployError } from "./errors.ts";
import { isPending, type LiveOperation, listOperations } from "./live.ts";
import type { Manifest, Target } from "./manifest.ts";
import type { StaleValue } from "./stale.ts";
import { awaitOperation, type EndedOperation, type InstanceResult, pause, type Waiting } from "./wait.ts";

/** What an operation is about, for whoever watches. */
export type Activity = "update" | "add" | "refresh" | "adopted" | "remove" | "drift";

/** What happens while it happens. */
export type Happening =
  | { readonly kind: "looking" | "create" | "waits-for-others"; readonly stackSet: string }
  | {
      readonly kind: "stale";
      readonly stackSet: string;
      readonly place: { readonly id: string; readonly region: string };
      readonly stale: readonly StaleValue[];
    }
  | {
      readonly kind: "operation";
      readonly stackSet: string;
      readonly activity: Activity;
      readonly operation: LiveOperation;
      readonly results: readonly InstanceResult[];
      /** What it was started for; absent where somebody else has started it. */
      readonly batch?: Batch;
    };

/** All that work on a stack set needs besides it. */
export interface Work extends Waiting {
  readonly aws: Aws;
  readonly manifest: Manifest;
  readonly inScope: (target: Target) => boolean;
  readonly report: (happening: Happening) => void;
}

/** A stack set by its name in the spec's terms and its name in AWS. */
export interface Named {
  readonly name: string;
  readonly stackSetName: string;
}

/** What there was before a stack set was free. */
export interface Before {
  /** Whether nothing had to be waited for. */
  readonly isFirstLook: boolean;
  /** All operations that were waited for since, whoever started them; who follows another adds it. */
  readonly ended: EndedOperation[];
}

/** How often others may come in between before it is given up. */
const ROUNDS = 20;
/** Milliseconds that are left to another's operation, which AWS may tell of but not list yet. */
const GIVE_WAY = 2_000;

/** What `whenFree` is told where everything must be looked at again. */
export const AGAIN = Symbol("again");

/**
 * Runs something on a stack set when no operation does, with the operations there were. What runs is waited for, whoever
 * started it.
 *
 * @param run says `AGAIN` where something came in between; it is told what there was before
 */
export async function whenFree<T>(
  work: Work,
  { name, stackSetName }: Named,
  run: (operations: readonly LiveOperation[], before: Before) => Promise<T | typeof AGAIN>,
): Promise<T> {
  const ended: EndedOperation[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (work.signal.aborted) await pause(0, work.signal);
    work.report({ kind: "looking", stackSet: name });
    const operations = await listOperations(work.aws.home, stackSetName);
    const running = operations.filter(isPending).toReversed();
    for (const { id } of running) ended.push(await follow(work, { name, stackSetName }, id, "adopted"));
    if (running.length > 0) continue;
    const result = await run(operations, { isFirstLook: round === 0, ended });
    if (result !== AGAIN) return result;
    work.report({ kind: "waits-for-others", stackSet: name });
    await pause(Math.min(GIVE_WAY, work.pollEvery), work.signal);
  }
  throw new DeployError(
    `other operations on ${stackSetName} came in between ${ROUNDS} times: find out who deploys it besides you`,
  );
}

/** Waits for an operation and tells how it goes. */
export function follow(
  work: Work,
  { name, stackSetName }: Named,
  id: string,
  activity: Activity,
  batch?: Batch,
) {
  const expected = batch && batch.accounts.length * batch.regions.length;
  return awaitOperation(
    work.aws.home,
    stackSetName,
    id,
    work,
    (operation, results) =>
      work.report({
        kind: "operation",
        stackSet: name,
        activity,
        operation,
        results,
        ...(batch && { batch }),
      }),
    expected,
  );
}

/** An operation that skipped suspended accounts is a success to StackSets. Results may lag behind. */
export const isGood = ({ status, failed }: LiveOperation, results: readonly InstanceResult[]): boolean =>
  status === "SUCCEEDED" &&
  failed === 0 &&
  !results.some((result) => result.status === "FAILED" || result.status === "CANCELLED");

/** Places whose stacks were updated or made, and have so read what they read at deploy time. */
export type Touched = ReadonlyMap<string, "UPDATE" | "CREATE">;

/** What these operations have touched. */
export function touchedBy(ended: readonly EndedOperation[]): Touched {
  const touched = new Map<string, "UPDATE" | "CREATE">();
  for (const { operation, results } of ended) {
    const { action } = operation;
    if (action !== "UPDATE" && action !== "CREATE") continue;
    for (const result of results) if (result.status === "SUCCEEDED") touched.set(placeOf(result), action);
  }
  return touched;
}
