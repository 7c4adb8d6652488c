/** Builds the concrete stacks: each component in each placement, gathered by stack set. */
import { type Architecture, type Placement, settingsIn } from "./architecture.ts";
import type { Component } from "./component.ts";
import type { ConcreteStack } from "./stack.ts";

/** The stacks of one stack set, one for each placement that has it, in the order of placements. */
export interface StackFamily {
  readonly stackSet: string;
  readonly placements: readonly Placement[];
  readonly stacks: readonly ConcreteStack[];
}

/** @param allocations what the kinds keep in the ledger, by section */
export function build(
  architecture: Architecture,
  components: readonly Component[],
  allocations: Readonly<Record<string, unknown>>,
): StackFamily[] {
  const families = new Map<string, { stackSet: string; placements: Placement[]; stacks: ConcreteStack[] }>();
  for (const component of components) {
    for (const placement of architecture.placements) {
      const stacks = component.build({
        name: architecture.name,
        placement,
        settings: component.path
          ? settingsIn(architecture.spec, component.path, placement.environment)
          : null,
        allocation: component.ledger && allocations[component.ledger.section],
      });
      for (const stack of stacks) {
        let family = families.get(stack.stackSet);
        if (!family) {
          family = { stackSet: stack.stackSet, placements: [], stacks: [] };
          families.set(stack.stackSet, family);
        }
        family.placements.push(placement);
        family.stacks.push(stack);
      }
    }
  }
  return [...families.values()];
}
