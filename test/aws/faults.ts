/** What can go wrong between a deployer and AWS, as a test orders it or as chance will have it. */
import type { Params } from "./protocol.ts";
import { seeded } from "./sequence.ts";

/** What happens to one call. */
export type CallFault =
  | { readonly kind: "throttle" }
  | { readonly kind: "error" }
  | { readonly kind: "unavailable" }
  /** The connection breaks off before or after the call took effect. */
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** Only what starts an operation is answered so. */
  | { readonly kind: "in-progress" }
  | { readonly kind: "expired" };

/** A call, of all that were made the one number `index`. */
export interface FaultyCall {
  readonly action: string;
  readonly account: string;
  readonly index: number;
  readonly params: Params;
}

/** One instance's part in an operation; `attempt` counts from 1 for each action. */
export interface InstanceWork {
  readonly stackSet: string;
  readonly account: string;
  readonly region: string;
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly attempt: number;
}

/** A new operation, of all that were started the one number `index`. */
export interface StartedOperation {
  readonly stackSet: string;
  readonly id: string;
  readonly action: string;
  readonly index: number;
}

/** An operation that stays QUEUED until it was described so often, or that somebody stops then. */
export interface OperationFault {
  readonly queuedFor?: number;
  readonly stopAfter?: number;
}

/** A list of what there is of a stack set; AWS calls these eventually consistent. */
export interface ListCall {
  readonly action: "ListStackSetOperations" | "ListStackSetOperationResults" | "ListStackInstances";
  readonly stackSet: string;
}

/** What goes wrong. */
export interface Faults {
  onCall?(call: FaultyCall): CallFault | undefined;
  /** How many calls about the stack set a list is behind, five at most; what is newer it doesn't show yet. */
  lag?(list: ListCall): number;
  /** The reason for which one instance's work fails. */
  onInstance?(work: InstanceWork): string | undefined;
  onOperation?(operation: StartedOperation): OperationFault | undefined;
  readonly suspended?: ReadonlySet<string>;
}

/** The actions that start an operation. */
export const STARTING: ReadonlySet<string> = new Set([
  "UpdateStackSet",
  "CreateStackInstances",
  "UpdateStackInstances",
  "DeleteStackInstances",
  "DetectStackSetDrift",
]);

/**
 * All kinds of faults that a deployer should get over by itself, each call with the chance `rate` (0.05), at `most` 12
 * of them; lists lag half as often. What no deployer gets over is left out: failing instances, and operations that
 * somebody stops.
 */
export function seededFaults(seed: number, { rate = 0.05, most = 12 } = {}): Faults {
  const random = seeded(seed);
  let left = most;
  const happens = (chance = rate) => {
    if (left === 0 || random() >= chance) return false;
    left--;
    return true;
  };
  return {
    onCall({ action }) {
      return happens() ? draw(random, STARTING.has(action)) : undefined;
    },
    lag() {
      return happens(rate / 2) ? 1 + Math.floor(random() * 5) : 0;
    },
    onOperation() {
      return happens() ? { queuedFor: 1 + Math.floor(random() * 3) } : undefined;
    },
  };
}

function draw(random: () => number, starting: boolean): CallFault {
  const chance = random();
  if (chance < 0.03) return { kind: "expired" };
  if (chance < 0.25 && starting) return { kind: "in-progress" };
  if (chance < 0.4) return { kind: "throttle" };
  if (chance < 0.5) return { kind: "error" };
  if (chance < 0.6) return { kind: "unavailable" };
  if (chance < 0.75) return { kind: "reset", when: "before" };
  if (chance < 0.92) return { kind: "reset", when: "after" };
  return { kind: "slow", milliseconds: 5 + Math.floor(random() * 45) };
}
