/** Makes one stack set what it should be: looks, starts what is needed, waits, and says what became of it. */
import { CreateStackSetCommand } from "@aws-sdk/client-cloudformation";
import { uploadArtifacts, uploadTemplate } from "./artifacts.ts";
import { compare, type Difference, refreshing, stepsOf } from "./difference.ts";
import { isAnswer } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { describeOwn, hasSkipped, type LiveOperation, type LiveStackSet, listInstances } from "./live.ts";
import type { DesiredStackSet, Target } from "./manifest.ts";
import { obstaclesOf } from "./obstacles.ts";
import { AGAIN, hasRead, type Work, whenFree } from "./operation.ts";
import { finalName, isFulfilled, type Wish } from "./operation-id.ts";
import { settingsOf, takeSteps } from "./steps.ts";

/** What became of a stack set. */
export interface Applied {
  /** `refreshed` where nothing differed and stacks read again what they read at deploy time. */
  readonly outcome: "unchanged" | "deployed" | "refreshed" | "failed";
  readonly failures: readonly Failure[];
  /** As it was found; absent where nothing had to be looked at. */
  readonly difference?: Difference;
}

/** All that deploying needs. */
export interface Deployment extends Work {
  /** The content of an artifact, by its key. */
  readonly artifact: (key: string) => Uint8Array;
  /** Whether the stacks of a stack set are to read again what they read at deploy time, though nothing of them differs. */
  readonly isRefreshed: (stackSet: string) => boolean;
}

export async function apply(work: Deployment, desired: DesiredStackSet): Promise<Applied> {
  const { aws, manifest } = work;
  const before = await describeOwn(aws.home, manifest, desired.stackSetName);
  const created = before ? undefined : await create(work, desired);
  if (created === "not-here") return { outcome: "unchanged", failures: [] };
  return whenFree(work, desired, async (operations, { isFirstLook, ended }) => {
    const live = (isFirstLook && before) || (await describeOwn(aws.home, manifest, desired.stackSetName));
    // Somebody takes it away while it is made.
    if (!live) return AGAIN;
    const targets = desired.targets.filter(work.inScope);
    const wish = { stackSetId: live.id, desired, targets };
    const isAsked = work.isRefreshed(desired.name);
    if (!isAsked && (await isUnchanged(work, live, wish, operations)))
      return { outcome: "unchanged", failures: [] };

    const instances = await listInstances(aws.home, desired.stackSetName);
    const found = compare(desired, live, instances, work.inScope);
    const isRead = hasRead(ended);
    const isMeant = (target: Target) => isAsked && work.inScope(target) && !isRead(target);
    const difference = refreshing(found, (target) => (isMeant(target) ? ASKED : undefined));
    const obstacles = obstaclesOf(difference);
    const steps = stepsOf(difference);
    if (steps.length === 0) {
      const outcome = isAsked && targets.some(isRead) ? "refreshed" : "unchanged";
      return { outcome: obstacles.length > 0 ? "failed" : outcome, failures: obstacles, difference };
    }
    const regions = [...new Set(targets.map(({ region }) => region))];
    await uploadArtifacts(aws, manifest, desired.artifacts, regions, work.artifact);
    const isComplete = obstacles.length === 0 && difference.unwanted.length === 0;
    const failures = await takeSteps(work, { wish, steps, operations, isComplete, ended });
    if (failures === AGAIN) return AGAIN;
    const all = [...obstacles, ...failures];
    const outcome = steps.every(({ kind }) => kind === "refresh") ? "refreshed" : "deployed";
    return { outcome: all.length > 0 ? "failed" : outcome, failures: all, difference };
  });
}

/** Why a stack is refreshed in which nothing is known to be another one. */
const ASKED = "it was asked for";

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
