/**
 * Overrides: what the spec says over resources, merged into the concrete stacks as they were built. What differs by
 * environment is then merged as everything else is.
 */
import { type Architecture, valueAt } from "../architecture.ts";
import type { StackFamily } from "../build.ts";
import type { ReportAt } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import { type Diagnostic, inSpec, type Report, reportOnce } from "../diagnostics.ts";
import { importsOf } from "../link/link.ts";
import { dynamicReadings, type Publications } from "../link/publications.ts";
import type { SpecPath } from "../path.ts";
import type { Json } from "../schema.ts";
import type { ConcreteStack, Resource } from "../stack.ts";
import { callReader } from "./calls.ts";
import { type Layer, layersByStack, layersOf, overriddenStackSets } from "./layers.ts";
import { checkNames } from "./names.ts";
import { overrideResource } from "./resource.ts";
import { checkTargets, missingStackSet } from "./targets.ts";

/** @param report takes targets that are gone, and what the schema of a resource does not have */
export function applyOverrides(
  architecture: Architecture,
  families: readonly StackFamily[],
  schemas: ResourceSchemas,
  report: Report,
): readonly StackFamily[] {
  const names = overriddenStackSets(architecture.spec);
  if (names.length === 0) return families;
  const once = reportOnce(report);
  const known = families.map(({ stackSet }) => stackSet);
  for (const name of names.filter((each) => !known.includes(each))) {
    for (const { path } of layersOf(architecture.spec, name)) {
      const top = path[0] === "overrides" ? path.slice(0, 2) : path;
      once(ownTemplate(architecture, name, top) ?? missingStackSet(name, known, top));
    }
  }
  const overridden = families.map((family) =>
    names.includes(family.stackSet) ? overrideFamily(architecture, family, schemas, once) : family,
  );
  checkNames(families, overridden, once);
  return overridden;
}

/** What is one's own is changed where it is. */
function ownTemplate({ spec }: Architecture, name: string, path: SpecPath): Diagnostic | undefined {
  const file = valueAt(spec, ["templates", name, "file"]);
  if (file === undefined) return undefined;
  return {
    code: "override-target",
    message: `\`${name}\` is a template of your own, which nothing is merged into`,
    help: `change ${file}`,
    at: inSpec(path, "key"),
  };
}

function overrideFamily(
  architecture: Architecture,
  family: StackFamily,
  schemas: ResourceSchemas,
  report: Report,
): StackFamily {
  const layers = layersOf(architecture.spec, family.stackSet);
  const over = layersByStack(architecture, family, layers);
  checkTargets(architecture, family, layers, over, report);
  checkLiterals(layers, over, report);
  const reportAt: ReportAt = (path, diagnostic, part) => report({ ...diagnostic, at: inSpec(path, part) });
  const stacks = family.stacks.map((stack, index): ConcreteStack => {
    const own = over[index] ?? [];
    const readCall = callReader(family, index, schemas, reportAt);
    const context = { specName: architecture.name, stack, schemas, readCall, reportAt, report };
    const resources: Resource[] = [];
    for (const resource of stack.resources)
      resources.push(overrideResource(followOthers(resource, resources), own, context));
    return { ...stack, resources };
  });
  return { ...family, stacks: keepExpecting(family.stacks, stacks) };
}

/** @param others those that stand before it, as they are with their overrides */
function followOthers(resource: Resource, others: readonly Resource[]): Resource {
  const { follows, properties } = resource;
  const other = follows && others.find(({ logicalId }) => logicalId === follows.logicalId);
  if (!other) return resource;
  return { ...resource, properties: { ...properties, ...follows.properties(other.properties) } };
}

/**
 * Has stack sets deployed before those whose overrides read their values by dynamic references.
 *
 * @param report takes what is not published where it is read
 */
export function followReadings(
  architecture: Architecture,
  families: readonly StackFamily[],
  published: Publications,
  report: Report,
): readonly StackFamily[] {
  const names = overriddenStackSets(architecture.spec);
  return families.map((family) => {
    if (!names.includes(family.stackSet)) return family;
    const layers = layersOf(architecture.spec, family.stackSet);
    const over = layersByStack(architecture, family, layers);
    const producers = layers.flatMap((layer) => {
      const placements = family.placements.filter((_, index) => over[index]?.includes(layer));
      const readings = dynamicReadings(Object.fromEntries(layer.resources) as Json);
      return readings.flatMap(({ reading, path }) => {
        const at = inSpec([...layer.path, ...path]);
        return published.producerOf(reading, placements, at, report) ?? [];
      });
    });
    if (producers.length === 0) return family;
    const stacks = family.stacks.map((stack) => ({
      ...stack,
      after: [...(stack.after ?? []), ...producers],
    }));
    return { ...family, stacks };
  });
}

/** What stands beside `Properties` is a literal in the template, the same everywhere. */
const LITERALS = ["DependsOn", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy"] as const;

function checkLiterals(layers: readonly Layer[], over: readonly (readonly Layer[])[], report: Report): void {
  for (const layer of layers) {
    if (over.every((own) => own.includes(layer))) continue;
    for (const [logicalId, resource] of layer.resources) {
      for (const key of LITERALS.filter((literal) => resource[literal] !== undefined)) {
        const path: SpecPath = [...layer.path, logicalId, key];
        report({
          code: "unfit-key",
          message: `\`${key}\` can't differ by environment: it is a literal in the template`,
          help: "say it for all environments that have the stack set, or for none",
          at: inSpec(path, "key"),
        });
      }
    }
  }
}

/**
 * What an override replaces in one placement is still imported in the others, for which it may have to be a parameter;
 * that is resolved in every stack of the set. It is there, so all go on expecting it.
 */
function keepExpecting(before: readonly ConcreteStack[], after: readonly ConcreteStack[]): ConcreteStack[] {
  const used = new Set(after.flatMap((stack) => [...importsOf(stack).keys()]));
  return after.map((stack, index) => {
    const own = importsOf(stack);
    const given = importsOf(before[index] as ConcreteStack);
    const lost = [...given].filter(([key]) => used.has(key) && !own.has(key)).map(([, { output }]) => output);
    return lost.length > 0 ? { ...stack, expected: [...(stack.expected ?? []), ...lost] } : stack;
  });
}
