/** Stacks in the target accounts, as StackSets makes, changes and removes them, and in memory a bare note of each. */
import { isDeepStrictEqual } from "node:util";
import type { Answer, Call, Params } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import { answerStackCall } from "./stack-actions.ts";
import { resourcesIn } from "./template.ts";

/** An account and Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A parameter of the parameter store. */
export interface Published {
  readonly value: string;
  readonly modified: Date;
}

/** What StackSets wants of one stack. */
export interface StackPlan extends Place {
  /** The name of a new stack. */
  readonly name: string;
  /** The stack to change or remove. */
  readonly stackId: string | undefined;
  readonly template: string;
  readonly tags: Params;
  readonly parameters: Params;
  /** The values of those that are looked up in the parameter store. */
  readonly resolved: Params;
  readonly capabilities: readonly string[];
  /** The reason for which it is to fail. */
  readonly failure: string | undefined;
}

/** The stack, if there is one now, and the reason if it failed. */
export interface StackOutcome {
  readonly stackId: string | undefined;
  readonly failure: string | undefined;
  /** There was nothing to update, which StackSets takes for a success. */
  readonly unchanged?: true;
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
  /** What the parameter store of an account and Region has under a name. */
  parameter(place: Place, name: string): Promise<Published | undefined>;
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
  resolved: Params;
  /** When it was last updated, if it was. */
  updated?: Date;
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
  /** Tells a call that is repeated from another of the same name. */
  readonly token: string | undefined;
  readonly created: Date;
  readonly changes: readonly Answer[];
}

/** The type of the events of a stack as a whole. */
export const STACK = "AWS::CloudFormation::Stack";

/** What an update of a stack compares. */
export const contentsOf = ({ template, tags, parameters, resolved }: StackState) => ({
  template,
  tags,
  parameters,
  resolved,
});

/** Stacks in memory: a stack is its template's text and a status. */
export class MemoryStacks implements Stacks {
  readonly drifts = new Map<string, readonly ResourceDrift[]>();
  readonly byId = new Map<string, StackState>();
  readonly changeSets = new Map<string, ChangeSetState>();
  /** By place and name: parameters that have another value than their template gives. */
  private readonly others = new Map<string, Published>();
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
    contents: Pick<StackState, "template" | "tags" | "parameters" | "resolved" | "status">,
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
    const others = this.places.get(`${stack.account}/${stack.region}`);
    if (others?.get(stack.name) === stack) others.delete(stack.name);
    this.drifts.delete(stack.id);
    for (const { id, stackId } of this.changeSets.values())
      if (stackId === stack.id) this.changeSets.delete(id);
  }

  async deploy(plan: StackPlan): Promise<StackOutcome> {
    const { failure, template, tags, parameters, resolved } = plan;
    const contents = { template, tags, parameters, resolved };
    const old = this.existing(plan);
    // Where a stack is gone, because somebody deleted it or it could not be made, StackSets makes another.
    if (!old || old.status === "DELETE_COMPLETE") {
      const stack = this.create(plan, { ...contents, status: "CREATE_COMPLETE" });
      if (failure !== undefined) this.failCreation(stack, failure);
      return { stackId: stack.id, failure };
    }
    // Dynamic references in the template are not looked at: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/844
    const isSame = isDeepStrictEqual(contents, contentsOf(old));
    if (failure === undefined && isSame) return { stackId: old.id, failure, unchanged: true };
    if (failure !== undefined) this.note(old, "UPDATE", failure);
    else Object.assign(old, { ...contents, updated: this.sequence.time() });
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

  async parameter({ account, region }: Place, name: string): Promise<Published | undefined> {
    const other = this.others.get(`${account}/${region} ${name}`);
    // AWS's own are in every account.
    if (name.startsWith("/aws/")) return other ?? { value: name, modified: new Date(0) };
    for (const stack of this.in(account, region).values())
      for (const { Type, Properties } of resourcesIn(stack.template, account, region).values())
        if (Type === "AWS::SSM::Parameter" && Properties.Name === name)
          return other ?? { value: JSON.stringify(Properties.Value), modified: stack.created };
    return undefined;
  }

  /** Gives a parameter another value, as if what it tells of had been replaced. */
  publish({ account, region }: Place, name: string, value: string): void {
    this.others.set(`${account}/${region} ${name}`, { value, modified: this.sequence.time() });
  }

  async answer(call: Call): Promise<Answer | undefined> {
    return answerStackCall(this, call);
  }

  /** What StackSets could not make it rolls back and deletes; only the events stay. */
  failCreation(stack: StackState, reason: string): void {
    this.note(stack, "CREATE", reason);
    for (const status of ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]) this.noteWhole(stack, status);
    this.delete(stack);
  }

  /** Notes the events of work that failed: at which resource, if the reason says so. */
  note(stack: StackState, work: "CREATE" | "UPDATE" | "DELETE", reason: string): void {
    const parts = /^ResourceLogicalId:(.*?), ResourceType:(.*?), ResourceStatusReason:(.*)$/s.exec(reason);
    this.noteWhole(stack, `${work}_IN_PROGRESS`, "User Initiated");
    const [, logicalId, type, why] = parts ?? [];
    if (logicalId && type) {
      const time = this.sequence.time();
      stack.events.push({ logicalId, type, status: `${work}_FAILED`, reason: why, time });
    }
    if (work === "DELETE") {
      this.noteWhole(stack, "DELETE_FAILED", reason);
      return;
    }
    const rollback = work === "CREATE" ? "ROLLBACK" : "UPDATE_ROLLBACK";
    const failed = logicalId ? `The following resource(s) failed: [${logicalId}].` : reason;
    this.noteWhole(stack, `${rollback}_IN_PROGRESS`, failed);
    this.noteWhole(stack, `${rollback}_COMPLETE`);
  }

  private noteWhole(stack: StackState, status: string, reason?: string): void {
    stack.events.push({ logicalId: stack.name, type: STACK, status, reason, time: this.sequence.time() });
  }

  private existing({ stackId }: StackPlan): StackState | undefined {
    return stackId === undefined ? undefined : this.byId.get(stackId);
  }
}
