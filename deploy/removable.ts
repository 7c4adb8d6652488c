/** What is live under a spec's tags but no longer in it, and who still reads from it. */
import { GetTemplateCommand } from "@aws-sdk/client-cloudformation";
import pLimit from "p-limit";
import { type Aws, inspect } from "./aws.ts";
import { placeOf } from "./difference.ts";
import { isDenied } from "./errors.ts";
import {
  describeStackSet,
  isOwn,
  type LiveInstance,
  type LiveStackSet,
  listInstances,
  listStackSets,
} from "./live.ts";
import { type Manifest, STACK_SET_TAG } from "./manifest.ts";
import { type Reading, readingsOf, statefulResources } from "./template.ts";

/** Calls at a time. */
const AT_A_TIME = 10;

/** A live stack set of a spec, with all its stacks. */
export interface LiveOwn {
  /** Its name in the spec's terms. */
  readonly name: string;
  readonly live: LiveStackSet;
  readonly instances: readonly LiveInstance[];
}

/** What of a live stack set the spec does not have any more. */
export interface Removable extends LiveOwn {
  /** Whether the stack set itself is to go. */
  readonly isWhole: boolean;
  /** Logical IDs of what holds data in it, with types. */
  readonly stateful: ReadonlyMap<string, string>;
  /** The stack sets that read what it publishes, and in which places. */
  readonly readers: readonly Reader[];
}

export interface Reader {
  readonly name: string;
  /** By the place of what is read: the places of the stacks that read it, which may be in other accounts. */
  readonly places: Places;
}

type Places = ReadonlyMap<string, ReadonlySet<string>>;

/** Stack sets of the spec that it does not have any more. One call, and one for each that may be one. */
export async function forsakenStackSets({ home }: Aws, manifest: Manifest): Promise<LiveStackSet[]> {
  const wanted = new Set(manifest.stackSets.map(({ stackSetName }) => stackSetName));
  const limit = pLimit(AT_A_TIME);
  const others = (await listStackSets(home)).filter(
    (name) => name.startsWith(`${manifest.name}-`) && !wanted.has(name),
  );
  const live = await Promise.all(others.map((name) => limit(() => describeStackSet(home, name))));
  return live.flatMap((stackSet) => (stackSet && isOwn(stackSet, manifest) ? [stackSet] : []));
}

/** Every live stack set of the spec with its stacks, in the spec or not. */
export async function findLive(aws: Aws, manifest: Manifest): Promise<LiveOwn[]> {
  const limit = pLimit(AT_A_TIME);
  const wanted = await Promise.all(
    manifest.stackSets.map(({ stackSetName }) => limit(() => describeStackSet(aws.home, stackSetName))),
  );
  const forsaken = await forsakenStackSets(aws, manifest);
  const all = [...wanted.flatMap((live) => (live && isOwn(live, manifest) ? [live] : [])), ...forsaken];
  return Promise.all(
    all.map(async (live) => ({
      name: live.tags.find(({ Key }) => Key === STACK_SET_TAG)?.Value ?? live.stackSetName,
      live,
      instances: await limit(() => listInstances(aws.home, live.stackSetName)),
    })),
  );
}

/**
 * Everything removable, in an order in which it can be removed: what reads comes before what it reads, and what the spec
 * has after something else before that, as composite alarms before the alarms they name.
 *
 * @param isKept whether a place of a stack set is to stay; without it, what is in the spec stays
 */
