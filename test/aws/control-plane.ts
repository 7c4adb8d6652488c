/** StackSets' calls and what they share. */
import {
  createStackInstances,
  deleteStackInstances,
  describeStackInstance,
  listResourceDrifts,
  listStackInstances,
  updateStackInstances,
} from "./instance-actions.ts";
import {
  describeOperation,
  detectDrift,
  listOperationResults,
  listOperations,
  stopOperation,
} from "./operation-actions.ts";
import type { Operations } from "./operations.ts";
import type { Answer, Call } from "./protocol.ts";
import type { Sequence } from "./sequence.ts";
import {
  createStackSet,
  deleteStackSet,
  describeStackSet,
  listStackSets,
  updateStackSet,
} from "./stack-set-actions.ts";
import type { Stacks } from "./stacks.ts";
import type { StackSetTable } from "./state.ts";
import type { Views } from "./views.ts";

/** What the calls work on. */
export interface ControlPlane {
  readonly table: StackSetTable;
  readonly operations: Operations;
  readonly stacks: Stacks;
  readonly sequence: Sequence;
  readonly views: Views;
}

/** StackSets' calls by name. */
export const STACK_SET_ACTIONS: ReadonlyMap<string, (plane: ControlPlane, call: Call) => Answer> = new Map(
  Object.entries({
    CreateStackSet: createStackSet,
    DescribeStackSet: describeStackSet,
    ListStackSets: listStackSets,
    UpdateStackSet: updateStackSet,
    DeleteStackSet: deleteStackSet,
    CreateStackInstances: createStackInstances,
    UpdateStackInstances: updateStackInstances,
    DeleteStackInstances: deleteStackInstances,
    ListStackInstances: listStackInstances,
    DescribeStackInstance: describeStackInstance,
    ListStackSetOperations: listOperations,
    DescribeStackSetOperation: describeOperation,
    ListStackSetOperationResults: listOperationResults,
    StopStackSetOperation: stopOperation,
    DetectStackSetDrift: detectDrift,
    ListStackInstanceResourceDrifts: listResourceDrifts,
  }),
);
