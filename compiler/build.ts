/** Builds the concrete stacks: each component in each placement, gathered by stack set. */
import type { Architecture, Placement } from "./architecture.ts";
import type { Component } from "./component.ts";
import { Connections } from "./connection.ts";
import type { KnownEntry } from "./entries.ts";
import { during, Invariant } from "./invariant.ts";
import { Observations } from "./observation.ts";
import { formatPath } from "./path.ts";
import { type Priorities, priorityOf } from "./routes.ts";
import type { ConcreteStack } from "./stack.ts";

/** The stacks of one stack set, one for each placement that has it, in the order of placements. */
export interface StackFamily {
  readonly stackSet: string;
  /** Where it stands among all. */
  readonly position: number;
  readonly placements: readonly Placement[];
  readonly stacks: readonly ConcreteStack[];
}

/**
 * Builds one stack set after the other, so that no more of them are in memory than whoever takes them keeps.
 *
 * @param allocations what the kinds keep in the ledger, by section
 * @param priorities those of listener rules
 */
export function* build(
  architecture: Architecture,
  entries: readonly KnownEntry[],
  allocations: Readonly<Record<string, unknown>>,
  priorities: Priorities,
): Generator<StackFamily> {
  const connections = new Connections(architecture, entries);
  const observations = new Observations(architecture, entries);
  const built = new Set<string>();
  for (const alike of entriesByPath(entries)) {
    const families = new Map<
      string,
      { stackSet: string; placements: Placement[]; stacks: ConcreteStack[] }
    >();
    for (const known of alike) {
      const { component, ...entry } = known;
      const { placement, path } = entry;
      const stacks = during(`building ${formatPath(path)} in ${placement.name}`, () =>
        component.build({
          ...entry,
          name: architecture.name,
          architecture,
          allocation: allocationOf(component, allocations),
          connect: (name) => connections.get(placement, name),
          observed: observations.of(known),
          fallible: (needs) => observations.fallible(placement, String(path.at(-1)), needs),
          observationsIn: (other) => observations.in(other),
          priorityOf: (route) => priorityOf(priorities, path, route),
        }),
      );
      for (const stack of stacks) {
        const { stackSet } = stack;
        const family = families.get(stackSet) ?? { stackSet, placements: [], stacks: [] };
        families.set(stackSet, family);
        family.placements.push(stack.target ? { ...placement, ...stack.target } : placement);
        family.stacks.push(stack);
      }
    }
    for (const family of families.values()) {
      if (built.has(family.stackSet)) throw new Invariant(`two build the stack set ${family.stackSet}`);
      yield { ...family, position: built.size };
      built.add(family.stackSet);
    }
  }
}

function allocationOf({ ledger, reads }: Component, allocations: Readonly<Record<string, unknown>>): unknown {
  const section = ledger?.section ?? reads;
  return section === undefined ? undefined : allocations[section];
}

/** What one kind, or one entry of a kind, is in all placements: they stand in a row. */
function* entriesByPath(entries: readonly KnownEntry[]): Generator<readonly KnownEntry[]> {
  let alike: KnownEntry[] = [];
  for (const entry of entries) {
    const [first = entry] = alike;
    if (entry.component !== first.component || entry.path !== first.path) {
      yield alike;
      alike = [];
    }
    alike.push(entry);
  }
  yield alike;
}
