/** Templates that are changed by hand, and what is then found against what their spec says. */
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";
import type { Result } from "../support/compile.ts";
import { resourcesOf } from "../support/everything.ts";
import type { PlacedTemplate } from "./deployment.ts";
import { expectedLines } from "./expected.ts";
import { type Differences, differences, linesOf } from "./lines.ts";
import { reachability } from "./reachability.ts";

/** What is found in some templates, against what the architecture says. */
export function judge(
  architecture: Result["architecture"],
  templates: readonly PlacedTemplate[],
): Differences {
  const found = reachability(templates);
  return differences(linesOf(found), expectedLines(architecture, found));
}

/** The templates with resources of one stack changed: new ones put in, `null` taken out, properties replaced. */
export const change = (
  templates: readonly PlacedTemplate[],
  at: { readonly place: string; readonly stack: string },
  changes: JsonObject,
): PlacedTemplate[] =>
  templates.map((each) => {
    if (each.place !== at.place || each.stack !== at.stack) return each;
    const changed: [string, Json][] = Object.entries(changes).flatMap(([logicalId, properties]) => {
      const before = resourcesOf(each.template).find(([id]) => id === logicalId)?.[1];
      if (properties === null) return [];
      if (!before || !isJsonObject(properties)) return [[logicalId, properties]];
      const merged = { ...(before.Properties as JsonObject), ...properties };
      return [[logicalId, { ...before, Properties: merged }]];
    });
    const kept = resourcesOf(each.template).filter(([id]) => !Object.hasOwn(changes, id));
    return { ...each, template: { ...each.template, Resources: Object.fromEntries([...kept, ...changed]) } };
  });
