/** Starting an operation so that it is one, however often it is asked for. */
import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { isAnswer } from "./errors.ts";
import type { LiveOperation } from "./live.ts";
import { nextNumber } from "./operation-id.ts";
import { describeOperation } from "./wait.ts";

/**
 * Starts an operation under the first number of its name that is not used up.
 *
 * @param base the name without its number
 * @param operations those that are known, newest first; old ones may be missing
 * @param call asks for the operation under an id
 * @returns the id; undefined where another operation is in the way, and everything must be looked at again
 */
export async function startOperation(
  client: CloudFormationClient,
  stackSetName: string,
  base: string,
  operations: readonly LiveOperation[],
  call: (id: string) => Promise<unknown>,
): Promise<string | undefined> {
  for (let number = nextNumber(base, operations); ; number++) {
    const id = `${base}-${number}`;
    try {
      await call(id);
      return id;
    } catch (error) {
      if (isAnswer(error, "OperationInProgress", "StaleRequest", "StackInstanceNotFound")) return undefined;
      if (!isAnswer(error, "OperationIdAlreadyExists")) throw error;
      if (await isRecent(client, stackSetName, id, operations)) return id;
    }
  }
}

/**
 * An operation that is there but not among those that were listed: a call that got through though its answer was lost, or
 * one from so long ago that it is not listed any more.
 */
async function isRecent(
  client: CloudFormationClient,
  stackSetName: string,
  id: string,
  operations: readonly LiveOperation[],
): Promise<boolean> {
  const known = await describeOperation(client, stackSetName, id);
  return known === undefined || known.createdAt >= (operations[0]?.createdAt ?? 0);
}
