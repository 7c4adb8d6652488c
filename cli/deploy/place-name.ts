/** What people call the place of a stack. */
import { placeOf } from "../../deploy/difference.ts";
import { accountOf, type Manifest } from "../../deploy/manifest.ts";

/** The names of a manifest's places: asked for with every line of progress, of which there are many. */
const known = new WeakMap<Manifest, ReadonlyMap<string, string>>();

/**
 * A stack by its environment, with the Region where a stack set has several of it; where the spec does not have it, by
 * its account, which may have a name there.
 */
export function nameOf(manifest: Manifest, place: { readonly id: string; readonly region: string }): string {
  const names = known.get(manifest) ?? namesOf(manifest);
  known.set(manifest, names);
  const { id, region } = place;
  return names.get(placeOf(place)) ?? `account ${accountOf(manifest, id)?.name ?? id} ${region}`;
}

function namesOf({ stackSets }: Manifest): Map<string, string> {
  // What serves several environments does not tell who lives in its place.
  const targets = stackSets.flatMap((stackSet) => stackSet.targets).filter(({ serves }) => !serves);
  const inSeveral = new Set(stackSets.flatMap((stackSet) => repeated(stackSet.targets)));
  // The first stack in a place is that of the environment that lives there; others may leave something with it.
  return new Map(
    targets.toReversed().map((target) => {
      const { environment, region } = target;
      return [placeOf(target), inSeveral.has(environment) ? `${environment}.${region}` : environment];
    }),
  );
}

/** The environments that a stack set has more than one stack of. */
function repeated(targets: readonly { readonly environment: string }[]): string[] {
  const all = targets.map(({ environment }) => environment);
  return all.filter((environment, index) => all.indexOf(environment) !== index);
}
