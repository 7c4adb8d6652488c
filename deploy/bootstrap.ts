/** The roles and buckets that must be there before any stack set: made as plain stacks, account by account. */
import {
  type Capability,
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import type { Aws } from "./aws.ts";
import { DeployError, explain, isAnswer } from "./errors.ts";
import type { BootstrapStack, Manifest } from "./manifest.ts";
import { pause, type Waiting } from "./wait.ts";

export type BootstrapTarget = BootstrapStack["targets"][number];

/** What became of one stack. */
export interface Bootstrapped {
  readonly stack: BootstrapStack;
  readonly target: BootstrapTarget;
  readonly outcome: "created" | "updated" | "unchanged" | "failed" | "unreachable";
  /** Why, where it failed or the account can't be reached. */
  readonly reason?: string;
}

/**
 * Makes or updates one of the stacks.
 *
 * @param role the role to assume where the account is not the caller's own
 */
export async function bootstrapStack(
  aws: Aws,
  stack: BootstrapStack,
  target: BootstrapTarget,
  role: string,
  waiting: Waiting,
): Promise<Bootstrapped> {
  const as = target.id === aws.caller.account ? undefined : { id: target.id, role };
  const client = aws.cloudFormation(target.region, as);
  let status: string | undefined;
  try {
    status = await statusOf(client, stack.stackName);
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    return { stack, target, outcome: "unreachable", reason };
  }
  try {
    const outcome = await makeOrUpdate(client, stack, status);
    if (outcome === "unchanged") return { stack, target, outcome };
    return { stack, target, outcome, ...(await waitForStack(client, stack, waiting)) };
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    return { stack, target, outcome: "failed", reason };
  }
}

async function makeOrUpdate(
  client: CloudFormationClient,
  stack: BootstrapStack,
  status: string | undefined,
): Promise<"created" | "updated" | "unchanged"> {
  const input = {
    StackName: stack.stackName,
    TemplateBody: stack.template,
    Capabilities: stack.capabilities as Capability[],
    Tags: [...stack.tags],
  };
  if (status === undefined) {
    await client.send(new CreateStackCommand({ ...input, EnableTerminationProtection: true }));
    return "created";
  }
  if (status === "ROLLBACK_COMPLETE" || status.endsWith("_FAILED")) {
    throw new DeployError(
      `the stack is ${status}: find out why, delete it there, and run \`landform bootstrap\` again`,
    );
  }
  // Somebody else is at it, or an earlier run was: its end is waited for.
  if (status.endsWith("_IN_PROGRESS")) return status.startsWith("CREATE") ? "created" : "updated";
  try {
    await client.send(new UpdateStackCommand(input));
    return "updated";
  } catch (error) {
    if (error instanceof Error && /no updates are to be performed/i.test(error.message)) return "unchanged";
    throw error;
  }
}

/** @returns undefined where there is no such stack */
async function statusOf(client: CloudFormationClient, stackName: string): Promise<string | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0]?.StackStatus;
  } catch (error) {
    if (isAnswer(error, "ValidationError") && /does not exist/i.test((error as Error).message))
      return undefined;
    throw error;
  }
}

async function waitForStack(
  client: CloudFormationClient,
  { stackName }: BootstrapStack,
  { signal, pollEvery }: Waiting,
): Promise<{ readonly outcome?: "failed"; readonly reason?: string }> {
  for (;;) {
    const status = (await statusOf(client, stackName)) ?? "DELETE_COMPLETE";
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return {};
    if (!status.endsWith("_IN_PROGRESS")) {
      return { outcome: "failed", reason: `${status}: ${await firstReason(client, stackName)}` };
    }
    await pause(pollEvery, signal);
  }
}

/** Why the stack's last operation failed: the earliest failure since it began. */
async function firstReason(client: CloudFormationClient, stackName: string): Promise<string> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stackName }));
  const failures = StackEvents.filter(
    ({ ResourceStatus = "", ResourceStatusReason = "" }) =>
      ResourceStatus.endsWith("_FAILED") && !/cancell?ed/i.test(ResourceStatusReason),
  );
  const first = failures.at(-1);
  return first ? `${first.LogicalResourceId}: ${first.ResourceStatusReason}` : "the events give no reason";
}

/** The call that does the same with the AWS CLI, for whoever has credentials of the account. */
export function cliCall(directory: string, stack: BootstrapStack, { region }: BootstrapTarget): string {
  return [
    "aws cloudformation deploy",
    `--region ${region}`,
    `--stack-name ${stack.stackName}`,
    `--template-file ${directory}/${stack.file}`,
    ...(stack.capabilities.length > 0 ? [`--capabilities ${stack.capabilities.join(" ")}`] : []),
    `--tags ${stack.tags.map(({ Key, Value }) => `${Key}=${Value}`).join(" ")}`,
    "--no-fail-on-empty-changeset",
  ].join(" ");
}

/** Every stack with each of its places, in the order they must be made in. */
export function bootstrapSteps({
  bootstrap,
}: Manifest): { stack: BootstrapStack; target: BootstrapTarget }[] {
  return bootstrap.flatMap((stack) => stack.targets.map((target) => ({ stack, target })));
}
