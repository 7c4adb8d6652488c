/** What no schema can say of alerts: who would be one in logical IDs. */
import { type Architecture, layersOf, valueAt } from "../../architecture.ts";
import { type NamePlace, reportConfusable } from "../../confusable-names.ts";
import { inSpec, type Report } from "../../diagnostics.ts";
import { isJsonObject } from "../../schema.ts";
import type { Spec } from "../../spec.ts";
import { alertsPath } from "./settings.ts";

/** All environments share one template, so those of different environments can be confused as well. */
export function checkAlerts({ spec }: Architecture, report: Report): void {
  const signs = "signs that are neither letters nor digits";
  reportConfusable(namesOf(spec, "email"), report, signs);
  reportConfusable(namesOf(spec, "https"), report, signs);
}

/** The items of a list, or the keys of a map, in all layers. */
function namesOf(spec: Spec, setting: string): readonly NamePlace[] {
  const layers = Object.keys(spec.environments).flatMap((environment) => layersOf(alertsPath, environment));
  const paths = new Map(layers.map((layer) => [layer.join("/"), [...layer, setting]]));
  return [...paths.values()].flatMap((path) => {
    const value = valueAt(spec, path);
    if (isJsonObject(value))
      return Object.keys(value).map((name) => ({ name, at: inSpec([...path, name], "key") }));
    if (!Array.isArray(value)) return [];
    return value.flatMap((name, index) =>
      typeof name === "string" ? [{ name, at: inSpec([...path, index]) }] : [],
    );
  });
}
