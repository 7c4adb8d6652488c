/** What is there: stack sets, their instances and operations, as AWS tells. */
import {
  type CloudFormationClient,
  DescribeStackSetCommand,
  ListStackInstancesCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
  type StackInstanceSummary,
  type StackSetOperationSummary,
} from "@aws-sdk/client-cloudformation";
import { DeployError, isAnswer } from "./errors.ts";
import { type Manifest, SPEC_TAG, type Tag } from "./manifest.ts";

/** A stack set as it is. */
export interface LiveStackSet {
  readonly stackSetName: string;
  /** `name:uuid`; another one when it is deleted and made again. */
  readonly id: string;
  readonly description: string;
  readonly template: string;
  readonly tags: readonly Tag[];
  readonly administrationRoleArn: string;
  readonly executionRoleName: string;
  /** Whether operations that don't get in each other's way run side by side, and others queue. */
  readonly hasManagedExecution: boolean;
  /** How many stacks the last look for drift found drifted. */
  readonly drifted: number;
}

/** One stack of a stack set. */
export interface LiveInstance {
  readonly id: string;
  readonly region: string;
  /** Absent as long as no stack could be made. */
  readonly stackId?: string;
  readonly status: "CURRENT" | "OUTDATED" | "INOPERABLE";
  /** What the last operation did to it: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstanceComprehensiveStatus.html */
  readonly detailedStatus: string;
  readonly reason: string;
  readonly drift: string;
}

/** An operation on a stack set. */
export interface LiveOperation {
  readonly id: string;
  readonly action: string;
  readonly status: string;
  readonly failed: number;
  readonly createdAt: number;
}

/** Whether an operation is yet to end. */
export const isPending = ({ status }: Pick<LiveOperation, "status">): boolean =>
  ["QUEUED", "RUNNING", "STOPPING"].includes(status);

/** The most that one page of any of these lists holds. */
const PAGE = 100;

/** Whether a stack set is this spec's. */
export const isOwn = ({ tags }: LiveStackSet, { name }: Manifest): boolean =>
  tags.some(({ Key, Value }) => Key === SPEC_TAG && Value === name);

/** A stack set of the spec. @throws DeployError where one of this name is somebody else's: it is not to be touched */
export async function describeOwn(
  client: CloudFormationClient,
  manifest: Manifest,
  stackSetName: string,
): Promise<LiveStackSet | undefined> {
  const live = await describeStackSet(client, stackSetName);
  if (!live || isOwn(live, manifest)) return live;
  throw new DeployError(
    `there is a stack set ${stackSetName} that has no tag ${SPEC_TAG}=${manifest.name}: it is not this spec's; rename the spec, or tag it if it is`,
  );
}

/** A stack set, whoever made it. */
export async function describeStackSet(
  client: CloudFormationClient,
  stackSetName: string,
): Promise<LiveStackSet | undefined> {
  try {
    const { StackSet } = await client.send(new DescribeStackSetCommand({ StackSetName: stackSetName }));
    return {
      stackSetName,
      id: StackSet?.StackSetId ?? "",
      description: StackSet?.Description ?? "",
      template: StackSet?.TemplateBody ?? "",
      tags: (StackSet?.Tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value })),
      administrationRoleArn: StackSet?.AdministrationRoleARN ?? "",
      executionRoleName: StackSet?.ExecutionRoleName ?? "",
      hasManagedExecution: StackSet?.ManagedExecution?.Active ?? false,
      drifted: StackSet?.StackSetDriftDetectionDetails?.DriftedStackInstancesCount ?? 0,
    };
  } catch (error) {
    if (isAnswer(error, "StackSetNotFound")) return undefined;
    throw error;
  }
}

/** The names of all active stack sets of the account and Region. */
export async function listStackSets(client: CloudFormationClient): Promise<string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListStackSetsCommand({ Status: "ACTIVE", MaxResults: PAGE, ...(NextToken && { NextToken }) }),
    );
    names.push(...(page.Summaries ?? []).map(({ StackSetName = "" }) => StackSetName));
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}

export async function listInstances(
  client: CloudFormationClient,
  stackSetName: string,
): Promise<LiveInstance[]> {
  const instances: LiveInstance[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListStackInstancesCommand({
        StackSetName: stackSetName,
        MaxResults: PAGE,
        ...(NextToken && { NextToken }),
      }),
    );
    instances.push(...(page.Summaries ?? []).map(readInstance));
    NextToken = page.NextToken;
  } while (NextToken);
  return instances;
}

/** Whether an operation passed over stacks because their accounts are suspended, which it does not count as failures. */
export async function hasSkipped(client: CloudFormationClient, stackSetName: string): Promise<boolean> {
  const { Summaries = [], NextToken } = await client.send(
    new ListStackInstancesCommand({
      StackSetName: stackSetName,
      Filters: [{ Name: "DETAILED_STATUS", Values: "SKIPPED_SUSPENDED_ACCOUNT" }],
    }),
  );
  // A page may be empty though there are more: then it is not known.
  return Summaries.length > 0 || NextToken !== undefined;
}

function readInstance(summary: StackInstanceSummary): LiveInstance {
  return {
    id: summary.Account ?? "",
    region: summary.Region ?? "",
    ...(summary.StackId && { stackId: summary.StackId }),
    status: summary.Status ?? "OUTDATED",
    detailedStatus: summary.StackInstanceStatus?.DetailedStatus ?? "",
    reason: summary.StatusReason ?? "",
    drift: summary.DriftStatus ?? "NOT_CHECKED",
  };
}

/**
 * The operations of a stack set, newest first. One page is enough where the service gives the newest first; it
 * promises no order, so the rest is read only where the first page shows another.
 */
export async function listOperations(
  client: CloudFormationClient,
  stackSetName: string,
): Promise<LiveOperation[]> {
  const operations: LiveOperation[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListStackSetOperationsCommand({
        StackSetName: stackSetName,
        MaxResults: PAGE,
        ...(NextToken && { NextToken }),
      }),
    );
    operations.push(...(page.Summaries ?? []).map(readOperation));
    NextToken = page.NextToken;
    const [first, last] = [operations[0], operations.at(-1)];
    if (first && last && first.createdAt > last.createdAt) break;
  } while (NextToken);
  return operations
    .map((operation, index) => ({ operation, index }))
    .sort(newestFirst)
    .map(({ operation }) => operation);
}

/** Of the same moment, the one that the service names first is the newer. */
function newestFirst(
  a: { readonly operation: LiveOperation; readonly index: number },
  b: { readonly operation: LiveOperation; readonly index: number },
): number {
  return b.operation.createdAt - a.operation.createdAt || a.index - b.index;
}

export function readOperation(summary: StackSetOperationSummary): LiveOperation {
  return {
    id: summary.OperationId ?? "",
    action: summary.Action ?? "",
    status: summary.Status ?? "",
    failed: summary.StatusDetails?.FailedStackInstancesCount ?? 0,
    createdAt: summary.CreationTimestamp?.getTime() ?? 0,
  };
}
