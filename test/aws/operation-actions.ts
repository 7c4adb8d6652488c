/** CloudFormation's calls about the operations of a stack set. */
import type { ControlPlane } from "./control-plane.ts";
import { noOperation, preferencesOf } from "./instance-actions.ts";
import { type Answer, type Call, type Fields, page, structures } from "./protocol.ts";
import type { OperationState, StackSetState } from "./state.ts";

/** ListStackSetOperations, the newest first. */
export function listOperations({ table, operations, views }: ControlPlane, call: Call): Answer {
  const set = table.get(call.account, call.region, call.params.StackSetName ?? "");
  const listed = [...views.shown(set, "ListStackSetOperations").operations.values()].reverse();
  const answer = page(call, "Summaries", listed, summary);
  for (const { id } of listed) {
    const operation = set.operations.get(id);
    if (operation) operations.described(set, operation);
  }
  return answer;
}

/** DescribeStackSetOperation. */
export function describeOperation(plane: ControlPlane, call: Call): Answer {
  const { set, operation } = named(plane, call);
  plane.operations.described(set, operation);
  return {
    StackSetOperation: {
      ...summary(operation),
      StackSetId: set.id,
      RetainStacks: operation.action === "DELETE" ? operation.retainStacks : undefined,
      AdministrationRoleARN: set.administrationRole,
      ExecutionRoleName: set.executionRole,
    },
  };
}

/** ListStackSetOperationResults. */
export function listOperationResults(plane: ControlPlane, call: Call): Answer {
  const { set, operation } = named(plane, call);
  const shown = plane.views.shown(set, "ListStackSetOperationResults").operations.get(operation.id);
  const statuses = structures(call.params, "Filters").map(({ Values = "" }) => Values.split(","));
  const results = [...(shown?.results.values() ?? [])].filter(({ status }) =>
    statuses.every((wanted) => wanted.includes(status)),
  );
  return page(call, "Summaries", results, ({ account, region, status, reason }) => ({
    Account: account,
    Region: region,
    Status: status,
    StatusReason: reason,
  }));
}

/** StopStackSetOperation. */
export function stopOperation(plane: ControlPlane, call: Call): Answer {
  const { set, operation } = named(plane, call);
  plane.operations.stop(set, operation);
  return {};
}

/** DetectStackSetDrift. */
export function detectDrift({ table, operations }: ControlPlane, call: Call): Answer {
  const set = table.get(call.account, call.region, call.params.StackSetName ?? "");
  operations.check(set, call.params.OperationId);
  const instances = [...set.instances.values()];
  const operation = operations.start(set, {
    id: call.params.OperationId,
    action: "DETECT_DRIFT",
    instances,
    preferences: preferencesOf(
      call.params,
      instances.map(({ region }) => region),
    ),
  });
  return { OperationId: operation.id };
}

function named({ table }: ControlPlane, call: Call): { set: StackSetState; operation: OperationState } {
  const set = table.get(call.account, call.region, call.params.StackSetName ?? "");
  const operation = set.operations.get(call.params.OperationId ?? "");
  if (!operation) throw noOperation(call.params.OperationId);
  return { set, operation };
}

function summary({ id, action, status, created, ended, results }: OperationState): Fields {
  const failed = [...results.values()].filter((result) => result.status === "FAILED").length;
  return {
    OperationId: id,
    Action: action,
    Status: status,
    CreationTimestamp: created,
    EndTimestamp: ended,
    StatusDetails: { FailedStackInstancesCount: failed },
  };
}
