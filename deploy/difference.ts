/** What has to happen to a stack set: the wanted one beside the live one. Pure. */
import type { LiveInstance, LiveStackSet } from "./live.ts";
import type { DesiredStackSet, Tag, Target } from "./manifest.ts";
import type { StaleValue } from "./stale.ts";

/** What becomes of one wanted stack. */
export type InstanceChange =
  | { readonly kind: "add" }
  | { readonly kind: "update"; readonly why: string }
  /** Nothing of it differs; it is to read again what it reads at deploy time, which is known to be another or was asked for. */
  | { readonly kind: "refresh"; readonly stale: readonly StaleValue[] }
  | { readonly kind: "none" }
  /** It is behind, or not there yet, but was not asked for: another environment is being promoted. */
  | { readonly kind: "outdated" | "absent" }
  /** StackSets leaves it out of every operation, so somebody has to look. */
  | { readonly kind: "inoperable"; readonly why: string };

export interface WantedInstance {
  readonly target: Target;
  readonly change: InstanceChange;
  readonly live?: LiveInstance;
}

/** How a stack set differs from what it should be. */
export interface Difference {
  readonly desired: DesiredStackSet;
  readonly live?: LiveStackSet;
  /** What is to be done to the stack set itself; `settings` are those that change nothing in a stack. */
  readonly change: "create" | "template" | "settings" | "none";
  readonly instances: readonly WantedInstance[];
  /** Instances that are there but not wanted: only `remove` touches them. */
  readonly unwanted: readonly LiveInstance[];
}

/** @param inScope whether an environment is being deployed now */
export function compare(
  desired: DesiredStackSet,
  live: LiveStackSet | undefined,
  instances: readonly LiveInstance[],
  inScope: (target: Target) => boolean,
): Difference {
  const change = changeOf(desired, live);
  const byPlace = new Map(instances.map((instance) => [placeOf(instance), instance]));
  const wanted = desired.targets.map((target): WantedInstance => {
    const own = byPlace.get(placeOf(target));
    byPlace.delete(placeOf(target));
    return { target, change: changeInstance(own, change, inScope(target)), ...(own && { live: own }) };
  });
  return { desired, ...(live && { live }), change, instances: wanted, unwanted: [...byPlace.values()] };
}

/**
 * A difference in which stacks that would be left alone are updated as they are.
 *
 * @param staleIn what one goes by that is another by now; undefined for those that are left alone
 */
export function refreshing(
  difference: Difference,
  staleIn: (target: Target) => readonly StaleValue[] | undefined,
): Difference {
  const instances = difference.instances.map((instance): WantedInstance => {
    const stale = instance.change.kind === "none" ? staleIn(instance.target) : undefined;
    return stale ? { ...instance, change: { kind: "refresh", stale } } : instance;
  });
  return { ...difference, instances };
}

function changeOf(desired: DesiredStackSet, live: LiveStackSet | undefined): Difference["change"] {
  if (!live) return "create";
  // Whether the service keeps the last line end is not promised.
  if (live.template.trimEnd() !== desired.template.trimEnd() || !sameTags(live.tags, desired.tags))
    return "template";
  const settingsDiffer =
    live.description !== desired.description ||
    live.administrationRoleArn !== desired.administrationRoleArn ||
    live.executionRoleName !== desired.executionRoleName ||
    !live.hasManagedExecution;
  return settingsDiffer ? "settings" : "none";
}

function changeInstance(
  live: LiveInstance | undefined,
  change: Difference["change"],
  inScope: boolean,
): InstanceChange {
  if (!live) return { kind: inScope ? "add" : "absent" };
  if (live.status === "INOPERABLE")
    return inScope ? { kind: "inoperable", why: live.reason } : { kind: "outdated" };
  if (change === "template" || change === "create")
    return inScope ? { kind: "update", why: "the template is new" } : { kind: "outdated" };
  if (change === "settings" && inScope) return { kind: "update", why: "the stack set's settings are new" };
  if (live.status === "CURRENT") return { kind: "none" };
  if (!inScope) return { kind: "outdated" };
  return { kind: "update", why: behind(live) };
}

/** Why a stack is not what its stack set says. */
function behind({ detailedStatus, reason }: LiveInstance): string {
  if (detailedStatus === "FAILED") return `the last try failed${reason ? `: ${reason}` : ""}`;
  if (detailedStatus === "CANCELLED") return "the last operation ended before it";
  if (detailedStatus === "SKIPPED_SUSPENDED_ACCOUNT") return "its account was suspended";
  return "it has an older template";
}

/** One call: accounts × Regions, all of which must be meant. */
export interface Batch {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

/** Targets in as few batches as their cross products allow: accounts with the same Regions share one. */
export function batchesOf(targets: readonly { readonly id: string; readonly region: string }[]): Batch[] {
  const regions = new Map<string, string[]>();
  for (const { id, region } of targets) regions.set(id, [...(regions.get(id) ?? []), region]);
  const batches = new Map<string, { accounts: string[]; regions: string[] }>();
  for (const [account, list] of regions) {
    const key = list.toSorted().join();
    const batch = batches.get(key) ?? { accounts: [], regions: list };
    batch.accounts.push(account);
    batches.set(key, batch);
  }
  return [...batches.values()];
}

/** One operation to start. */
export interface Step {
  readonly kind: "update" | "add" | "refresh";
  readonly batch: Batch;
  /** With it goes the new template; every other instance is OUTDATED from then on. */
  readonly withTemplate: boolean;
}

/**
 * The operations that make a difference go away, in order; none where nothing can be done. A stack set that is not there
 * is made before. What is only refreshed comes last, so that its end is the end of all.
 */
export function stepsOf(difference: Difference): Step[] {
  if (needsAnother(difference)) return [];
  const { change, instances } = difference;
  const wanted = (kind: InstanceChange["kind"]) =>
    instances.filter((instance) => instance.change.kind === kind).map(({ target }) => target);
  const updates = batchesOf(wanted("update")).map(
    (batch, index): Step => ({
      kind: "update",
      batch,
      withTemplate: index === 0 && change === "template",
    }),
  );
  const others = (["add", "refresh"] as const).flatMap((kind) =>
    batchesOf(wanted(kind)).map((batch): Step => ({ kind, batch, withTemplate: false })),
  );
  return [...(isEmptyAndBehind(difference) ? [UPDATE_NONE] : []), ...updates, ...others];
}

/** A stack set without stacks takes a new template alone: without accounts, all of none are updated. */
const isEmptyAndBehind = (difference: Difference): boolean =>
  ["template", "settings"].includes(difference.change) && !hasStacks(difference);
const UPDATE_NONE: Step = { kind: "update", batch: { accounts: [], regions: [] }, withTemplate: true };

const hasStacks = ({ instances, unwanted }: Difference): boolean =>
  unwanted.length > 0 || instances.some(({ live }) => live !== undefined);

/**
 * Whether the steps would reach stacks that were not asked for: StackSets takes a new template only together with an
 * update of at least one stack, and without any named it updates all.
 */
export function needsAnother(difference: Difference): boolean {
  const has = (kind: InstanceChange["kind"]) =>
    difference.instances.some((instance) => instance.change.kind === kind);
  return difference.change === "template" && has("add") && !has("update") && hasStacks(difference);
}

export const placeOf = ({ id, region }: { readonly id: string; readonly region: string }): string =>
  `${id}/${region}`;

function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  const text = (tags: readonly Tag[]) =>
    JSON.stringify(tags.map(({ Key, Value }) => [Key, Value]).toSorted());
  return text(a) === text(b);
}
