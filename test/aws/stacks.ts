/** Stacks in the target accounts, as StackSets makes, changes and removes them, and in memory a bare note of each. */
import type { Answer, Call, Params } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import { answerStackCall } from "./stack-actions.ts";

/** What StackSets wants of one stack. */
export interface StackPlan {
  readonly account: string;
  readonly region: string;
  /** The name of a new stack. */
  readonly name: string;
  /** The stack to change or remove. */
  readonly stackId: string | undefined;
  readonly template: string;
  readonly tags: Params;
  readonly parameters: Params;
  readonly capabilities: readonly string[];
  /** The reason for which it is to fail. */
  readonly failure: string | undefined;
}

/** The stack, if there is one now, and the reason if it failed. */
export interface StackOutcome {
  readonly stackId: string | undefined;
  readonly failure: string | undefined;
}

/** One resource that is not as its template says. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly type: string;
  readonly status: "MODIFIED" | "DELETED";
  readonly differences?: readonly {
    readonly path: string;
    readonly expected: string;
    readonly actual: string;
    readonly type: "ADD" | "REMOVE" | "NOT_EQUAL";
  }[];
}

/** Where stacks are made. */
export interface Stacks {
  /** What drift detection will find, by stack id. */
  readonly drifts: Map<string, readonly ResourceDrift[]>;
  /** Creates or updates a stack. */
  deploy(plan: StackPlan): Promise<StackOutcome>;
  remove(plan: StackPlan): Promise<StackOutcome>;
  /** Answers a call about stacks made in their own account; undefined if that is for another to answer. */
  answer(call: Call): Promise<Answer | undefined>;
}

/** What happened to a stack or one of its resources. */
export interface StackEvent {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly time: Date;
}

/** A stack in memory. */
export interface StackState {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: Date;
  template: string;
  tags: Params;
  parameters: Params;
  status: string;
  /** The oldest first. */
  readonly events: StackEvent[];
}

/** A change set of a stack in memory. */
export interface ChangeSetState {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly created: Date;
  readonly changes: readonly Answer[];
}

/** The type of the events of a stack as a whole. */
export const STACK = "AWS::CloudFormation::Stack";

/** Stacks in memory: a stack is its template's text and a status. */
export class MemoryStacks implements Stacks {
  readonly drifts = new Map<string, readonly ResourceDrift[]>();
  readonly byId = new Map<string, StackState>();
  readonly changeSets = new Map<string, ChangeSetState>();
  private readonly places = new Map<string, Map<string, StackState>>();
  private sequenceOfServer: Sequence | undefined;

  /** Takes the ids and times of the server it is part of. */
  join(sequence: Sequence): void {
    this.sequenceOfServer = sequence;
  }

  get sequence(): Sequence {
    if (!this.sequenceOfServer) throw new Error("these stacks are no server's yet");
    return this.sequenceOfServer;
  }

  /** The stacks that are there, by name. */
  in(account: string, region: string): ReadonlyMap<string, StackState> {
    return this.places.get(`${account}/${region}`) ?? new Map();
  }

  /** The stack with a name or id, if it is there; deleted ones are found by id. */
  find(account: string, region: string, nameOrId: string): StackState | undefined {
    const stack = this.byId.get(nameOrId);
    if (stack) return stack.account === account && stack.region === region ? stack : undefined;
    return this.in(account, region).get(nameOrId);
  }

  create(
    place: Pick<StackPlan, "account" | "region" | "name">,
    contents: Pick<StackState, "template" | "tags" | "parameters" | "status">,
  ): StackState {
    const { account, region, name } = place;
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${this.sequence.uuid()}`;
    const stack = { id, name, account, region, created: this.sequence.time(), ...contents, events: [] };
    const key = `${account}/${region}`;
    const others = this.places.get(key) ?? new Map<string, StackState>();
    this.places.set(key, others.set(name, stack));
    this.byId.set(id, stack);
    return stack;
  }

  delete(stack: StackState): void {
    stack.status = "DELETE_COMPLETE";
    this.places.get(`${stack.account}/${stack.region}`)?.delete(stack.name);
    this.drifts.delete(stack.id);
  }

  async deploy(plan: StackPlan): Promise<StackOutcome> {
    const { failure, template, tags, parameters } = plan;
    const old = this.existing(plan);
    // StackSets replaces a stack that was never made, or is gone.
    if (old?.status === "ROLLBACK_COMPLETE") this.delete(old);
    if (!old || old.status === "ROLLBACK_COMPLETE" || old.status === "DELETE_COMPLETE") {
      const status = failure === undefined ? "CREATE_COMPLETE" : "ROLLBACK_COMPLETE";
      const stack = this.create(plan, { template, tags, parameters, status });
      if (failure !== undefined) this.note(stack, "CREATE", failure);
      return { stackId: stack.id, failure };
    }
    if (failure !== undefined) this.note(old, "UPDATE", failure);
    else Object.assign(old, { template, tags, parameters });
    old.status = failure === undefined ? "UPDATE_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE";
    return { stackId: old.id, failure };
  }

  async remove(plan: StackPlan): Promise<StackOutcome> {
    const stack = this.existing(plan);
    if (!stack || stack.status === "DELETE_COMPLETE") return { stackId: undefined, failure: undefined };
    if (plan.failure === undefined) this.delete(stack);
    else {
      stack.status = "DELETE_FAILED";
      this.note(stack, "DELETE", plan.failure);
    }
    return { stackId: stack.id, failure: plan.failure };
  }

  async answer(call: Call): Promise<Answer | undefined> {
    return answerStackCall(this, call);
  }

  /** Notes the events of work that failed: at which resource, if the reason says so. */
  note(stack: StackState, work: "CREATE" | "UPDATE" | "DELETE", reason: string): void {
    const parts = /^ResourceLogicalId:(.*?), ResourceType:(.*?), ResourceStatusReason:(.*)$/s.exec(reason);
    const add = (logicalId: string, type: string, status: string, why?: string) =>
      stack.events.push({ logicalId, type, status, reason: why, time: this.sequence.time() });
    add(stack.name, STACK, `${work}_IN_PROGRESS`, "User Initiated");
    if (parts?.[1] && parts[2]) add(parts[1], parts[2], `${work}_FAILED`, parts[3]);
    if (work === "DELETE") return void add(stack.name, STACK, "DELETE_FAILED", reason);
    const rollback = work === "CREATE" ? "ROLLBACK" : "UPDATE_ROLLBACK";
    const failed = parts?.[1] ? `The following resource(s) failed: [${parts[1]}].` : reason;
    add(stack.name, STACK, `${rollback}_IN_PROGRESS`, failed);
    add(stack.name, STACK, `${rollback}_COMPLETE`);
  }

  private existing({ stackId }: StackPlan): StackState | undefined {
    return stackId === undefined ? undefined : this.byId.get(stackId);
  }
}