export async function findRemovable(
  aws: Aws,
  manifest: Manifest,
  all: readonly LiveOwn[],
  isKept: (stackSetName: string, place: string) => boolean = inSpec(manifest),
): Promise<Removable[]> {
  const going = all.map((own) => ({
    ...own,
    instances: own.instances.filter((instance) => !isKept(own.live.stackSetName, placeOf(instance))),
    isWhole: !manifest.stackSets.some(
      ({ stackSetName, targets }) =>
        stackSetName === own.live.stackSetName &&
        targets.some((target) => isKept(stackSetName, placeOf(target))),
    ),
  }));
  const places = new Set(going.flatMap(({ instances }) => instances.map(placeOf)));
  const readings = await findReadings(aws, manifest, all, places);
  const withReaders = going.map((own) => ({
    ...own,
    stateful: statefulResources(own.live.template),
    readers: all
      .filter(({ name }) => name !== own.name)
      .map(({ name }) => ({ name, places: readings.get(name)?.get(own.name) ?? new Map() }))
      .filter((reader) => reader.places.size > 0),
  }));
  return orderBackward(withReaders, manifest).filter(
    ({ isWhole, instances }) => isWhole || instances.length > 0,
  );
}

function inSpec({ stackSets }: Manifest): (stackSetName: string, place: string) => boolean {
  const wanted = new Map(
    stackSets.map(({ stackSetName, targets }) => [stackSetName, new Set(targets.map(placeOf))]),
  );
  return (stackSetName, place) => wanted.get(stackSetName)?.has(place) ?? false;
}

/** For each stack set, what it reads of others: by producer, the places of the producer that it reads from, and where. */
type Readings = Map<string, Map<string, Map<string, Set<string>>>>;

/**
 * A stack that is not current runs on an older template than its stack set has, and may read what the new one does not:
 * it is asked for its own. Where that is denied, it is taken to read everything.
 */
async function findReadings(
  aws: Aws,
  manifest: Manifest,
  all: readonly LiveOwn[],
  places: ReadonlySet<string>,
): Promise<Readings> {
  const limit = pLimit(AT_A_TIME);
  const names = all.map(({ name }) => name);
  const readings: Readings = new Map(names.map((name) => [name, new Map()]));
  const note = (reader: string, place: string, producer: string, of: string) => {
    const own = readings.get(reader);
    const places = own?.get(producer) ?? new Map<string, Set<string>>();
    own?.set(producer, places.set(of, (places.get(of) ?? new Set()).add(place)));
  };
  await Promise.all(
    all.flatMap(({ name, live, instances }) =>
      instances.map((instance) =>
        limit(async () => {
          const place = placeOf(instance);
          const isAsked = instance.status !== "CURRENT" && places.has(place);
          const template = isAsked ? await templateOf(aws, manifest, instance) : live.template;
          const found =
            template === undefined
              ? names.map((producer): Reading => ({ producer }))
              : readingsOf(manifest.name, name, template);
          for (const reading of found) note(name, place, reading.producer, reading.place ?? place);
        }),
      ),
    ),
  );
  return readings;
}

/** The template a stack runs on; undefined where one may not look. */
async function templateOf(aws: Aws, manifest: Manifest, instance: LiveInstance): Promise<string | undefined> {
  if (!instance.stackId) return "";
  try {
    const { TemplateBody } = await inspect(aws, manifest, instance).send(
      new GetTemplateCommand({ StackName: instance.stackId, TemplateStage: "Original" }),
    );
    return TemplateBody ?? "";
  } catch (error) {
    if (isDenied(error)) return undefined;
    // The stack of a creation that failed, or of an account that is closed, is not there to read anything.
    if (error instanceof Error && /does not exist/i.test(error.message)) return "";
    throw error;
  }
}

function orderBackward<T extends Removable>(all: readonly T[], { stackSets }: Manifest): T[] {
  const ordered: T[] = [];
  let rest = [...all];
  while (rest.length > 0) {
    const names = new Set(rest.map(({ name }) => name));
    const unread = rest.filter(({ readers }) => !readers.some(({ name }) => names.has(name)));
    const needed = new Set(stackSets.flatMap(({ name, dependsOn }) => (names.has(name) ? dependsOn : [])));
    const free = unread.filter(({ name }) => !needed.has(name));
    // Templates from different times may need each other; then any order is as good.
    const next = [free, unread, rest].find((some) => some.length > 0) ?? rest;
    ordered.push(...next);
    rest = rest.filter((one) => !next.includes(one));
  }
  return ordered;
}
