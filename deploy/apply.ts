/** Makes one stack set what it should be: looks, starts what is needed, waits, and says what became of it. */
import {
  type Capability,
  type CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { uploadArtifacts, uploadTemplate } from "./artifacts.ts";
import { compare, type Difference, type Step, stepsOf } from "./difference.ts";
import { isAnswer } from "./errors.ts";
import { type Failure, failuresOf } from "./failure.ts";
import { describeOwn, hasSkipped, type LiveOperation, type LiveStackSet, listInstances } from "./live.ts";
import type { DesiredStackSet } from "./manifest.ts";
import { obstaclesOf } from "./obstacles.ts";
import { AGAIN, follow, isGood, type Work, whenFree } from "./operation.ts";
import { finalName, isFulfilled, stepName, type Wish } from "./operation-id.ts";
import { startOperation } from "./start.ts";
import { pause } from "./wait.ts";

/** What became of a stack set. */
export interface Applied {
  readonly outcome: "unchanged" | "deployed" | "failed";
  readonly failures: readonly Failure[];
  /** As it was found; absent where nothing had to be looked at. */
  readonly difference?: Difference;
}

/** All that deploying needs. */
export interface Deployment extends Work {
  /** The content of an artifact, by its key. */
  readonly artifact: (key: string) => Uint8Array;
}

export async function apply(work: Deployment, desired: DesiredStackSet): Promise<Applied> {
  const { aws, manifest } = work;
  const before = await describeOwn(aws.home, manifest, desired.stackSetName);
  const created = before ? undefined : await create(work, desired);
  if (created === "not-here") return { outcome: "unchanged", failures: [] };
  return whenFree(work, desired, async (operations, isFirstLook) => {
    const live = (isFirstLook && before) || (await describeOwn(aws.home, manifest, desired.stackSetName));
    // Somebody takes it away while it is made.
    if (!live) return AGAIN;
    const targets = desired.targets.filter(work.inScope);
    const wish = { stackSetId: live.id, desired, targets };
    if (await isUnchanged(work, live, wish, operations)) return { outcome: "unchanged", failures: [] };

    const instances = await listInstances(aws.home, desired.stackSetName);
    const difference = compare(desired, live, instances, work.inScope);
    const obstacles = obstaclesOf(difference);
    const steps = stepsOf(difference);
    if (steps.length === 0)
      return { outcome: obstacles.length > 0 ? "failed" : "unchanged", failures: obstacles, difference };
    const regions = [...new Set(targets.map(({ region }) => region))];
    await uploadArtifacts(aws, manifest, desired.artifacts, regions, work.artifact);
    const isComplete = obstacles.length === 0 && difference.unwanted.length === 0;
    const failures = await takeSteps(work, wish, steps, operations, isComplete);
    if (failures === AGAIN) return AGAIN;
    const all = [...obstacles, ...failures];
    return { outcome: all.length > 0 ? "failed" : "deployed", failures: all, difference };
  });
}

/**
 * Whether nothing has happened since this wish was fulfilled. Only where all targets are meant: a promotion tells who is
 * left outdated, and for that every instance must be looked at.
 */
async function isUnchanged(
  { aws, inScope }: Work,
  live: LiveStackSet,
  wish: Wish,
  operations: readonly LiveOperation[],
): Promise<boolean> {
  const { desired, targets } = wish;
  if (targets.length < desired.targets.length) return false;
  if (compare(desired, live, [], inScope).change !== "none" || !isFulfilled(finalName(wish), operations))
    return false;
  return !(await hasSkipped(aws.home, desired.stackSetName));
}

/** Makes the stack set, without stacks; not where none of its targets is meant. */
async function create(work: Work, desired: DesiredStackSet): Promise<"created" | "not-here"> {
  if (!desired.targets.some(work.inScope)) return "not-here";
  work.report({ kind: "create", stackSet: desired.name });
  try {
    await work.aws.home.send(
      new CreateStackSetCommand({
        ...settingsOf(desired),
        TemplateURL: await uploadTemplate(work.aws, work.manifest, desired.name, desired.template),
        PermissionModel: "SELF_MANAGED",
      }),
    );
  } catch (error) {
    // Somebody else made it meanwhile, or an earlier call got through.
    if (!isAnswer(error, "NameAlreadyExists")) throw error;
  }
  return "created";
}

const settingsOf = (desired: DesiredStackSet) => ({
  StackSetName: desired.stackSetName,
  Description: desired.description,
  Capabilities: desired.capabilities as Capability[],
  Tags: [...desired.tags],
  AdministrationRoleARN: desired.administrationRoleArn,
  ExecutionRoleName: desired.executionRoleName,
  ManagedExecution: { Active: true },
});

/** @returns what failed, or that another's operation came in between and everything must be looked at again */
async function takeSteps(
  work: Work,
  wish: Wish,
  steps: readonly Step[],
  operations: readonly LiveOperation[],
  isComplete: boolean,
): Promise<Failure[] | typeof AGAIN> {
  const { aws, manifest } = work;
  const { desired } = wish;
  const failures: Failure[] = [];
  for (const [index, step] of steps.entries()) {
    const isFinal = isComplete && failures.length === 0 && index === steps.length - 1;
    const base = isFinal ? finalName(wish) : stepName(wish, step.kind, step.batch);
    if (work.signal.aborted) await pause(0, work.signal);
    const url = step.withTemplate
      ? await uploadTemplate(aws, manifest, desired.name, desired.template)
      : undefined;
    const id = await startOperation(aws.home, desired.stackSetName, base, operations, (operationId) =>
      start(aws.home, desired, step, operationId, url),
    );
    if (id === undefined) return AGAIN;
    const { operation, results } = await follow(work, desired, id, step.kind, step.batch);
    if (isGood(operation, results)) continue;
    const instances = await listInstances(aws.home, desired.stackSetName);
    const found = await failuresOf({ aws, manifest, stackSet: desired, operation, results, instances });
    failures.push(...found);
    // An account that can't be reached is no reason to leave the others behind; a stack that fails may be one.
    if (!found.every(({ isAboutAccount }) => isAboutAccount)) break;
  }
  return failures;
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
