/** What happened in a stack, told by its events. */
import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";

/** Said of what did not go on because something else had failed. */
export const CANCELLED = /cancell?ed/i;

/**
 * The first failure in what a stack did last that is not the consequence of another. A creation that failed ends with the
 * stack rolled back and deleted, so those events come after it.
 *
 * @param isDeletion whether the stack was to be deleted
 */
export async function firstFailedEvent(
  client: CloudFormationClient,
  stackName: string,
  isDeletion: boolean,
): Promise<StackEvent | undefined> {
  const began = isDeletion ? /^DELETE_IN_PROGRESS$/ : /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/;
  let first: StackEvent | undefined;
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeStackEventsCommand({ StackName: stackName, ...(NextToken && { NextToken }) }),
    );
    // Newest first, back to where the stack's last operation began.
    for (const event of page.StackEvents ?? []) {
      const { ResourceStatus = "", ResourceStatusReason = "" } = event;
      const isStack = event.PhysicalResourceId === event.StackId;
      if (ResourceStatus.endsWith("_FAILED") && !isStack && !CANCELLED.test(ResourceStatusReason))
        first = event;
      if (isStack && began.test(ResourceStatus)) return first;
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return first;
}
