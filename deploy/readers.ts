/** Stacks that read, at deploy time, what other stack sets publish: who does, and which of them are to read it again. */
import pLimit from "p-limit";
import type { Deployed } from "./deploy.ts";
import { type Difference, placeOf, refreshing } from "./difference.ts";
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";
import type { Touched, Work } from "./operation.ts";
import { lookForStale } from "./stale.ts";
import { readingsOf } from "./template.ts";

/** A stack that could not be looked at, and why. */
export interface NotSeen {
  readonly target: Target;
  readonly reason: string;
}

type Places = Pick<Touched, "has" | "size">;

/** Stacks looked at a time. */
const AT_A_TIME = 8;

/**
 * Whether a stack of a stack set reads from one of the stacks that were touched.
 *
 * @param touched by the stack set that publishes
 */
export function readsFrom(
  { name: spec }: Pick<Manifest, "name">,
  { name, template, dependsOn }: Pick<DesiredStackSet, "name" | "template" | "dependsOn">,
  touched: ReadonlyMap<string, Places>,
): (target: Target) => boolean {
  const isAny = dependsOn.some((producer) => (touched.get(producer)?.size ?? 0) > 0);
  const readings = isAny ? readingsOf(spec, name, template) : [];
  return (target) =>
    readings.some(({ producer, place }) => touched.get(producer)?.has(place ?? placeOf(target)) === true);
}

/**
 * The stacks that may go by older values, since what they read was updated: nobody looked at them, for the run ended
 * before or went to others only, as where one environment reads from another; or they were to read again, and did not. What
 * reads from a stack that was only made now is not there itself yet.
 *
 * @param results those that were meant, by name
 */
export function unlookedReaders(
  manifest: Manifest,
  results: readonly Pick<Deployed, "stackSet" | "outcome" | "touched" | "difference">[],
  inScope: (target: Target) => boolean,
): { readonly stackSet: string; readonly target: Target }[] {
  const updated = new Map(
    results.map(({ stackSet, touched = new Map() }) => [
      stackSet,
      new Set([...touched].filter(([, action]) => action === "UPDATE").map(([place]) => place)),
    ]),
  );
  return manifest.stackSets.flatMap((desired) => {
    const own = results.find(({ stackSet }) => stackSet === desired.name);
    // Where there is none, it was left as it was found, or nobody came to look.
    const isOver = own?.outcome === "unchanged" || own?.difference !== undefined;
    const owed = staleIn(own).filter((target) => !hasRead(own, target));
    const isLookedAt = (target: Target) => isOver && inScope(target) && !owed.includes(target);
    return desired.targets
      .filter((target) => !isLookedAt(target))
      .filter(readsFrom(manifest, desired, updated))
      .map((target) => ({ stackSet: desired.name, target }));
  });
}

/** The stacks of a stack set that go by other values than are published. */
function staleIn(result: Pick<Deployed, "difference"> | undefined): Target[] {
  return (result?.difference?.instances ?? []).flatMap(({ target, change }) =>
    change.kind === "refresh" && change.stale.length > 0 ? [target] : [],
  );
}

/** Whether a stack has been updated in this run. */
export const hasRead = (result: Pick<Deployed, "touched"> | undefined, target: Target): boolean =>
  result?.touched?.has(placeOf(target)) === true;

/**
 * The difference with those stacks to be refreshed that go by other values than are published, of those that nothing else
 * is done to.
 *
 * @param readers those that are looked at
 */
export async function refreshStale(
  { aws, manifest, report }: Work,
  difference: Difference,
  readers: readonly Target[],
): Promise<{ readonly difference: Difference; readonly notSeen: readonly NotSeen[] }> {
  const { desired } = difference;
  const limit = pLimit(AT_A_TIME);
  const looks = await Promise.all(
    difference.instances.map(({ target, change, live }) =>
      live && change.kind === "none" && readers.includes(target)
        ? limit(async () => ({ target, ...(await lookForStale(aws, manifest, desired, live)) }))
        : undefined,
    ),
  );
  const seen = looks.filter((look) => look !== undefined);
  const stale = seen.filter((look) => look.stale.length > 0);
  for (const { target, stale: values } of stale)
    report({ kind: "stale", stackSet: desired.name, place: target, stale: values });
  return {
    difference: refreshing(difference, (target) => stale.find((look) => look.target === target)?.stale),
    notSeen: seen.flatMap(({ target, blind }) => (blind ? [{ target, reason: blind }] : [])),
  };
}
