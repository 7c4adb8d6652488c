/** Deltas that nobody reads: an environment that does not have a kind has no use for settings of it. */
import { hasKind, valueAt } from "./architecture.ts";
import type { Component } from "./component.ts";
import { inSpec, type Report } from "./diagnostics.ts";
import { kindPaths } from "./entries.ts";
import type { SpecPath } from "./path.ts";
import type { Spec } from "./spec.ts";
import { isPruned } from "./validate/prune.ts";
import { showPath } from "./wording.ts";

export function checkDeltas(spec: Spec, components: readonly Component[], report: Report): void {
  for (const kind of components.flatMap((component) => kindPaths(spec, component))) {
    // Where it is meant to be is not known.
    if (isPruned(spec, [...kind, "environments"])) continue;
    const has = hasKind(spec, kind);
    for (const environment of Object.keys(spec.environments)) {
      if (has(environment)) continue;
      for (const delta of deltasOf(kind, environment)) {
        if (valueAt(spec, delta) === undefined) continue;
        report({
          code: "unfit-key",
          message: `${showPath(kind)} is not in \`${environment}\`, so nothing reads what is said of it there`,
          help: helpFor(spec, kind, environment),
          at: inSpec(delta, "key"),
        });
      }
    }
  }
}

const deltasOf = (kind: SpecPath, environment: string): readonly SpecPath[] => [
  [...kind, "in", environment],
  ["environments", environment, ...kind],
];

function helpFor(spec: Spec, kind: SpecPath, environment: string): string {
  const list = [...kind, "environments"];
  return Array.isArray(valueAt(spec, list))
    ? `add \`${environment}\` to ${showPath(list)}, or take this out`
    : `say \`workloads: true\` in \`environments.${environment}\`, name it in ${showPath(list)}, or take this out`;
}
