/** What lists show of a stack set: what is there, or what was there some calls ago. */
import type { Faults, ListCall } from "./faults.ts";
import type { InstanceState, OperationState, StackSetState } from "./state.ts";

/** What lists show. */
export type View = Pick<StackSetState, "instances" | "operations">;

/** No list is further behind than so many calls. */
const MOST = 5;

/** Stack sets as they were before each of the last calls about them; kept only where lists may lag. */
export class Views {
  private past = new WeakMap<StackSetState, View[]>();

  constructor(private readonly faults: () => Faults | undefined) {}

  /** There is a call about the stack set, yet to be answered. */
  called(set: StackSetState | undefined): void {
    if (!set || !this.faults()?.lag) return;
    const views = this.past.get(set) ?? [];
    this.past.set(set, [...views, copyOf(set)].slice(-MOST - 1));
  }

  /** What a list of the call at hand shows. */
  shown(set: StackSetState, action: ListCall["action"]): View {
    const behind = this.faults()?.lag?.({ action, stackSet: set.name }) ?? 0;
    const views = this.past.get(set) ?? [];
    // The last view is from before this very call.
    return behind > 0 ? (views.at(-1 - behind) ?? views[0] ?? set) : set;
  }

  /** From now on lists are not behind what there is now. */
  forget(): void {
    this.past = new WeakMap();
  }
}

function copyOf({ instances, operations }: StackSetState): View {
  const results = (operation: OperationState) =>
    new Map([...operation.results].map(([place, result]) => [place, { ...result }]));
  return {
    instances: new Map(
      [...instances].map(([place, instance]): [string, InstanceState] => [place, { ...instance }]),
    ),
    operations: new Map(
      [...operations].map(([id, operation]) => [id, { ...operation, results: results(operation) }]),
    ),
  };
}
