/** CloudFormation's calls about stacks in the caller's own account, answered from memory. */
import { changesBetween, physicalId } from "./change-sets.ts";
import { type Answer, AwsError, type Call, type Fields, invalid, page, pairs } from "./protocol.ts";
import { type ChangeSetState, contentsOf, type MemoryStacks, STACK, type StackState } from "./stacks.ts";
import { resourcesIn, ssmParametersOf } from "./template.ts";

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const ACTIONS: Readonly<Record<string, (stacks: MemoryStacks, call: Call) => Answer>> = {
  CreateStack(stacks, call) {
    const stack = create(stacks, call, templateOf(call), "CREATE_COMPLETE");
    return { StackId: stack.id };
  },

  UpdateStack(stacks, call) {
    const stack = named(stacks, call);
    const template = call.template ?? stack.template;
    const tags = pairs(call.params, "Tags") ?? stack.tags;
    const parameters = pairs(call.params, "Parameters") ?? {};
    const { resolved = {} } = call;
    const state = (contents: object) => JSON.stringify(contents);
    if (state({ template, tags, parameters, resolved }) === state(contentsOf(stack))) {
      throw invalid("No updates are to be performed.");
    }
    const updated = stacks.sequence.time();
    Object.assign(stack, { template, tags, parameters, resolved, updated, status: "UPDATE_COMPLETE" });
    return { StackId: stack.id };
  },

  DeleteStack(stacks, call) {
    const stack = stacks.find(call.account, call.region, call.params.StackName ?? "");
    if (stack && stack.status !== "DELETE_COMPLETE") stacks.delete(stack);
    return {};
  },

  DescribeStacks(stacks, call) {
    const all = call.params.StackName === undefined;
    const found = all ? [...stacks.in(call.account, call.region).values()] : [named(stacks, call, true)];
    return page(call, "Stacks", found, (stack) => ({
      StackId: stack.id,
      StackName: stack.name,
      CreationTime: stack.created,
      LastUpdatedTime: stack.updated,
      StackStatus: stack.status,
      Parameters: describeParameters(stack),
      Tags: tagsOf(stack),
    }));
  },

  GetTemplate: (stacks, call) => ({
    TemplateBody: named(stacks, call, true).template,
    StagesAvailable: ["Original", "Processed"],
  }),

  DescribeStackEvents: (stacks, call) => describeEvents(named(stacks, call, true), call),

  ListStackResources(stacks, call) {
    const stack = named(stacks, call, true);
    const made = !["DELETE_COMPLETE", "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"].includes(stack.status);
    const resources = made ? [...resourcesIn(stack.template, call.account, call.region)] : [];
    return page(call, "StackResourceSummaries", resources, ([logicalId, { Type }]) => ({
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId(logicalId),
      ResourceType: Type,
      ResourceStatus: "CREATE_COMPLETE",
      LastUpdatedTimestamp: stack.created,
    }));
  },

  CreateChangeSet(stacks, call) {
    const isNew = call.params.ChangeSetType === "CREATE";
    const stack = isNew ? reviewed(stacks, call) : named(stacks, call);
    if (!isNew && stack.status === "REVIEW_IN_PROGRESS") {
      throw invalid(`Stack [${stack.name}] is in REVIEW_IN_PROGRESS state and can not be updated.`);
    }
    return createChangeSet(stacks, call, stack, isNew ? undefined : stack.template);
  },

  DescribeChangeSet: (stacks, call) => describeChangeSet(changeSetOf(stacks, call), call),

  DeleteChangeSet(stacks, call) {
    const { StackName = "" } = call.params;
    const changeSet = findChangeSet(stacks, call);
    if (changeSet) stacks.changeSets.delete(changeSet.id);
    else if (!isThere(stacks.find(call.account, call.region, StackName))) {
      throw invalid(`Stack [${StackName}] does not exist`);
    }
    // Where the stack is there, AWS takes what is not there for deleted.
    return {};
  },
};

/** Answers a call about stacks; undefined if there is no such action. */
export function answerStackCall(stacks: MemoryStacks, call: Call): Answer | undefined {
  return ACTIONS[call.action]?.(stacks, call);
}

/** The events of a stack, the newest first. */
export function describeEvents(stack: StackState, call: Call): Fields {
  const { events } = stack;
  const own = { logicalId: stack.name, type: STACK, reason: undefined, time: stack.created };
  const shown = events.length > 0 ? [...events].reverse() : [{ ...own, status: stack.status }];
  return page(call, "StackEvents", shown, ({ logicalId, type, status, reason, time }) => ({
    StackId: stack.id,
    StackName: stack.name,
    EventId: `${logicalId}-${status}-${time.getTime()}`,
    LogicalResourceId: logicalId,
    PhysicalResourceId: type === STACK ? stack.id : "",
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: reason,
    Timestamp: time,
  }));
}

