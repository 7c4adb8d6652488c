/**
 * Folds the concrete stacks of one stack set, one for each placement, into one template for all of them.
 *
 * The law: `specialise(merge(stacks).template, placement)` equals the concrete template of that placement.
 */
import { namedAlways, withoutNamed } from "../cfn/functions.ts";
import type { Template, TemplateResource } from "../cfn/template.ts";
import { equal, type Value } from "../cfn/values.ts";
import { Invariant } from "../invariant.ts";
import type { Notes } from "../output/print.ts";
import type { ConcreteStack, Resource } from "../stack.ts";
import { alignResources, type Family, isEverywhere, isPresent, unionOrder } from "./align.ts";
import type { Cells } from "./cells.ts";
import { Conditions } from "./conditions.ts";
import { guardReferences } from "./guard.ts";
import { type Landing, Mappings } from "./mappings.ts";
import { PropertyMerge } from "./properties.ts";

export interface Merged {
  readonly template: Template;
  /** Which cells of a row nobody reads, by row. */
  readonly notes: Notes;
  /** For each placement, in their order: whether a condition of the template is true there. */
  truthOf(condition: string): readonly boolean[];
}

/**
 * @param landings where the stacks land, in the order the rows are to have
 * @param stacks the concrete stack of each landing, in the same order
 */
export function merge(landings: readonly Landing[], stacks: readonly ConcreteStack[]): Merged {
  const description = stacks[0]?.description ?? "";
  if (stacks.some((stack) => stack.description !== description)) {
    throw new Invariant("Description must be a literal, so it can't differ by placement");
  }
  const families = alignResources(stacks);
  const conditions = new Conditions(stacks, families);
  const mappings = new Mappings(landings);
  const properties = new PropertyMerge(landings, conditions, mappings);
  const resources = Object.fromEntries(
    [...families.keys()].map((logicalId) => [
      logicalId,
      mergeResource(logicalId, families, conditions, properties),
    ]),
  );
  const notes = new Map<object, string>();
  const mappingSection = mappings.section((placement) => conditions.row(placement), notes);
  const conditionSection = conditions.section();
  return {
    template: {
      AWSTemplateFormatVersion: "2010-09-09",
      Description: description,
      ...(Object.keys(mappingSection).length > 0 && { Mappings: mappingSection }),
      ...(Object.keys(conditionSection).length > 0 && { Conditions: conditionSection }),
      Resources: resources,
    },
    notes,
    truthOf: (condition) => conditions.truthOf(condition),
  };
}

function mergeResource(
  logicalId: string,
  families: ReadonlyMap<string, Family>,
  conditions: Conditions,
  properties: PropertyMerge,
): TemplateResource {
  const family = families.get(logicalId) as Family;
  const present = family.filter(isPresent);
  const [first, ...others] = present as [Resource, ...Resource[]];
  for (const key of ["type", "deletionPolicy", "updateReplacePolicy", "updatePolicy"] as const) {
    if (others.some((other) => !same(other[key], first[key]))) {
      throw new Invariant(`${logicalId}: ${key} must be a literal, so it can't differ by placement`);
    }
  }
  const condition = conditions.ofResource(logicalId);
  const isAlike = isEverywhere(family) && others.every((other) => equal(other.properties, first.properties));
  const merged = isAlike ? first.properties : properties.mergeObjects(logicalId, [], cellsOf(family));
  if (condition !== undefined) conditions.bind(logicalId, namedAlways(merged));
  const dependsOn = withoutNamed(mergeDependencies(logicalId, families, conditions), merged);
  return {
    Type: first.type,
    ...(condition && { Condition: condition }),
    ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
    ...(first.deletionPolicy && { DeletionPolicy: first.deletionPolicy }),
    ...(first.updateReplacePolicy && { UpdateReplacePolicy: first.updateReplacePolicy }),
    ...(first.updatePolicy && { UpdatePolicy: first.updatePolicy }),
    Properties: guardReferences(merged, condition, conditions),
  };
}

const cellsOf = (family: Family): Cells =>
  family.map((resource) => ({ value: resource?.properties, live: isPresent(resource) }));

const same = (a: Value | undefined, b: Value | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && equal(a, b));

/**
 * `DependsOn` is a literal too. CloudFormation ignores an entry whose resource a placement does not have, but refuses
 * one whose resource the template does not have.
 */
function mergeDependencies(
  logicalId: string,
  families: ReadonlyMap<string, Family>,
  conditions: Conditions,
): readonly string[] {
  const family = families.get(logicalId) as Family;
  const wanted = unionOrder(family.filter(isPresent).map((resource) => resource.dependsOn));
  if (wanted.length === 0) return wanted;
  const union = wanted.filter((target) => families.has(target));
  family.forEach((resource, placement) => {
    if (!isPresent(resource)) return;
    const missing = union.filter((target) => !resource.dependsOn.includes(target));
    if (missing.some((target) => conditions.hasResource(target, placement))) {
      throw new Invariant(`${logicalId}: DependsOn must be a literal, so it can't differ by placement`);
    }
  });
  return union;
}
