/** What of a spec is meant: all of it, some environments, some stack sets with what they depend on. */
import type { DesiredStackSet, Manifest, Target } from "./manifest.ts";

/** As the command line says it; absent is all. */
export interface Chosen {
  readonly environments?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
}

/** The stack sets that are meant, each after those it depends on. */
export function chosenStackSets({ stackSets }: Manifest, { only }: Chosen): readonly DesiredStackSet[] {
  if (!only || only.length === 0) return stackSets;
  const chosen = new Set(only);
  // Backward through the order, a stack set comes before all that it depends on.
  for (const { name, dependsOn } of stackSets.toReversed()) {
    if (chosen.has(name)) for (const producer of dependsOn) chosen.add(producer);
  }
  return stackSets.filter(({ name }) => chosen.has(name));
}

/** Whether a stack set is meant itself, and not only because another depends on it. */
export function isNamed({ only }: Chosen): (name: string) => boolean {
  return (name) => !only || only.length === 0 || only.includes(name);
}

/** Whether a target is meant: what serves several environments is, with each of them. */
export function isChosen({ environments }: Chosen): (target: Target) => boolean {
  return ({ environment, serves = [environment] }) =>
    !environments || environments.length === 0 || serves.some((name) => environments.includes(name));
}

/** The environments a spec deploys to, in order. */
export function environmentsOf({ stackSets }: Manifest): string[] {
  return [...new Set(stackSets.flatMap(({ targets }) => targets.map(({ environment }) => environment)))];
}
