/** Operations: what waits for what, and one instance after another until too many have failed. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Faults } from "./faults.ts";
import { workOn } from "./instance-work.ts";
import { AwsError } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import type { Stacks } from "./stacks.ts";
import {
  type InstanceState,
  isActive,
  type OperationState,
  type Preferences,
  placeKey,
  type ResultState,
  type StackSetState,
} from "./state.ts";

/** What the work on stacks needs of the rest. */
export interface Surroundings {
  readonly stacks: Stacks;
  readonly sequence: Sequence;
  instanceMilliseconds(): number;
  faults(): Faults | undefined;
  hasRole(account: string, role: string): Promise<boolean>;
}

/** A new operation. */
export interface OperationRequest {
  readonly id: string | undefined;
  readonly action: OperationState["action"];
  readonly instances: readonly InstanceState[];
  readonly preferences: Preferences;
  readonly retainStacks?: boolean;
  readonly exclusive?: boolean;
}

const CANCELLED = {
  tolerance: "Cancelled since failure tolerance has exceeded",
  stopped: "Cancelled since operation was stopped",
};

/** Runs the operations of all stack sets. */
export class Operations {
  private count = 0;
  private closed = false;
  private readonly releases = new Map<OperationState, () => void>();

  constructor(private readonly surroundings: Surroundings) {}

  /** Throws if an operation of this id can't be started now. */
  check(set: StackSetState, id: string | undefined): void {
    if (id !== undefined && !/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/.test(id)) {
      throw new AwsError("ValidationError", `Value '${id}' at 'operationId' failed to satisfy constraint`);
    }
    if (id !== undefined && set.operations.has(id)) {
      const message = `An operation with the id ${id} already exists`;
      throw new AwsError("OperationIdAlreadyExistsException", message, 409);
    }
    const other = set.managedExecution ? undefined : [...set.operations.values()].find(isActive);
    if (other) throw inProgress(other.id);
  }

  /** Starts or queues an operation that was checked. */
  start(set: StackSetState, request: OperationRequest): OperationState {
    const { sequence, faults } = this.surroundings;
    const { action, instances, preferences, retainStacks = false, exclusive = false } = request;
    const id = request.id ?? sequence.uuid();
    const fault = faults()?.onOperation?.({ stackSet: set.name, id, action, index: this.count++ });
    const queuedFor = fault?.queuedFor ?? 0;
    const waits = queuedFor > 0 || [...set.operations.values()].some(isActive);
    const results = instances.map(({ account, region }): [string, ResultState] => [
      placeKey(account, region),
      { account, region, status: "PENDING", reason: undefined },
    ]);
    const operation: OperationState = {
      id,
      action,
      status: waits ? "QUEUED" : "RUNNING",
      created: sequence.time(),
      ended: undefined,
      preferences,
      retainStacks,
      exclusive,
      results: new Map(results),
      queuedFor,
      stopAfter: fault?.stopAfter,
    };
    set.operations.set(id, operation);
    if (waits) this.startNext(set);
    else void this.run(set, operation);
    return operation;
  }

  /** An operation was described; some faults wait for that. */
  described(set: StackSetState, operation: OperationState): void {
    if (operation.status === "QUEUED" && operation.queuedFor > 0) {
      operation.queuedFor--;
      this.startNext(set);
    } else if (operation.stopAfter !== undefined && isActive(operation)) {
      operation.stopAfter--;
      if (operation.stopAfter <= 0 && operation.status === "RUNNING") this.stop(set, operation);
    }
  }

  stop(set: StackSetState, operation: OperationState): void {
    if (operation.status === "QUEUED") {
      for (const result of operation.results.values()) cancel(set, operation, result, CANCELLED.stopped);
      this.end(set, operation, "STOPPED");
    } else if (operation.status === "RUNNING") {
      operation.status = "STOPPING";
      this.releases.get(operation)?.();
    } else if (operation.status !== "STOPPING") {
      const message = `Operation ${operation.id} can't be stopped in status ${operation.status}`;
      throw new AwsError("InvalidOperationException", message);
    }
  }

