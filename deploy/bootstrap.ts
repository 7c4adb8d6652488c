/** What must be there before any stack set: roles and buckets as plain stacks, and services' own roles, account by account. */
import {
  type Capability,
  type CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { IAMClient } from "@aws-sdk/client-iam";
import type { Aws } from "./aws.ts";
import { DeployError, explain, Interrupted, isAboutCaller, isAnswer, isDenied } from "./errors.ts";
import type { BootstrapStack, Manifest } from "./manifest.ts";
import { makeServiceLinkedRole } from "./service-linked-role.ts";
import { firstFailedEvent } from "./stack-events.ts";
import { pause, type Waiting } from "./wait.ts";

/** One thing that must be there in an account. */
export type BootstrapStep = StackStep | RoleStep;

/** One of the stacks in one of its places. */
export interface StackStep {
  readonly stack: BootstrapStack;
  readonly target: BootstrapStack["targets"][number];
}

/** The service-linked role of a service. */
export interface RoleStep {
  readonly service: string;
  /** IAM is global, so it has no Region. */
  readonly target: Omit<StackStep["target"], "region">;
}

/** What became of one step. */
export interface Bootstrapped {
  readonly step: BootstrapStep;
  readonly outcome: "created" | "updated" | "unchanged" | "failed" | "unreachable";
  /** Why, where it failed or the account can't be reached. */
  readonly reason?: string;
}

/** Everything, in the order it must be made in. */
export const bootstrapSteps = ({ bootstrap, accounts }: Manifest): BootstrapStep[] => [
  ...bootstrap.flatMap((stack) => stack.targets.map((target) => ({ stack, target }))),
  ...accounts.flatMap(({ name, id, serviceLinkedRoles }) =>
    serviceLinkedRoles.map((service) => ({ service, target: { account: name, id } })),
  ),
];

/** How often another change of the stack may come in between. */
const ROUNDS = 10;

/**
 * Has it there as it should be.
 *
 * @param role the role to assume where the account is not the caller's own
 */
export async function takeStep(
  aws: Aws,
  { home }: Manifest,
  step: BootstrapStep,
  role: string,
  waiting: Waiting,
): Promise<Bootstrapped> {
  const { id } = step.target;
  const as = id === aws.caller.account ? undefined : { id, role };
  if (waiting.signal.aborted) throw new Interrupted();
  try {
    const outcome =
      "stack" in step
        ? await makeOrUpdate(aws.cloudFormation(step.target.region, as), step.stack, waiting)
        : await makeServiceLinkedRole(new IAMClient(aws.configOf(home, as)), step.service);
    return { step, outcome };
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    if (isAboutCaller(error)) throw error;
    return { step, outcome: isDenied(error) ? "unreachable" : "failed", reason };
  }
}

/** Until the stack has this template, whoever is at it too. */
async function makeOrUpdate(
  client: CloudFormationClient,
  stack: BootstrapStack,
  { signal, pollEvery }: Waiting,
): Promise<"created" | "updated" | "unchanged"> {
  let asked: "created" | "updated" | undefined;
  for (let round = 0; round < ROUNDS; ) {
    if (signal.aborted) throw new Interrupted();
    const status = await statusOf(client, stack.stackName);
    if (status === "REVIEW_IN_PROGRESS") throw await stuck(client, stack, status);
    if (status?.endsWith("_IN_PROGRESS")) {
      await pause(pollEvery, signal);
      continue;
    }
    if (status !== undefined && !/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status))
      throw await stuck(client, stack, status);
    if (status === "UPDATE_ROLLBACK_COMPLETE" && asked) throw await stuck(client, stack, status);
    round++;
    const now = await ask(client, stack, status);
    if (now === "unchanged") return asked ?? now;
    asked ??= now;
  }
  throw new DeployError(`others changed ${stack.stackName} ${ROUNDS} times meanwhile`);
}

/** @returns what was begun; `unchanged` where there is nothing to do */
async function ask(
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
  const outcome = status === undefined ? "created" : "updated";
  try {
    await client.send(
      status === undefined
        ? new CreateStackCommand({ ...input, EnableTerminationProtection: true })
        : new UpdateStackCommand(input),
    );
    return outcome;
  } catch (error) {
    const { message } = error as Error;
    if (/no updates are to be performed/i.test(message)) return "unchanged";
    // An earlier call got through though its answer was lost, or somebody else is at it: the next look tells.
    if (isAnswer(error, "AlreadyExists") || /_IN_PROGRESS state/.test(message)) return outcome;
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

/** A stack that can't go on by itself. */
async function stuck(
  client: CloudFormationClient,
  { stackName }: BootstrapStack,
  status: string,
): Promise<DeployError> {
  if (status === "REVIEW_IN_PROGRESS")
    return new DeployError("a change set waits there to be executed: execute it, or delete the stack");
  const event = await firstFailedEvent(client, stackName, status.startsWith("DELETE"));
  const reason = event ? ` (${event.LogicalResourceId}: ${event.ResourceStatusReason})` : "";
  const advice = status.startsWith("UPDATE_ROLLBACK_COMPLETE")
    ? "find out why"
    : "delete the stack when you know why";
  return new DeployError(`it is ${status}${reason}: ${advice}, and run \`landform bootstrap\` again`);
}

/** The call that does the same with the AWS CLI, for whoever has credentials of the account. */
export function cliCall(directory: string, step: BootstrapStep): string {
  if (!("stack" in step)) return `aws iam create-service-linked-role --aws-service-name ${step.service}`;
  const { stack, target } = step;
  return [
    "aws cloudformation deploy",
    `--region ${target.region}`,
    `--stack-name ${stack.stackName}`,
    `--template-file ${quote(`${directory}/${stack.file}`)}`,
    ...(stack.capabilities.length > 0 ? [`--capabilities ${stack.capabilities.join(" ")}`] : []),
    `--tags ${stack.tags.map(({ Key, Value }) => `${Key}=${Value}`).join(" ")}`,
    "--no-fail-on-empty-changeset",
  ].join(" ");
}

/** For a shell, where the path has anything in it that means something there. */
const quote = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
