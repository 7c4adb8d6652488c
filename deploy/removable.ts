/** What is live under a spec's tags but no longer in it. */
import pLimit from "p-limit";
import type { Aws } from "./aws.ts";
import { placeOf } from "./difference.ts";
import {
  describeStackSet,
  type LiveInstance,
  type LiveStackSet,
  listInstances,
  listStackSets,
} from "./live.ts";
import { type Manifest, SPEC_TAG, STACK_SET_TAG } from "./manifest.ts";
import { producersOf, statefulResources } from "./template.ts";

/** Calls at a time. */
const AT_A_TIME = 10;

/** A live stack set of a spec, and what of it the spec does not have any more. */
export interface Removable {
  /** Its name in the spec's terms. */
  readonly name: string;
  readonly live: LiveStackSet;
  /** Whether the stack set itself is not in the spec. */
  readonly isWhole: boolean;
  /** The stacks that the spec does not have. */
  readonly instances: readonly LiveInstance[];
  /** Logical IDs of what holds data in them, with types. */
  readonly stateful: ReadonlyMap<string, string>;
  /** The stack sets, live ones of this spec, that read what it publishes. */
  readonly readers: readonly LiveReader[];
}

export interface LiveReader {
  readonly name: string;
  readonly places: ReadonlySet<string>;
}

/** The names of stack sets of the spec that it does not have any more. One call, and one for each that may be one. */
export async function forsakenStackSets({ home }: Aws, manifest: Manifest): Promise<LiveStackSet[]> {
  const wanted = new Set(manifest.stackSets.map(({ stackSetName }) => stackSetName));
  const limit = pLimit(AT_A_TIME);
  const others = (await listStackSets(home)).filter(
    (name) => name.startsWith(`${manifest.name}-`) && !wanted.has(name),
  );
  const live = await Promise.all(others.map((name) => limit(() => describeStackSet(home, name))));
  return live.flatMap((stackSet) => (stackSet && isOf(manifest, stackSet) ? [stackSet] : []));
}

/** Everything removable, in an order in which it can be removed: what reads comes before what it reads. */
export async function findRemovable(aws: Aws, manifest: Manifest): Promise<Removable[]> {
  const limit = pLimit(AT_A_TIME);
  const wanted = await Promise.all(
    manifest.stackSets.map(({ stackSetName }) => limit(() => describeStackSet(aws.home, stackSetName))),
  );
  const forsaken = await forsakenStackSets(aws, manifest);
  const all = [...wanted.flatMap((live) => (live && isOf(manifest, live) ? [live] : [])), ...forsaken];
  const instances = await Promise.all(
    all.map((live) => limit(() => listInstances(aws.home, live.stackSetName))),
  );
  const found = all.map((live, index) => describe(manifest, live, instances[index] ?? []));
  const withReaders = found.map((own) => ({
    ...own,
    readers: found
      .filter(({ producers }) => producers.includes(own.name))
      .map(({ name, places }) => ({ name, places })),
  }));
  return orderBackward(withReaders).filter(({ isWhole, instances: own }) => isWhole || own.length > 0);
}

function describe(manifest: Manifest, live: LiveStackSet, instances: readonly LiveInstance[]) {
  const name = live.tags.find(({ Key }) => Key === STACK_SET_TAG)?.Value ?? live.stackSetName;
  const desired = manifest.stackSets.find(({ stackSetName }) => stackSetName === live.stackSetName);
  const kept = new Set(desired?.targets.map(placeOf));
  return {
    name,
    live,
    isWhole: desired === undefined,
    instances: instances.filter((instance) => !kept.has(placeOf(instance))),
    stateful: statefulResources(live.template),
    producers: producersOf(manifest.name, name, live.template),
    places: new Set(instances.map(placeOf)),
  };
}

function orderBackward<T extends Removable>(all: readonly T[]): T[] {
  const ordered: T[] = [];
  let rest = [...all];
  while (rest.length > 0) {
    const names = new Set(rest.map(({ name }) => name));
    const free = rest.filter(({ readers }) => !readers.some(({ name }) => names.has(name)));
    // Templates from different times may read each other; then any order is as good.
    const next = free.length > 0 ? free : rest;
    ordered.push(...next);
    rest = rest.filter((one) => !next.includes(one));
  }
  return ordered;
}

const isOf = ({ name }: Manifest, { tags }: LiveStackSet): boolean =>
  tags.some(({ Key, Value }) => Key === SPEC_TAG && Value === name);
