/** Takes the steps that make a stack set what it should be, one operation after the other. */
import {
  type Capability,
  type CloudFormationClient,
  CreateStackInstancesCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { uploadTemplate } from "./artifacts.ts";
import type { Step } from "./difference.ts";
import { type Failure, failuresOf } from "./failure.ts";
import { type LiveOperation, listInstances } from "./live.ts";
import type { DesiredStackSet } from "./manifest.ts";
import { AGAIN, follow, isGood, type Work } from "./operation.ts";
import { finalName, finalRefreshName, stepName, type Wish } from "./operation-id.ts";
import { startOperation } from "./start.ts";
import { type EndedOperation, pause } from "./wait.ts";

/** The steps of one stack set. */
export interface Course {
  readonly wish: Wish;
  readonly steps: readonly Step[];
  /** What there was before, newest first. */
  readonly operations: readonly LiveOperation[];
  /** Whether nothing is left to do after the last step. */
  readonly isComplete: boolean;
  /** Takes what has ended. */
  readonly ended: EndedOperation[];
}

/** What of a stack set is said with every change of it. */
export const settingsOf = (desired: DesiredStackSet) => ({
  StackSetName: desired.stackSetName,
  Description: desired.description,
  Capabilities: desired.capabilities as Capability[],
  Tags: [...desired.tags],
  AdministrationRoleARN: desired.administrationRoleArn,
  ExecutionRoleName: desired.executionRoleName,
  ManagedExecution: { Active: true },
});

/** @returns what failed, or that another's operation came in between and everything must be looked at again */
export async function takeSteps(
  work: Work,
  { wish, steps, operations, isComplete, ended }: Course,
): Promise<Failure[] | typeof AGAIN> {
  const { aws, manifest } = work;
  const { desired } = wish;
  const failures: Failure[] = [];
  for (const [index, step] of steps.entries()) {
    const isFinal = isComplete && failures.length === 0 && index === steps.length - 1;
    const base = nameOf(wish, step, isFinal);
    if (work.signal.aborted) await pause(0, work.signal);
    const url = step.withTemplate
      ? await uploadTemplate(aws, manifest, desired.name, desired.template)
      : undefined;
    const id = await startOperation(aws.home, desired.stackSetName, base, operations, (operationId) =>
      start(aws.home, desired, step, operationId, url),
    );
    if (id === undefined) return AGAIN;
    const { operation, results } = await follow(work, desired, id, step.kind, step.batch);
    ended.push({ operation, results });
    if (isGood(operation, results)) continue;
    const instances = await listInstances(aws.home, desired.stackSetName);
    const found = await failuresOf({ aws, manifest, stackSet: desired, operation, results, instances });
    failures.push(...found);
    // An account that can't be reached is no reason to leave the others behind; a stack that fails may be one.
    if (!found.every(({ isAboutAccount }) => isAboutAccount)) break;
  }
  return failures;
}

function nameOf(wish: Wish, { kind, batch }: Step, isFinal: boolean): string {
  if (!isFinal) return stepName(wish, kind, batch);
  return kind === "refresh" ? finalRefreshName(wish, batch) : finalName(wish);
}

/** Asks for a step's operation. */
async function start(
  client: CloudFormationClient,
  desired: DesiredStackSet,
  { kind, batch }: Step,
  id: string,
  templateUrl: string | undefined,
): Promise<void> {
  const common = {
    StackSetName: desired.stackSetName,
    OperationId: id,
    OperationPreferences: { ...desired.preferences },
  };
  const places = { Accounts: [...batch.accounts], Regions: [...batch.regions] };
  if (kind === "add") {
    await client.send(new CreateStackInstancesCommand({ ...common, ...places }));
    return;
  }
  await client.send(
    new UpdateStackSetCommand({
      ...settingsOf(desired),
      ...common,
      ...(batch.accounts.length > 0 && places),
      // A template given, even the same, makes every instance OUTDATED that is not named.
      ...(templateUrl === undefined ? { UsePreviousTemplate: true } : { TemplateURL: templateUrl }),
    }),
  );
}