/** Makes a change set of `stack`, which has the template `before`. */
export function createChangeSet(
  stacks: MemoryStacks,
  call: Call,
  stack: Pick<StackState, "id" | "name">,
  before: string | undefined,
): Fields {
  const name = call.params.ChangeSetName ?? "";
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) throw invalid(`Value '${name}' at 'changeSetName'`);
  const token = call.params.ClientToken;
  const old = [...stacks.changeSets.values()].find((set) => set.stackId === stack.id && set.name === name);
  if (old && token !== undefined && old.token === token) return { Id: old.id, StackId: stack.id };
  if (old) throw new AwsError("AlreadyExistsException", `ChangeSet ${name} already exists`);
  const { account, region } = call;
  const { sequence } = stacks;
  const changeSet: ChangeSetState = {
    id: `arn:aws:cloudformation:${region}:${account}:changeSet/${name}/${sequence.uuid()}`,
    name,
    stackId: stack.id,
    stackName: stack.name,
    token,
    created: sequence.time(),
    changes: changesBetween(before, call.template ?? before ?? "", account, region),
  };
  stacks.changeSets.set(changeSet.id, changeSet);
  return { Id: changeSet.id, StackId: stack.id };
}

/** The description of a change set, a page of changes at a time. */
export function describeChangeSet(changeSet: ChangeSetState, call: Call): Fields {
  const { id, name, stackId, stackName, created, changes } = changeSet;
  return {
    ChangeSetId: id,
    ChangeSetName: name,
    StackId: stackId,
    StackName: stackName,
    CreationTime: created,
    ...(changes.length > 0
      ? { Status: "CREATE_COMPLETE", ExecutionStatus: "AVAILABLE" }
      : { Status: "FAILED", ExecutionStatus: "UNAVAILABLE", StatusReason: NO_CHANGES }),
    ...page(call, "Changes", changes, (change) => change),
  };
}

/** The change set that a call names by its ARN, or by its name and stack. */
export function changeSetOf(stacks: MemoryStacks, call: Call): ChangeSetState {
  const found = findChangeSet(stacks, call);
  if (found) return found;
  const { ChangeSetName: name = "" } = call.params;
  throw new AwsError("ChangeSetNotFound", `ChangeSet [${name}] does not exist`, 404);
}

/** The same, or undefined where there is none. */
export function findChangeSet(
  stacks: MemoryStacks,
  { params, account, region }: Call,
): ChangeSetState | undefined {
  const { ChangeSetName: name = "", StackName: stack } = params;
  const own = [...stacks.changeSets.values()].filter(({ id }) => id.includes(`:${region}:${account}:`));
  return own.find(
    (set) => set.id === name || (set.name === name && (set.stackId === stack || set.stackName === stack)),
  );
}

/** The stack that a change set for a new stack makes or finds. */
export function reviewed(stacks: MemoryStacks, call: Call): StackState {
  const old = stacks.find(call.account, call.region, call.params.StackName ?? "");
  if (old?.status === "REVIEW_IN_PROGRESS") return old;
  return create(stacks, call, "", "REVIEW_IN_PROGRESS");
}

function create(stacks: MemoryStacks, call: Call, template: string, status: string): StackState {
  const { account, region, params } = call;
  const name = params.StackName ?? "";
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) throw invalid(`Value '${name}' at 'stackName'`);
  if (stacks.in(account, region).has(name)) {
    throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
  }
  const tags = pairs(params, "Tags") ?? {};
  const parameters = pairs(params, "Parameters") ?? {};
  const { resolved = {} } = call;
  return stacks.create({ account, region, name }, { template, tags, parameters, resolved, status });
}

/** The parameters of a stack, with the values that were looked up. */
export function describeParameters({
  template,
  parameters,
  resolved,
}: Pick<StackState, "template" | "parameters" | "resolved">): Fields[] {
  const values = { ...Object.fromEntries(ssmParametersOf(template)), ...parameters };
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
    ResolvedValue: resolved[ParameterKey],
  }));
}

function named(stacks: MemoryStacks, call: Call, deletedToo = false): StackState {
  const name = call.params.StackName ?? "";
  const stack = stacks.find(call.account, call.region, name);
  if (!stack || (!isThere(stack) && !deletedToo)) {
    throw invalid(`Stack with id ${name} does not exist`);
  }
  return stack;
}

const isThere = (stack: StackState | undefined) => stack !== undefined && stack.status !== "DELETE_COMPLETE";

function templateOf({ template }: Call): string {
  if (template === undefined) throw invalid("Either Template URL or Template Body must be specified.");
  return template;
}

const tagsOf = ({ tags }: StackState) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
