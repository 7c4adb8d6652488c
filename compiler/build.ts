/** Builds the concrete stacks: each component in each placement, gathered by stack set. */
import { type Architecture, type Placement, placementsWith, settingsIn, valueAt } from "./architecture.ts";
import type { Component } from "./component.ts";
import { during } from "./invariant.ts";
import { formatPath, type SpecPath } from "./path.ts";
import { isJsonObject } from "./schema.ts";
import type { ConcreteStack } from "./stack.ts";

/** The stacks of one stack set, one for each placement that has it, in the order of placements. */
export interface StackFamily {
  readonly stackSet: string;
  readonly placements: readonly Placement[];
  readonly stacks: readonly ConcreteStack[];
}

/** What is built by itself: a kind, or each entry of a kind that is a map, in an order that the spec's does not change. */
function partsOf(
  { spec }: Architecture,
  component: Component,
): { readonly component: Component; readonly path: SpecPath | undefined }[] {
  const { path, isMap } = component;
  if (!path || !isMap) return [{ component, path }];
  const entries = valueAt(spec, path);
  const names = isJsonObject(entries) ? Object.keys(entries).toSorted() : [];
  return names.map((name) => ({ component, path: [...path, name] }));
}

/** @param allocations what the kinds keep in the ledger, by section */
export function build(
  architecture: Architecture,
  components: readonly Component[],
  allocations: Readonly<Record<string, unknown>>,
): StackFamily[] {
  const families = new Map<string, { stackSet: string; placements: Placement[]; stacks: ConcreteStack[] }>();
  for (const { component, path } of components.flatMap((own) => partsOf(architecture, own))) {
    const placements = path ? placementsWith(architecture, path) : architecture.placements;
    for (const placement of placements) {
      const stacks = during(`building ${formatPath(path ?? ["environments"])} in ${placement.name}`, () =>
        component.build({
          name: architecture.name,
          architecture,
          placement,
          path: path ?? ["environments"],
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
        family.placements.push(stack.target ? { ...placement, ...stack.target } : placement);
        family.stacks.push(stack);
      }
    }
  }
  return [...families.values()];
}
