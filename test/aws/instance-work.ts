/** The work of an operation on one instance. */
import type { Surroundings } from "./operations.ts";
import { fetchParameters } from "./parameters.ts";
import type { InstanceState, OperationState, ResultState, StackSetState } from "./state.ts";
import { placeKey } from "./state.ts";

/** Does what `operation` does to one instance and notes the result; false if that failed. */
export async function workOn(
  set: StackSetState,
  operation: OperationState,
  result: ResultState,
  surroundings: Surroundings,
): Promise<boolean> {
  const { account } = result;
  const instance = set.instances.get(placeKey(account, result.region));
  if (!instance) {
    result.status = "SUCCEEDED";
    return true;
  }
  // To let go of a stack, nobody has to reach its account.
  const isLetGo = operation.action === "DELETE" && operation.retainStacks;
  if (!isLetGo && surroundings.faults()?.suspended?.has(account)) {
    const reason = "Account is suspended";
    Object.assign(result, { status: "CANCELLED", reason });
    Object.assign(instance, { detailedStatus: "SKIPPED_SUSPENDED_ACCOUNT", reason });
    return true;
  }
  instance.detailedStatus = "RUNNING";
  const { version } = set;
  const failure = await failureOf(set, operation, instance, surroundings).catch(String);
  if (failure !== undefined) {
    Object.assign(result, { status: "FAILED", reason: failure });
    Object.assign(instance, { detailedStatus: "FAILED", reason: failure });
    if (operation.action === "DELETE") instance.status = "INOPERABLE";
    else if (operation.action !== "DETECT_DRIFT") instance.status = "OUTDATED";
    return false;
  }
  result.status = "SUCCEEDED";
  if (operation.action === "DELETE") {
    set.instances.delete(placeKey(account, result.region));
    return true;
  }
  Object.assign(instance, { detailedStatus: "SUCCEEDED", reason: undefined });
  // What has changed since the work began is not in the stack.
  if (operation.action !== "DETECT_DRIFT") instance.status = set.version === version ? "CURRENT" : "OUTDATED";
  return true;
}

/** Works on the stack; why that failed, if it did. */
async function failureOf(
  set: StackSetState,
  { action, retainStacks }: OperationState,
  instance: InstanceState,
  { stacks, faults, hasRole, sequence }: Surroundings,
): Promise<string | undefined> {
  const { account, region, stackId } = instance;
  if (action === "DELETE" && retainStacks) return undefined;
  const attempt = (instance.attempts.get(action) ?? 0) + 1;
  instance.attempts.set(action, attempt);
  if (!(await hasRole(account, set.executionRole))) {
    return `Account ${account} should have '${set.executionRole}' role with trust relationship to Role '${set.administrationRole}'.`;
  }
  if (action === "DETECT_DRIFT") {
    const drifted = stackId !== undefined && (stacks.drifts.get(stackId)?.length ?? 0) > 0;
    instance.driftStatus = drifted ? "DRIFTED" : "IN_SYNC";
    instance.driftChecked = sequence.time();
    return undefined;
  }
  const parameters = { ...set.parameters, ...instance.overrides };
  const { resolved, refusal } =
    action === "DELETE"
      ? { resolved: {} }
      : await fetchParameters(stacks, instance, set.template, parameters);
  if (refusal !== undefined) return refusal;
  const plan = {
    account,
    region,
    stackId,
    name: stackId === undefined ? `StackSet-${set.name}-${sequence.uuid()}` : nameIn(stackId),
    template: set.template,
    tags: set.tags,
    parameters,
    resolved,
    capabilities: set.capabilities,
    failure: faults()?.onInstance?.({ stackSet: set.name, account, region, action, attempt }),
  };
  const outcome = await (action === "DELETE" ? stacks.remove(plan) : stacks.deploy(plan));
  if (action !== "DELETE") instance.stackId = outcome.stackId;
  return outcome.failure;
}

const nameIn = (stackId: string) => stackId.split("/")[1] ?? "";
