/** Every spec of the project that has alerts, as it is deployed. */
import { deploy, type Resource } from "../reachability/deployment.ts";
import { placedTemplates } from "../reachability/placed.ts";
import { compileSource, sources } from "../support/everything.ts";
import type { IsBefore } from "./alarms.ts";

export interface Watched {
  readonly id: string;
  readonly resources: readonly Resource[];
  readonly isBefore: IsBefore;
}

export const watched = (): Watched[] =>
  sources()
    .filter(({ text }) => /^alerts:/m.test(text))
    .map((source) => {
      const result = compileSource(source);
      const before = new Map(result.assembly.stackSets.map(({ name, dependsOn }) => [name, dependsOn]));
      const isBefore: IsBefore = (earlier, later) =>
        (before.get(later) ?? []).some((name) => name === earlier || isBefore(earlier, name));
      return { id: source.id, resources: deploy(placedTemplates(result)), isBefore };
    });