  /** Leaves everything as it is. */
  close(): void {
    this.closed = true;
    for (const release of this.releases.values()) release();
  }

  private startNext(set: StackSetState): void {
    const before: OperationState[] = [];
    for (const operation of [...set.operations.values()].filter(isActive)) {
      const waits = operation.queuedFor > 0 || before.some((other) => conflict(other, operation));
      if (operation.status === "QUEUED" && !waits) void this.run(set, operation);
      before.push(operation);
    }
  }

  private async run(set: StackSetState, operation: OperationState): Promise<void> {
    operation.status = "RUNNING";
    for (const key of operation.results.keys()) {
      const instance = set.instances.get(key);
      if (instance) Object.assign(instance, { detailedStatus: "PENDING", lastOperationId: operation.id });
    }
    const { regions, parallelRegions } = operation.preferences;
    let failed = false;
    if (parallelRegions) {
      const all = await Promise.all(regions.map((region) => this.runRegion(set, operation, region)));
      failed = all.includes(false);
    } else {
      for (const region of regions) failed = failed || !(await this.runRegion(set, operation, region));
    }
    if (this.closed) return;
    const stopped = !this.goesOn(operation);
    const reason = stopped ? CANCELLED.stopped : CANCELLED.tolerance;
    for (const result of operation.results.values()) {
      if (result.status === "PENDING") cancel(set, operation, result, reason);
    }
    this.end(set, operation, stopped ? "STOPPED" : failed ? "FAILED" : "SUCCEEDED");
  }

  /** Whether no more have failed than may. */
  private async runRegion(set: StackSetState, operation: OperationState, region: string): Promise<boolean> {
    const waiting = [...operation.results.values()].filter((result) => result.region === region);
    const count = waiting.length;
    const { concurrent, tolerance } = operation.preferences;
    const tolerated = tolerance(count);
    let failures = 0;
    const worker = async () => {
      while (this.goesOn(operation) && failures <= tolerated) {
        const result = waiting.shift();
        if (!result) return;
        if (operation.stopAfter !== undefined && !pendingBut(operation, result)) await this.held(operation);
        if (!this.goesOn(operation)) return;
        result.status = "RUNNING";
        await sleep(this.surroundings.instanceMilliseconds());
        if (this.closed) return;
        if (!(await workOn(set, operation, result, this.surroundings))) failures++;
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrent(count), count) }, worker));
    return failures <= tolerated;
  }

  private goesOn({ status }: OperationState): boolean {
    return status === "RUNNING" && !this.closed;
  }

  /** Waits until the operation is stopped. */
  private held(operation: OperationState): Promise<void> {
    return new Promise((resolve) => this.releases.set(operation, resolve));
  }

  private end(set: StackSetState, operation: OperationState, status: OperationState["status"]): void {
    operation.status = status;
    operation.ended = this.surroundings.sequence.time();
    this.releases.delete(operation);
    if (operation.action === "DETECT_DRIFT") set.driftChecked = operation.ended;
    this.startNext(set);
  }
}

/** That another operation is running. */
export function inProgress(other: string): AwsError {
  const message = `Another Operation on StackSet is in progress: ${other}`;
  return new AwsError("OperationInProgressException", message, 409);
}

function conflict(one: OperationState, other: OperationState): boolean {
  return one.exclusive || other.exclusive || [...other.results.keys()].some((key) => one.results.has(key));
}

function pendingBut(operation: OperationState, result: ResultState): boolean {
  return [...operation.results.values()].some((other) => other !== result && other.status === "PENDING");
}

function cancel(set: StackSetState, operation: OperationState, result: ResultState, reason: string): void {
  Object.assign(result, { status: "CANCELLED", reason });
  const instance = set.instances.get(placeKey(result.account, result.region));
  if (!instance) return;
  Object.assign(instance, { detailedStatus: "CANCELLED", reason });
  if (operation.action !== "DETECT_DRIFT" && instance.status === "CURRENT") instance.status = "OUTDATED";
}
