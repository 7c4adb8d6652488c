/** What a deploy would do, from what is live; nothing is changed. */
import pLimit from "p-limit";
import type { Aws } from "./aws.ts";
import { compare, type Difference, type InstanceChange, placeOf } from "./difference.ts";
import { Interrupted } from "./errors.ts";
import { describeOwn, isPending, type LiveOperation, listInstances, listOperations } from "./live.ts";
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";
import { type Outage, outageOf } from "./outage.ts";
import { type Preview, preview, type ResourceChange, templateArgument } from "./preview.ts";
import { readsFrom } from "./readers.ts";
import { resourcesOf, statefulResources } from "./template.ts";
import type { Waiting } from "./wait.ts";

/** Change sets made at a time. */
const AT_A_TIME = 8;

/** What would become of one stack set. */
export interface Planned {
  readonly difference: Difference;
  readonly previews: readonly Preview[];
  /** Operations that run now: a deploy waits for them first. */
  readonly running: readonly LiveOperation[];
  readonly changes: readonly MergedChange[];
  /** Stacks that are left alone, unless what they read is another value by then: a deploy looks. */
  readonly readers: readonly Target[];
}

/** One change of a resource, once for all stacks that it would happen in. */
export interface MergedChange extends ResourceChange {
  /** Whether the resource holds data, as its policies say. */
  readonly isStateful: boolean;
  /** Data would be lost, or left behind by a new empty resource. */
  readonly isAtRisk: boolean;
  /** Requests would be lost for a while. */
  readonly outage?: Outage;
  readonly targets: readonly Target[];
}

export async function plan(
  aws: Aws,
  manifest: Manifest,
  stackSets: readonly DesiredStackSet[],
  inScope: (target: Target) => boolean,
  waiting: Waiting,
): Promise<Planned[]> {
  const limit = pLimit(AT_A_TIME);
  const planned = await Promise.all(
    stackSets.map(async (desired) => {
      const [difference, running] = await limit(() => {
        if (waiting.signal.aborted) throw new Interrupted();
        return look(aws, manifest, desired, inScope);
      });
      const changing = difference.instances.filter(({ change }) => ["add", "update"].includes(change.kind));
      const previews =
        changing.length === 0
          ? []
          : await templateArgument(aws, manifest, desired).then((template) =>
              Promise.all(
                changing.map((instance) =>
                  limit(() => preview(aws, manifest, desired, instance, template, waiting)),
                ),
              ),
            );
      return { difference, running, previews, changes: mergeChanges(difference, previews) };
    }),
  );
  return withReaders(manifest, planned, inScope);
}

/** What may be read again may be read of others in turn; each stack set comes after those it reads from. */
function withReaders(
  manifest: Manifest,
  planned: readonly Omit<Planned, "readers">[],
  inScope: (target: Target) => boolean,
): Planned[] {
  const touched = new Map<string, Set<string>>();
  return planned.map((one) => {
    const { desired, instances } = one.difference;
    const isReader = readsFrom(manifest, desired, touched);
    const targetsOf = (...kinds: InstanceChange["kind"][]) =>
      instances.filter(({ change }) => kinds.includes(change.kind)).map(({ target }) => target);
    const readers = targetsOf("none").filter((target) => inScope(target) && isReader(target));
    touched.set(desired.name, new Set([...targetsOf("add", "update"), ...readers].map(placeOf)));
    return { ...one, readers };
  });
}

async function look(
  { home }: Aws,
  manifest: Manifest,
  desired: DesiredStackSet,
  inScope: (target: Target) => boolean,
): Promise<[Difference, LiveOperation[]]> {
  const live = await describeOwn(home, manifest, desired.stackSetName);
  const instances = live ? await listInstances(home, desired.stackSetName) : [];
  const operations = live ? await listOperations(home, desired.stackSetName) : [];
  return [compare(desired, live, instances, inScope), operations.filter(isPending)];
}

function mergeChanges({ desired, live }: Difference, previews: readonly Preview[]): MergedChange[] {
  const stateful = new Map([
    ...statefulResources(desired.template),
    ...(live ? statefulResources(live.template) : []),
  ]);
  const wanted = resourcesOf(desired.template);
  const before = live ? resourcesOf(live.template) : {};
  const merged = new Map<string, MergedChange & { targets: Target[] }>();
  for (const { target, changes } of previews) {
    for (const change of changes) {
      const outage = outageOf(change, changes, before, wanted);
      const key = JSON.stringify({ change, outage });
      const known = merged.get(key);
      if (known) {
        known.targets.push(target);
        continue;
      }
      const isStateful = stateful.has(change.logicalId);
      const isAtRisk = isStateful && endsIt(change);
      merged.set(key, { ...change, isStateful, isAtRisk, ...(outage && { outage }), targets: [target] });
    }
  }
  // In the order a reader of the template knows; what leaves it comes first.
  const order = Object.keys(wanted);
  return [...merged.values()].sort((a, b) => order.indexOf(a.logicalId) - order.indexOf(b.logicalId));
}

/** Whether the resource that is there would not be the one in use any more. */
const endsIt = ({ action, replacement }: ResourceChange): boolean =>
  action === "Remove" || replacement === "True" || replacement === "Conditional";
