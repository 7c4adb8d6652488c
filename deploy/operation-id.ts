/**
 * Names of operations. A name is made of what the operation is to reach, so the same wish has the same name: a call that
 * is repeated, by a retry, a second terminal or the next run, is the same call to AWS, and a name found in the history
 * tells that its wish was fulfilled.
 */
import { createHash } from "node:crypto";
import type { Batch } from "./difference.ts";
import { isPending, type LiveOperation } from "./live.ts";
import type { DesiredStackSet, Target } from "./manifest.ts";

/** Everything the name of an operation depends on. */
export interface Wish {
  /** The id of the live stack set: one that was deleted and made again has a history of its own. */
  readonly stackSetId: string;
  readonly desired: DesiredStackSet;
  /** The targets that are being deployed. */
  readonly targets: readonly Target[];
}

/** The base name of the operation after which the whole wish is fulfilled. */
export function finalName(wish: Wish): string {
  return `landform-${digest(describe(wish))}-final`;
}

/** The base name of an operation on the way. */
export function stepName(wish: Wish, kind: string, batch: Batch): string {
  return `landform-${digest([describe(wish), kind, batch])}-step`;
}

/**
 * The base name of a refresh after which nothing is left to do. It begins with the `finalName` of its wish, which so counts
 * as fulfilled after it.
 */
export function finalRefreshName(wish: Wish, batch: Batch): string {
  return `${finalName(wish)}-refresh-${digest(batch)}`;
}

/** The name of an operation that removes stacks. */
export function removalName(stackSetId: string, batch: Batch, retainStacks: boolean): string {
  return `landform-${digest([stackSetId, batch, retainStacks])}-remove`;
}

/** The name of an operation that looks for drift. */
export const driftName = (stackSetId: string): string => `landform-${digest(stackSetId)}-drift`;

/** A name is used once: a wish that comes again, or must be tried again, gets the next number. */
export function nextNumber(base: string, operations: readonly LiveOperation[]): number {
  const used = operations
    .filter(({ id }) => id.startsWith(`${base}-`))
    .map(({ id }) => Number(id.slice(base.length + 1)));
  return Math.max(0, ...used.filter(Number.isInteger)) + 1;
}

/**
 * Whether the newest operation is the one after which the wish was fulfilled, and it went well: then nothing has touched
 * the stack set since, and its instances need not be looked at.
 *
 * @param operations newest first; looking for drift changes nothing
 */
export function isFulfilled(base: string, operations: readonly LiveOperation[]): boolean {
  const newest = operations.find(({ action }) => action !== "DETECT_DRIFT");
  return (
    newest?.id.startsWith(`${base}-`) === true &&
    newest.status === "SUCCEEDED" &&
    newest.failed === 0 &&
    !operations.some(isPending)
  );
}

function describe({ stackSetId, desired, targets }: Wish): unknown {
  const { template, tags, capabilities, description, administrationRoleArn, executionRoleName } = desired;
  const places = targets.map(({ id, region }) => `${id}/${region}`).toSorted();
  return [
    stackSetId,
    template,
    tags,
    capabilities,
    description,
    administrationRoleArn,
    executionRoleName,
    places,
  ];
}

/** Names may have 128 characters; half of a SHA-256 is unique enough and can be read out. */
function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
