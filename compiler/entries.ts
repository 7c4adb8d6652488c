/** Everything there is to build: each kind, or each entry of a kind that is a map, in each placement that has it. */
import {
  type Architecture,
  namesOf,
  ownEnvironment,
  type Placement,
  placesWith,
  securityAccountOf,
  settingsIn,
} from "./architecture.ts";
import type { Component } from "./component.ts";
import type { SpecPath } from "./path.ts";
import type { Json } from "./schema.ts";
import type { Spec } from "./spec.ts";

/** One kind, or one entry of a kind that is a map, in one placement. */
export interface Entry<Settings = Json> {
  readonly placement: Placement;
  /** Where in the spec it stands: its section, or its entry in it; one object for all placements. */
  readonly path: SpecPath;
  /** As the schema describes them, defaults filled in; null for a kind without a section. */
  readonly settings: Settings;
}

/** An entry, and the kind that knows what to do with it. */
export interface KnownEntry extends Entry {
  readonly component: Component;
}

/** Where a kind stands that every placement has without being asked. */
const WITHOUT_SECTION: SpecPath = ["environments"];

/** In the order of components, then of names, which the spec's order does not change, then of placements. */
export function entriesOf(
  architecture: Pick<Architecture, "spec" | "placements" | "everywhere">,
  components: readonly Component[],
): KnownEntry[] {
  const { spec, placements, everywhere } = architecture;
  const isWatched = securityAccountOf(spec) !== undefined;
  return components.flatMap((component) => {
    if (component.scope === "watched" && !isWatched) return [];
    const places = component.scope ? everywhere : placements;
    if (!component.path) {
      return places.map((placement) => ({ component, placement, path: WITHOUT_SECTION, settings: null }));
    }
    return kindPaths(spec, component).flatMap((path) =>
      placesWith(spec, places, path).map((placement) => ({
        component,
        placement,
        path,
        settings: settingsIn(spec, path, ownEnvironment(placement)),
      })),
    );
  });
}

/** Where a kind stands in the spec: its section, or each entry of it; nowhere for what every placement has. */
export function kindPaths(spec: Spec, { path, isMap }: Component): readonly SpecPath[] {
  if (!path) return [];
  if (!isMap) return [path];
  return namesOf({ spec }, path).map((name) => [...path, name]);
}
