/** Secrets of different applications whose names would be one in logical IDs. */
import type { Architecture } from "../../architecture.ts";
import { reportConfusable } from "../../confusable-names.ts";
import { type Demand, demandsByName, sourceOf } from "../../demands.ts";
import { inSpec, type Place, type Report } from "../../diagnostics.ts";
import { formatPath } from "../../path.ts";

export function checkSecrets(architecture: Architecture, report: Report): void {
  const names = [...demandsByName(architecture.demands, "secrets")].map(([name, demands]) => ({
    name,
    at: inSpec(sourceOf(architecture, demands[0] as Demand, "secrets", name)),
  }));
  reportConfusable(names, (diagnostic) => {
    // Within one list, validation has found them.
    const lists = [diagnostic.at, diagnostic.related?.[0]?.at].map(listOf);
    if (lists[0] !== lists[1]) report(diagnostic);
  });
}

const listOf = (place: Place | undefined): string =>
  place && "path" in place ? formatPath(place.path.slice(0, -1)) : "";
