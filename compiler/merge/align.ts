/** Pairs what belongs together in several placements: resources by logical ID, names in an order that suits all. */
import type { ConcreteStack, Resource } from "../stack.ts";

/** A resource in each placement: as it is there, as it would be there, or nothing. */
export type Family = readonly (Resource | undefined)[];

export const isPresent = (resource: Resource | undefined): resource is Resource =>
  resource !== undefined && (resource.part?.present ?? true);

export const isEverywhere = (family: Family): family is readonly Resource[] => family.every(isPresent);

/** Pairs the resources of the stacks, in an order that agrees with every stack's; drops what no placement has. */
export function alignResources(stacks: readonly ConcreteStack[]): Map<string, Family> {
  const ids = stacks.map(({ resources }) => resources.map(({ logicalId }) => logicalId));
  const order = unionOrder(ids);
  // Mostly all stacks have the same, and what belongs together stands at one position.
  const isParallel = ids.every((own) => isSame(own, order));
  const byId = isParallel
    ? []
    : stacks.map(({ resources }) => new Map(resources.map((r) => [r.logicalId, r])));
  const families = new Map<string, Family>();
  for (const [index, logicalId] of order.entries()) {
    const family = isParallel
      ? stacks.map(({ resources }) => resources[index])
      : byId.map((resources) => resources.get(logicalId));
    if (family.some(isPresent)) families.set(logicalId, family);
  }
  return families;
}

/** All names of the lists, in an order that agrees with every list as far as they agree with each other. */
export function unionOrder(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = lists;
  if (others.every((list) => isSame(list, first))) return first;
  const before = new Map<string, Set<string>>();
  for (const list of lists) {
    for (const [index, name] of list.entries()) {
      const names = before.get(name) ?? new Set();
      before.set(name, index === 0 ? names : names.add(list[index - 1] as string));
    }
  }
  const rest = orderOfSight(lists);
  const order = new Set<string>();
  while (rest.length > 0) {
    const next = rest.findIndex((name) => [...(before.get(name) ?? [])].every((each) => order.has(each)));
    for (const name of rest.splice(Math.max(next, 0), 1)) order.add(name);
  }
  return [...order];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);

/** All names of the lists, each right after what stands before it where it is first seen. */
function orderOfSight(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...rest] = lists;
  const union = [...first];
  const seen = new Set(union);
  for (const list of rest) {
    for (const [index, name] of list.entries()) {
      if (seen.has(name)) continue;
      seen.add(name);
      union.splice(index === 0 ? 0 : union.indexOf(list[index - 1] as string) + 1, 0, name);
    }
  }
  return union;
}

/** One order that agrees with all the lists, or undefined where there is none. */
export function commonOrder(lists: readonly (readonly string[])[]): readonly string[] | undefined {
  const union = unionOrder(lists);
  const position = new Map(union.map((name, index) => [name, index]));
  const at = (name: string | undefined) => position.get(name as string) ?? -1;
  const agrees = lists.every((list) =>
    list.every((name, index) => index === 0 || at(list[index - 1]) < at(name)),
  );
  return agrees ? union : undefined;
}
