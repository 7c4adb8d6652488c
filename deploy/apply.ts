/** Makes one stack set what it should be: looks, starts what is needed, waits, and says what became of it. */
import {
  type Capability,
  type CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { uploadTemplate } from "./artifacts.ts";
import type { Aws } from "./aws.ts";
import { compare, type Difference, type Step, stepsOf } from "./difference.ts";
import { DeployError, isAnswer } from "./errors.ts";
import { type Failure, failuresOf } from "./failure.ts";
import {
  describeStackSet,
  hasSkipped,
  isPending,
  type LiveOperation,
  type LiveStackSet,
  listInstances,
  listOperations,
} from "./live.ts";
import { type DesiredStackSet, type Manifest, SPEC_TAG, type Target } from "./manifest.ts";
import { obstaclesOf } from "./obstacles.ts";
import { finalName, isFulfilled, stepName } from "./operation-id.ts";
import { startOperation } from "./start.ts";
import { awaitOperation, type InstanceResult, pause, type Waiting } from "./wait.ts";

/** What an operation is about, for whoever watches. */
export type Activity = "update" | "add" | "adopted" | "remove" | "drift";

/** What happens while it happens. */
export type Happening =
  | { readonly kind: "looking" | "create" | "waits-for-others"; readonly stackSet: string }
  | {
      readonly kind: "operation";
      readonly stackSet: string;
      readonly activity: Activity;
      readonly operation: LiveOperation;
      readonly results: readonly InstanceResult[];
    };

/** All that deploying one stack set needs besides it. */
export interface Work extends Waiting {
  readonly aws: Aws;
  readonly manifest: Manifest;
  readonly inScope: (target: Target) => boolean;
  readonly report: (happening: Happening) => void;
}

/** What became of a stack set. */
export interface Applied {
  readonly outcome: "unchanged" | "deployed" | "failed";
  readonly failures: readonly Failure[];
  /** As it was found; absent where nothing had to be looked at. */
  readonly difference?: Difference;
}

/** How often another's operation may come in between before it is given up. */
const ROUNDS = 20;
/** Milliseconds that are left to another's operation. */
const GIVE_WAY = 2_000;

export async function apply(work: Work, desired: DesiredStackSet): Promise<Applied> {
  const client = work.aws.home;
  const stackSet = desired.name;
  for (let round = 0; round < ROUNDS; round++) {
    work.report({ kind: "looking", stackSet });
    const live = await describeStackSet(client, desired.stackSetName);
    if (live) refuseStranger(live, work.manifest);
    const operations = live ? await listOperations(client, desired.stackSetName) : [];
    if (await adopt(work, desired, operations)) continue;

    const targets = desired.targets.filter(work.inScope);
    const known = live && { stackSetId: live.id, desired, targets };
    const glance = compare(desired, live, [], work.inScope);
    const isSame = known && glance.change === "none" && isFulfilled(finalName(known), operations);
    if (isSame && !(await hasSkipped(client, desired.stackSetName)))
      return { outcome: "unchanged", failures: [] };

    const instances = live ? await listInstances(client, desired.stackSetName) : [];
    const difference = compare(desired, live, instances, work.inScope);
    const obstacles = obstaclesOf(difference);
    const steps = stepsOf(difference);
    if (steps.length === 0)
      return { outcome: obstacles.length > 0 ? "failed" : "unchanged", failures: obstacles, difference };
    const url = ["create", "template"].includes(difference.change)
      ? await uploadTemplate(work.aws, work.manifest, stackSet, desired.template)
      : undefined;
    const stackSetId = live?.id ?? (await create(work, desired, url ?? ""));
    if (stackSetId === undefined) continue;
    const wish = { stackSetId, desired, targets };
    const isComplete = obstacles.length === 0 && difference.unwanted.length === 0;
    const failures = await takeSteps(work, wish, steps, operations, url, isComplete);
    if (failures === "again") continue;
    const all = [...obstacles, ...failures];
    return { outcome: all.length > 0 ? "failed" : "deployed", failures: all, difference };
  }
  throw new DeployError(
    `other operations on ${desired.stackSetName} came in between ${ROUNDS} times: find out who deploys it besides you`,
  );
}

/** A stack set of this name that is not ours must not be taken over. */
function refuseStranger({ stackSetName, tags }: LiveStackSet, { name }: Manifest): void {
  if (tags.some(({ Key, Value }) => Key === SPEC_TAG && Value === name)) return;
  throw new DeployError(
    `there is a stack set ${stackSetName} that has no tag ${SPEC_TAG}=${name}: it is not this spec's; rename the spec, or tag it if it is`,
  );
}

/** Waits for what runs already, whoever started it; @returns whether there was something */
export async function adopt(
  work: Work,
  { name, stackSetName }: Pick<DesiredStackSet, "name" | "stackSetName">,
  operations: readonly LiveOperation[],
): Promise<boolean> {
  const running = operations.filter(isPending).toReversed();
  for (const { id } of running) await follow(work, name, stackSetName, id, "adopted");
  return running.length > 0;
}

/** Leaves some time to another's operation that AWS tells of but may not list yet. */
export const giveWay = ({ pollEvery, signal }: Waiting): Promise<void> =>
  pause(Math.min(GIVE_WAY, pollEvery), signal);

/** Waits for an operation and tells how it goes. */
export function follow(work: Work, stackSet: string, stackSetName: string, id: string, activity: Activity) {
  return awaitOperation(work.aws.home, stackSetName, id, work, (operation, results) =>
    work.report({ kind: "operation", stackSet, activity, operation, results }),
  );
}

/** @returns the id of the new stack set; undefined where somebody made one of this name meanwhile */
async function create(
  work: Work,
  desired: DesiredStackSet,
  templateUrl: string,
): Promise<string | undefined> {
  work.report({ kind: "create", stackSet: desired.name });
  try {
    const { StackSetId = "" } = await work.aws.home.send(
      new CreateStackSetCommand({
        ...settingsOf(desired),
        TemplateURL: templateUrl,
        PermissionModel: "SELF_MANAGED",
      }),
    );
    return StackSetId;
  } catch (error) {
    if (isAnswer(error, "NameAlreadyExists")) return undefined;
    throw error;
  }
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

/** An operation that skipped suspended accounts is a success to StackSets. */
export const isGood = ({ status, failed }: LiveOperation, results: readonly InstanceResult[]): boolean =>
  status === "SUCCEEDED" &&
  failed === 0 &&
  !results.some((result) => result.status === "FAILED" || result.status === "CANCELLED");

/** @returns what failed, or that another's operation came in between and everything must be looked at again */
async function takeSteps(
  work: Work,
  wish: {
    readonly stackSetId: string;
    readonly desired: DesiredStackSet;
    readonly targets: readonly Target[];
  },
  steps: readonly Step[],
  operations: readonly LiveOperation[],
  templateUrl: string | undefined,
  isComplete: boolean,
): Promise<Failure[] | "again"> {
  const { desired } = wish;
  for (const [index, step] of steps.entries()) {
    const isFinal = isComplete && index === steps.length - 1;
    const base = isFinal ? finalName(wish) : stepName(wish, step.kind, step.batch);
    if (work.signal.aborted) await pause(0, work.signal);
    const id = await startOperation(work.aws.home, desired.stackSetName, base, operations, (operationId) =>
      start(work.aws.home, desired, step, operationId, templateUrl),
    );
    if (id === undefined) {
      work.report({ kind: "waits-for-others", stackSet: desired.name });
      await giveWay(work);
      return "again";
    }
    const { operation, results } = await follow(work, desired.name, desired.stackSetName, id, step.kind);
    if (!isGood(operation, results)) {
      const instances = await listInstances(work.aws.home, desired.stackSetName);
      return failuresOf(
        work.aws,
        work.manifest,
        desired.name,
        operation,
        results,
        instances,
        desired.targets,
      );
    }
  }
  return [];
}

/** Asks for a step's operation. */
async function start(
  client: CloudFormationClient,
  desired: DesiredStackSet,
  { kind, batch, withTemplate }: Step,
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
      ...(withTemplate && templateUrl ? { TemplateURL: templateUrl } : { UsePreviousTemplate: true }),
    }),
  );
}
