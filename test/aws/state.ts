/** What the control plane of StackSets knows: stack sets, their instances and operations. */

import type { Params } from "./protocol.ts";
import { AwsError } from "./protocol.ts";

/** An account and Region that has a stack of a stack set. */
export interface InstanceState {
  readonly account: string;
  readonly region: string;
  stackId: string | undefined;
  status: "CURRENT" | "OUTDATED" | "INOPERABLE";
  detailedStatus: string;
  reason: string | undefined;
  driftStatus: "NOT_CHECKED" | "IN_SYNC" | "DRIFTED";
  driftChecked: Date | undefined;
  lastOperationId: string;
  overrides: Params;
  /** The number of tries of each action. */
  readonly attempts: Map<string, number>;
}

/** How an operation goes about its instances. */
export interface Preferences {
  readonly regions: readonly string[];
  readonly parallelRegions: boolean;
  /** For a number of accounts, how many at once and how many may fail in a Region. */
  readonly concurrent: (accounts: number) => number;
  readonly tolerance: (accounts: number) => number;
}

/** What came of one instance in an operation. */
export interface ResultState {
  readonly account: string;
  readonly region: string;
  status: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  reason: string | undefined;
}

/** An operation on a stack set. */
export interface OperationState {
  readonly id: string;
  readonly action: "CREATE" | "UPDATE" | "DELETE" | "DETECT_DRIFT";
  status: "QUEUED" | "RUNNING" | "STOPPING" | "STOPPED" | "SUCCEEDED" | "FAILED";
  readonly created: Date;
  ended: Date | undefined;
  readonly preferences: Preferences;
  readonly retainStacks: boolean;
  /** It may not run beside any other, as it changes the stack set itself. */
  readonly exclusive: boolean;
  /** By account and Region. */
  readonly results: Map<string, ResultState>;
  /** How often it has to be described until it starts, and until somebody stops it. */
  queuedFor: number;
  stopAfter: number | undefined;
}

/** A stack set. */
export interface StackSetState {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  /** The account and Region that it is managed from. */
  readonly account: string;
  readonly region: string;
  readonly token: string | undefined;
  status: "ACTIVE" | "DELETED";
  template: string;
  /** Counts the templates, tags and parameters it has had. */
  version: number;
  description: string;
  capabilities: readonly string[];
  tags: Params;
  parameters: Params;
  administrationRole: string;
  executionRole: string;
  permissionModel: string;
  managedExecution: boolean;
  /** By account and Region. */
  readonly instances: Map<string, InstanceState>;
  /** By id, the oldest first. */
  readonly operations: Map<string, OperationState>;
  driftChecked: Date | undefined;
}

/** The key of an account and Region. */
export const placeKey = (account: string, region: string) => `${account}/${region}`;

/** Whether an operation is still to end. */
export function isActive({ status }: OperationState): boolean {
  return status === "QUEUED" || status === "RUNNING" || status === "STOPPING";
}

/** Stack sets by the account and Region they are managed from, and by name alone. */
export class StackSetTable {
  /** The stack sets that are there; of several with one name the newest. */
  readonly byName = new Map<string, StackSetState>();
  private readonly all: StackSetState[] = [];

  /** Also those deleted. */
  in(account: string, region: string): StackSetState[] {
    return this.all.filter((set) => set.account === account && set.region === region);
  }

  find(account: string, region: string, nameOrId: string): StackSetState | undefined {
    const isIt = (set: StackSetState) =>
      set.account === account &&
      set.region === region &&
      set.status === "ACTIVE" &&
      (set.name === nameOrId || set.id === nameOrId);
    const newest = this.byName.get(nameOrId);
    return newest && isIt(newest) ? newest : this.all.find(isIt);
  }

  get(account: string, region: string, nameOrId: string): StackSetState {
    const found = this.find(account, region, nameOrId);
    if (found) return found;
    throw new AwsError("StackSetNotFoundException", `StackSet ${nameOrId} not found`, 404);
  }

  add(set: StackSetState): void {
    this.all.push(set);
    this.byName.set(set.name, set);
  }

  delete(set: StackSetState): void {
    set.status = "DELETED";
    if (this.byName.get(set.name) === set) this.byName.delete(set.name);
  }
}
