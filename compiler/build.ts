/** Builds the concrete stacks: each component in each placement, gathered by stack set. */
import type { Architecture, Placement } from "./architecture.ts";
import { Connections } from "./connection.ts";
import type { KnownEntry } from "./entries.ts";
import { during } from "./invariant.ts";
import { formatPath } from "./path.ts";
import { type Priorities, priorityOf } from "./routes.ts";
import type { ConcreteStack } from "./stack.ts";

/** The stacks of one stack set, one for each placement that has it, in the order of placements. */
export interface StackFamily {
  readonly stackSet: string;
  readonly placements: readonly Placement[];
  readonly stacks: readonly ConcreteStack[];
}

/**
 * @param allocations what the kinds keep in the ledger, by section
 * @param priorities those of listener rules
 */
export function build(
  architecture: Architecture,
  entries: readonly KnownEntry[],
  allocations: Readonly<Record<string, unknown>>,
  priorities: Priorities,
): StackFamily[] {
  const connections = new Connections(architecture, entries);
  const families = new Map<string, { stackSet: string; placements: Placement[]; stacks: ConcreteStack[] }>();
  for (const { component, ...entry } of entries) {
    const { placement, path } = entry;
    const stacks = during(`building ${formatPath(path)} in ${placement.name}`, () =>
      component.build({
        ...entry,
        name: architecture.name,
        architecture,
        allocation: component.ledger && allocations[component.ledger.section],
        connect: (name) => connections.get(placement, name),
        priorityOf: (route) => priorityOf(priorities, path, route),
      }),
    );
    for (const stack of stacks) {
      let family = families.get(stack.stackSet);
      if (!family) {
        family = { stackSet: stack.stackSet, placements: [], stacks: [] };
        families.set(stack.stackSet, family);
      }
      family.placements.push(stack.target ? { ...placement, ...stack.target } : placement);
      family.stacks.push(stack);
    }
  }
  return [...families.values()];
}
