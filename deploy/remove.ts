/** Takes stacks and stack sets away, one after the other. */
import { DeleteStackInstancesCommand, DeleteStackSetCommand } from "@aws-sdk/client-cloudformation";
import { adopt, follow, giveWay, isGood, type Work } from "./apply.ts";
import { type Batch, batchesOf, placeOf } from "./difference.ts";
import { DeployError, isAnswer } from "./errors.ts";
import { type Failure, failuresOf } from "./failure.ts";
import { type LiveInstance, type LiveOperation, listInstances, listOperations } from "./live.ts";
import { accountOf, type OperationPreferences } from "./manifest.ts";
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
const ROUNDS = 20;

/** What is to be taken away of one stack set. */
export interface Removal extends Pick<Removable, "name" | "live" | "isWhole"> {
  readonly instances: readonly LiveInstance[];
  /** The stacks stay in their accounts; StackSets only lets go of them. */
  readonly retainStacks: boolean;
}

/** @returns what failed */
export async function remove(work: Work, removal: Removal): Promise<Failure[]> {
  const { name, live } = removal;
  const { stackSetName } = live;
  const client = work.aws.home;
  const meant = new Set(removal.instances.map(placeOf));
  for (let round = 0; round < ROUNDS; round++) {
    const operations = await listOperations(client, stackSetName);
    if (await adopt(work, { name, stackSetName }, operations)) continue;
    const instances = (await listInstances(client, stackSetName)).filter((own) => meant.has(placeOf(own)));
    if (instances.length > 0) {
      const failures = await removeInstances(work, removal, instances, operations);
      if (failures.length > 0) return failures;
      // Whether they are gone, the next look tells.
      continue;
    }
    if (!removal.isWhole || (await deleteStackSet(work, stackSetName))) return [];
    await giveWay(work);
  }
  throw new DeployError(`other operations on ${stackSetName} came in between ${ROUNDS} times`);
}

async function removeInstances(
  work: Work,
  removal: Removal,
  instances: readonly LiveInstance[],
  operations: readonly LiveOperation[],
): Promise<Failure[]> {
  const { name, live } = removal;
  for (const { batch, retain } of batches(work, removal, instances)) {
    if (work.signal.aborted) await pause(0, work.signal);
    const base = removalName(live.id, batch, retain);
    const id = await startOperation(work.aws.home, live.stackSetName, base, operations, (operationId) =>
      work.aws.home.send(
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
    if (id === undefined) {
      await giveWay(work);
      return [];
    }
    const { operation, results } = await follow(work, name, live.stackSetName, id, "remove");
    if (!isGood(operation, results))
      return failuresOf(work.aws, work.manifest, name, operation, results, instances, []);
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
