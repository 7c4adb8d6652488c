/** The escape hatch: what the spec says over what was built, and templates of one's own beside it. */
import type { Architecture } from "./architecture.ts";
import type { StackFamily } from "./build.ts";
import type { ResourceSchemas } from "./cfn/resource-schemas.ts";
import type { Report } from "./diagnostics.ts";
import { Publications } from "./link/publications.ts";
import type { StackSet } from "./output/assemble.ts";
import { applyOverrides, followReadings } from "./overrides/index.ts";
import { overriddenStackSets } from "./overrides/layers.ts";
import type { OwnTemplate } from "./templates/read.ts";
import { placeTemplates, templateStackSets } from "./templates/stack-sets.ts";

/**
 * @param templates those the spec names, read
 * @returns what was built with its overrides, and the stack sets of the templates
 */
export function applyEscapeHatch(
  architecture: Architecture,
  built: Iterable<StackFamily>,
  templates: readonly OwnTemplate[],
  schemas: ResourceSchemas,
  report: Report,
): { readonly families: Iterable<StackFamily>; readonly stackSets: readonly StackSet[] } {
  if (templates.length === 0 && overriddenStackSets(architecture.spec).length === 0)
    return { families: built, stackSets: [] };
  const overridden = applyOverrides(architecture, [...built], schemas, report);
  const placed = placeTemplates(architecture, templates, report);
  const published = new Publications(architecture.name, overridden, placed);
  const families = followReadings(architecture, overridden, published, report);
  const taken = families.map(({ stackSet }) => stackSet);
  return { families, stackSets: templateStackSets(architecture, placed, taken, published, report) };
}
