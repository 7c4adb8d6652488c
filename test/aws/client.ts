/** What tests say in a few words to the local AWS through the SDK's own client. */

import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  type CreateStackSetCommandInput,
  DescribeStackSetOperationCommand,
  ListStackSetOperationResultsCommand,
  type StackSetOperationPreferences,
} from "@aws-sdk/client-cloudformation";
import type { Aws } from "./server.ts";

/** The Region of the tests. */
export const REGION = "eu-west-1";

/** A client whose calls come from `account`, without retries. */
export async function clientOf(aws: Aws, account: string): Promise<CloudFormationClient> {
  const credentials = await aws.credentialsFor(account);
  return new CloudFormationClient({ endpoint: aws.endpoint, region: REGION, credentials, maxAttempts: 1 });
}

/** A stack set with instances in `accounts`; the id of the operation that makes them. */
export async function createIn(
  client: CloudFormationClient,
  StackSetName: string,
  accounts: readonly string[],
  more: Partial<CreateStackSetCommandInput> & { preferences?: StackSetOperationPreferences } = {},
): Promise<string> {
  const { preferences: OperationPreferences, ...of } = more;
  await client.send(new CreateStackSetCommand({ StackSetName, ManagedExecution: { Active: true }, ...of }));
  const { OperationId = "" } = await client.send(
    new CreateStackInstancesCommand({
      StackSetName,
      Accounts: [...accounts],
      Regions: [REGION],
      OperationPreferences,
    }),
  );
  return OperationId;
}

/** Waits for an operation's end and gives its status. */
export async function ended(
  client: CloudFormationClient,
  StackSetName: string,
  OperationId: string | undefined,
): Promise<string> {
  for (;;) {
    const described = await client.send(new DescribeStackSetOperationCommand({ StackSetName, OperationId }));
    const status = described.StackSetOperation?.Status ?? "";
    if (!["QUEUED", "RUNNING", "STOPPING"].includes(status)) return status;
    await sleep(2);
  }
}

/** Each account's result and reason. */
export async function resultsOf(
  client: CloudFormationClient,
  StackSetName: string,
  OperationId: string | undefined,
): Promise<string[]> {
  const { Summaries = [] } = await client.send(
    new ListStackSetOperationResultsCommand({ StackSetName, OperationId }),
  );
  return Summaries.map(({ Account, Status, StatusReason }) =>
    StatusReason === undefined ? `${Account} ${Status}` : `${Account} ${Status}: ${StatusReason}`,
  );
}

/** Each instance of a stack set as `account status detailed-status`. */
export function instancesOf(aws: Aws, name: string): string[] {
  const instances = aws.stackSets.get(name)?.instances.values() ?? [];
  return [...instances].map(
    ({ account, status, detailedStatus }) => `${account} ${status} ${detailedStatus}`,
  );
}
