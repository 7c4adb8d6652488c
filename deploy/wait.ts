/** Waiting for operations, with a look at each stack on the way. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CloudFormationClient,
  DescribeStackSetOperationCommand,
  ListStackSetOperationResultsCommand,
} from "@aws-sdk/client-cloudformation";
import { DeployError, Interrupted, isAnswer } from "./errors.ts";
import { isPending, type LiveOperation, readOperation } from "./live.ts";

/** What an operation did in one account and Region, so far. */
export interface InstanceResult {
  readonly id: string;
  readonly region: string;
  readonly status: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  readonly reason: string;
}

/** An operation that is over. */
export interface EndedOperation {
  readonly operation: LiveOperation;
  readonly results: readonly InstanceResult[];
}

/** How waiting is done. */
export interface Waiting {
  /** Ends the waiting, not the operation. */
  readonly signal: AbortSignal;
  /** Milliseconds between two questions. */
  readonly pollEvery: number;
}

/** The first questions come faster: most failures are quick. */
const FIRST_PAUSE = 1_000;
/** The most that a page of results holds. */
const PAGE = 100;
/** How often results are asked for that lag behind their operation's end: the list is eventually consistent. */
const LAGGING = 5;
/** How often an operation may not be seen yet after it was started. */
const UNSEEN = 10;

/**
 * Waits until an operation has ended.
 *
 * @param report takes the operation and its results so far, whenever it was asked about
 * @param expected how many results it has at least, where that is known
 * @throws Interrupted when the signal says so
 */
export async function awaitOperation(
  client: CloudFormationClient,
  stackSetName: string,
  id: string,
  { signal, pollEvery }: Waiting,
  report: (operation: LiveOperation, results: readonly InstanceResult[]) => void,
  expected = 1,
): Promise<EndedOperation> {
  let results: readonly InstanceResult[] = [];
  let nextLook = 0;
  for (let round = 0; ; round++) {
    if (signal.aborted) throw new Interrupted();
    const operation = await describeOperation(client, stackSetName, id);
    if (!operation) {
      if (round >= UNSEEN) throw new DeployError(`the operation ${id} on ${stackSetName} can't be found`);
      await pause(Math.min(FIRST_PAUSE, pollEvery), signal);
      continue;
    }
    const isOver = !isPending(operation);
    if (isOver || (operation.status !== "QUEUED" && round >= nextLook)) {
      results = await listResults(client, stackSetName, id, isOver ? expected : 0);
      // Where they fill many pages, they are looked at less and less often.
      nextLook = results.length > PAGE ? Math.ceil(round * 1.5) : round;
    }
    report(operation, results);
    if (isOver) return { operation, results };
    await pause(round < 3 ? Math.min(FIRST_PAUSE, pollEvery) : pollEvery, signal);
  }
}

/** An operation; undefined where there is none, or none is to be seen yet. */
export async function describeOperation(
  client: CloudFormationClient,
  stackSetName: string,
  id: string,
): Promise<LiveOperation | undefined> {
  try {
    const { StackSetOperation } = await client.send(
      new DescribeStackSetOperationCommand({ StackSetName: stackSetName, OperationId: id }),
    );
    return readOperation(StackSetOperation ?? {});
  } catch (error) {
    if (isAnswer(error, "OperationNotFound")) return undefined;
    throw error;
  }
}

/** @throws Interrupted when the signal says so */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new Interrupted();
  }
}

/** @param expected how many have ended; while the list lags behind, it is asked for again, a few times */
async function listResults(
  client: CloudFormationClient,
  stackSetName: string,
  id: string,
  expected: number,
): Promise<InstanceResult[]> {
  for (let tries = LAGGING; ; tries--) {
    const results = await listResultsOnce(client, stackSetName, id);
    const ended = results.filter(({ status }) => status !== "PENDING" && status !== "RUNNING");
    const isLagging = expected > 0 && (ended.length < results.length || ended.length < expected);
    if (!isLagging || tries <= 1) return results;
    await sleep(FIRST_PAUSE / 4);
  }
}

async function listResultsOnce(
  client: CloudFormationClient,
  stackSetName: string,
  id: string,
): Promise<InstanceResult[]> {
  const results: InstanceResult[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListStackSetOperationResultsCommand({
        StackSetName: stackSetName,
        OperationId: id,
        MaxResults: PAGE,
        ...(NextToken && { NextToken }),
      }),
    );
    for (const { Account = "", Region = "", Status, StatusReason = "" } of page.Summaries ?? [])
      results.push({ id: Account, region: Region, status: Status ?? "PENDING", reason: StatusReason });
    NextToken = page.NextToken;
  } while (NextToken);
  return results;
}
