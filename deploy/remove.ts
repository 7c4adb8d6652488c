/** Takes stacks and stack sets away, one after the other. */
import { DeleteStackInstancesCommand, DeleteStackSetCommand } from "@aws-sdk/client-cloudformation";
import { type Batch, batchesOf, placeOf } from "./difference.ts";
import { isAnswer } from "./errors.ts";
import { type Failure, failuresOf } from "./failure.ts";
import { type LiveInstance, type LiveOperation, listInstances } from "./live.ts";
import { accountOf, type OperationPreferences } from "./manifest.ts";
import { AGAIN, follow, isGood, type Work, whenFree } from "./operation.ts";
import { removalName } from "./operation-id.ts";
import type { Removable } from "./removable.ts";
import { startOperation } from "./start.ts";
import { pause } from "./wait.ts";

/** One stack after the other, and none after a failure. */
const CAREFULLY: OperationPreferences = {
  RegionConcurrencyType: "SEQUENTIAL",
  FailureToleranceCount: 0,
  MaxConcurrentCount: 1,
  ConcurrencyMode: "STRICT_FAILURE_TOLERANCE",
};

/** What is to be taken away of one stack set. */
export interface Removal extends Pick<Removable, "name" | "live" | "isWhole"> {
  readonly instances: readonly LiveInstance[];
  /** The stacks stay in their accounts; StackSets only lets go of them. */
  readonly retainStacks: boolean;
}

/** @returns what failed */
export function remove(work: Work, removal: Removal): Promise<Failure[]> {
  const { name, live, isWhole } = removal;
  const { stackSetName } = live;
  const meant = new Set(removal.instances.map(placeOf));
  return whenFree(work, { name, stackSetName }, async (operations): Promise<Failure[] | typeof AGAIN> => {
    const all = await listInstances(work.aws.home, stackSetName);
    const instances = all.filter((own) => meant.has(placeOf(own)));
    if (instances.length === 0) return !isWhole || (await deleteStackSet(work, stackSetName)) ? [] : AGAIN;
    const failures = await removeInstances(work, removal, instances, operations);
    // Whether they are gone, the next look tells.
    return failures.length > 0 ? failures : AGAIN;
  });
}

async function removeInstances(
  work: Work,
  removal: Removal,
  instances: readonly LiveInstance[],
  operations: readonly LiveOperation[],
): Promise<Failure[]> {
  const { aws, manifest } = work;
  const { name, live } = removal;
  const stackSet = { name, stackSetName: live.stackSetName, targets: [] };
  for (const { batch, retain } of batches(work, removal, instances)) {
    if (work.signal.aborted) await pause(0, work.signal);
    const base = removalName(live.id, batch, retain);
    const id = await startOperation(aws.home, live.stackSetName, base, operations, (operationId) =>
      aws.home.send(
        new DeleteStackInstancesCommand({
          StackSetName: live.stackSetName,
          Accounts: [...batch.accounts],
          Regions: [...batch.regions],
          RetainStacks: retain,
          OperationId: operationId,
          OperationPreferences: { ...CAREFULLY },
        }),
      ),
    );
    if (id === undefined) return [];
    const { operation, results } = await follow(work, stackSet, id, "remove", batch);
    if (!isGood(operation, results))
      return failuresOf({ aws, manifest, stackSet, operation, results, instances });
  }
  return [];
}

/** A closed account can't be reached: StackSets can only let go of its stacks. */
function batches(
  { manifest }: Work,
  { retainStacks }: Removal,
  instances: readonly LiveInstance[],
): { readonly batch: Batch; readonly retain: boolean }[] {
  const letGo = (instance: LiveInstance) =>
    retainStacks || accountOf(manifest, instance.id)?.isClosed === true;
  return [true, false].flatMap((retain) =>
    batchesOf(instances.filter((instance) => letGo(instance) === retain)).map((batch) => ({ batch, retain })),
  );
}

/** @returns whether it is gone; what comes in between is waited for */
async function deleteStackSet({ aws }: Work, stackSetName: string): Promise<boolean> {
  try {
    await aws.home.send(new DeleteStackSetCommand({ StackSetName: stackSetName }));
    return true;
  } catch (error) {
    if (isAnswer(error, "StackSetNotFound")) return true;
    if (isAnswer(error, "OperationInProgress", "StackSetNotEmpty")) return false;
    throw error;
  }
}
