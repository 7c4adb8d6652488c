/** What the spec says over the resources of a stack set: in general, and in an environment. */
import { type Architecture, placementsWith, valueAt } from "../architecture.ts";
import type { StackFamily } from "../build.ts";
import type { RetentionPolicy } from "../cfn/template.ts";
import type { SpecPath } from "../path.ts";
import { isJsonObject, type JsonObject } from "../schema.ts";
import type { Spec } from "../spec.ts";

/** Over one resource, as the schema describes it. */
export interface ResourceLayer {
  readonly Properties?: JsonObject;
  readonly DependsOn?: readonly string[];
  readonly UpdatePolicy?: JsonObject;
  readonly DeletionPolicy?: RetentionPolicy;
  readonly UpdateReplacePolicy?: RetentionPolicy;
}

/** What one place of the spec says. */
export interface Layer {
  readonly path: SpecPath;
  /** The environment it is for, if not for all. */
  readonly environment?: string;
  readonly resources: ReadonlyMap<string, ResourceLayer>;
}

export const overridesPath = (stackSet: string): SpecPath => ["overrides", stackSet];

/** The stack sets that the spec says something over, whatever the order of its keys. */
export function overriddenStackSets(spec: Spec): string[] {
  const places = [[], ...environmentsOf(spec).map((name) => ["environments", name])];
  const names = places.flatMap((path) => Object.keys(valueAt(spec, [...path, "overrides"]) ?? {}));
  return [...new Set(names)].toSorted();
}

/** Weakest first. */
export function layersOf(spec: Spec, stackSet: string): Layer[] {
  const path = overridesPath(stackSet);
  const environments = environmentsOf(spec);
  const places: { path: SpecPath; environment?: string }[] = [
    { path },
    ...environments.map((environment) => ({ path: [...path, "in", environment], environment })),
    ...environments.map((environment) => ({ path: ["environments", environment, ...path], environment })),
  ];
  return places.flatMap((place) => {
    const layer = valueAt(spec, place.path);
    if (!isJsonObject(layer)) return [];
    const { in: _, environments: __, ...resources } = layer;
    return [{ ...place, resources: new Map(Object.entries(resources as Record<string, ResourceLayer>)) }];
  });
}

const environmentsOf = (spec: Spec): string[] => Object.keys(spec.environments).toSorted();

/** By position in the family: the layers over a stack. */
export function layersByStack(
  architecture: Architecture,
  family: StackFamily,
  layers: readonly Layer[],
): Layer[][] {
  const allowed = placementsWith(architecture, overridesPath(family.stackSet));
  return family.placements.map(({ environment, serves }) => {
    const own = serves ?? [environment];
    if (!allowed.some((other) => own.includes(other.environment))) return [];
    // What serves several environments is of none alone.
    const isFor = (layer: Layer) => !serves && layer.environment === environment;
    return layers.filter((layer) => layer.environment === undefined || isFor(layer));
  });
}
