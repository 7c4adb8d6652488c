/** Makes one stack set what it should be: looks, starts what is needed, waits, and says what became of it. */
import { CreateStackSetCommand } from "@aws-sdk/client-cloudformation";
import { uploadArtifacts, uploadTemplate } from "./artifacts.ts";
import { compare, type Difference, placeOf, refreshing, type Step, stepsOf } from "./difference.ts";
import { isAnswer } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { describeOwn, hasSkipped, type LiveOperation, type LiveStackSet, listInstances } from "./live.ts";
import type { DesiredStackSet, Target } from "./manifest.ts";
import { obstaclesOf } from "./obstacles.ts";
import { AGAIN, type Touched, touchedBy, type Work, whenFree } from "./operation.ts";
import { finalName, isFulfilled, type Wish } from "./operation-id.ts";
import { type NotSeen, readsFrom, refreshStale } from "./readers.ts";
import { settingsOf, takeSteps } from "./steps.ts";

/** What became of a stack set. */
export interface Applied {
  /** `refreshed` where nothing differed and stacks read again what they read at deploy time. */
  readonly outcome: "unchanged" | "deployed" | "refreshed" | "failed";
  readonly failures: readonly Failure[];
  /** As it was found; absent where nothing had to be looked at. */
  readonly difference?: Difference;
  /** Stacks of which could not be seen whether they go by what is published now. */
  readonly notSeen?: readonly NotSeen[];
  /** What was updated or made meanwhile. */
  readonly touched: Touched;
}

/** All that deploying needs. */
export interface Deployment extends Work {
  /** The content of an artifact, by its key. */
  readonly artifact: (key: string) => Uint8Array;
  /** Whether the stacks of a stack set are to read again what they read at deploy time, though nothing of them differs. */
  readonly isRefreshed: (stackSet: string) => boolean;
}

/**
 * Makes a stack set what it should be.
 *
 * @param touched what of each stack set that it waits for was updated or made in this run
 */
export async function apply(
  work: Deployment,
  desired: DesiredStackSet,
  touched: ReadonlyMap<string, Touched>,
): Promise<Applied> {
  const { aws, manifest } = work;
  const before = await describeOwn(aws.home, manifest, desired.stackSetName);
  const created = before ? undefined : await create(work, desired);
  if (created === "not-here") return UNCHANGED;
  const isAsked = work.isRefreshed(desired.name);
  const targets = desired.targets.filter(work.inScope);
  const readers = isAsked ? [] : targets.filter(readsFrom(manifest, desired, touched));
  return whenFree(work, desired, async (operations, { isFirstLook, ended }) => {
    const live = (isFirstLook && before) || (await describeOwn(aws.home, manifest, desired.stackSetName));
    // Somebody takes it away while it is made.
    if (!live) return AGAIN;
    const wish = { stackSetId: live.id, desired, targets };
    const isSettled = !isAsked && readers.length === 0;
    if (isSettled && (await isUnchanged(work, live, wish, operations)))
      return { ...UNCHANGED, touched: touchedBy(ended) };

    const instances = await listInstances(aws.home, desired.stackSetName);
    const found = compare(desired, live, instances, work.inScope);
    const { difference, notSeen } = isAsked
      ? { difference: askedFor(found, targets, touchedBy(ended)), notSeen: [] }
      : await refreshStale(work, found, readers);
    const obstacles = obstaclesOf(difference);
    const steps = stepsOf(difference);
    const isComplete = obstacles.length === 0 && difference.unwanted.length === 0;
    const regions = [...new Set(targets.map(({ region }) => region))];
    if (steps.length > 0) await uploadArtifacts(aws, manifest, desired.artifacts, regions, work.artifact);
    const failures = await takeSteps(work, { wish, steps, operations, isComplete, ended });
    if (failures === AGAIN) return AGAIN;
    const all = [...obstacles, ...failures];
    const outcome = all.length > 0 ? "failed" : outcomeOf(steps, isAsked && targets.length > 0);
    return { outcome, failures: all, difference, notSeen, touched: touchedBy(ended) };
  });
}

const UNCHANGED: Applied = { outcome: "unchanged", failures: [], touched: new Map() };

/** Where a refresh was asked for, all are meant but those that have been updated in this run. */
function askedFor(found: Difference, targets: readonly Target[], read: Touched): Difference {
  return refreshing(found, (target) =>
    targets.includes(target) && !read.has(placeOf(target)) ? [] : undefined,
  );
}

function outcomeOf(steps: readonly Step[], isAsked: boolean): Applied["outcome"] {
  if (steps.some(({ kind }) => kind !== "refresh")) return "deployed";
  return steps.length > 0 || isAsked ? "refreshed" : "unchanged";
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
