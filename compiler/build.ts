/** Builds the concrete stacks: each component in each placement, gathered by stack set. */
import { type Architecture, type Placement, placementsWith, settingsIn } from "./architecture.ts";
import type { Component } from "./component.ts";
import { during } from "./invariant.ts";
import { formatPath } from "./path.ts";
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
    const placements = component.path
      ? placementsWith(architecture, component.path)
      : architecture.placements;
    for (const placement of placements) {
      const { path } = component;
      const stacks = during(`building ${formatPath(path ?? ["environments"])} in ${placement.name}`, () =>
        component.build({
          name: architecture.name,
          placement,
          settings: path ? settingsIn(architecture.spec, path, placement.environment) : null,
          allocation: component.ledger && allocations[component.ledger.section],
        }),
      );
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
