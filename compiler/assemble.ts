/** Makes stack sets of merged templates: where they go, what they need, and in which order. */
import type { Architecture, Placement, Target } from "./architecture.ts";
import { bootstrapStacks } from "./bootstrap/index.ts";
import type { StackFamily } from "./build.ts";
import type { Template } from "./cfn/template.ts";
import type { PlainObject } from "./cfn/values.ts";
import { concreteTemplate } from "./concrete.ts";
import { type Diagnostic, inSpec, type Report } from "./diagnostics.ts";
import { during, Invariant } from "./invariant.ts";
import { link } from "./link.ts";
import { type Merged, merge } from "./merge/merge.ts";
import type { SpecPath } from "./path.ts";
import type { Notes } from "./print.ts";
import type { ConcreteStack, ResourceOverride } from "./stack.ts";

/** What stacks are made of: a template, and what goes with it. */
export interface Deployable {
  /** Its name in the spec's terms: the file's name, and with the spec's name before it that of the stacks. */
  readonly name: string;
  readonly template: Template;
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html */
  readonly capabilities: readonly string[];
  /** Where each resource comes from, by logical ID. */
  readonly provenance: Readonly<Record<string, SpecPath>>;
  /** What the spec says over its resources, by logical ID. */
  readonly overrides?: Readonly<Record<string, readonly ResourceOverride[]>>;
  /** Where the spec names the file of a template of one's own, the file, and its text, which stands as it is. */
  readonly own?: { readonly path: SpecPath; readonly file: string; readonly text: string };
}

/** One stack set: a template and where it goes. */
export interface StackSet extends Deployable {
  readonly notes: Notes;
  readonly placements: readonly Placement[];
  /** The stack sets whose values it reads, and others it comes after; they are deployed before it. */
  readonly dependsOn: readonly string[];
}

/** A stack that must be there before stack sets can be: an ordinary one in each of its targets. */
export interface BootstrapStack extends Deployable {
  /** Its key under `bootstrap` in `stacksets.yaml`. */
  readonly key: string;
  readonly targets: readonly Target[];
}

export interface Assembly {
  /** In the order in which they are deployed. */
  readonly bootstrap: readonly BootstrapStack[];
  readonly stackSets: readonly StackSet[];
  /** Names of stack sets that can be deployed side by side, by wave. */
  readonly waves: readonly (readonly string[])[];
}

/**
 * @param others stack sets that are not made of concrete stacks
 * @param report takes a cycle among stack sets, which has no order, and a value there is no way to
 */
export function assemble(
  architecture: Architecture,
  families: readonly StackFamily[],
  others: readonly StackSet[],
  report: Report,
): Assembly {
  const names = new Set([...families.map(({ stackSet }) => stackSet), ...others.map(({ name }) => name)]);
  const own = families.map((family) =>
    during(`merging ${family.stackSet}`, () => assembleStackSet(architecture, family, names, report)),
  );
  const stackSets = [...own, ...others];
  return { bootstrap: assembleBootstrap(architecture), stackSets, waves: orderWaves(stackSets, report) };
}

function assembleBootstrap(architecture: Architecture): BootstrapStack[] {
  return bootstrapStacks(architecture).map(({ key, stack, targets }) => {
    const template = concreteTemplate(stack);
    return {
      key,
      name: stack.stackSet,
      template,
      capabilities: capabilitiesOf(template.Resources),
      provenance: provenanceOf([stack], Object.keys(template.Resources)),
      targets,
    };
  });
}

/** The one template for all stacks of a stack set, what they read not yet resolved. */
export function mergeFamily({ placements, stacks }: StackFamily): Merged {
  const landings = placements.map(({ name, account, region }) => ({ name, account: account.id, region }));
  return merge(landings, stacks);
}

/** @param names every stack set there is */
function assembleStackSet(
  architecture: Architecture,
  family: StackFamily,
  names: ReadonlySet<string>,
  report: Report,
): StackSet {
  const merged = mergeFamily(family);
  const { template, notes } = merged;
  const links = link(architecture.name, family, merged, report);
  const after = family.stacks.flatMap((stack) => stack.after ?? []).filter((name) => names.has(name));
  const { Mappings, Conditions, Resources, ...head } = template;
  const clash = Object.keys(links.parameters).find((id) => Object.hasOwn(Resources, id));
  if (clash) throw new Invariant(`${family.stackSet} has a parameter and a resource ${clash}`);
  const resources = Object.fromEntries(
    Object.entries(Resources).map(([logicalId, resource]) => [
      logicalId,
      { ...resource, Properties: links.resolve(resource.Properties) as PlainObject },
    ]),
  );
  return {
    name: family.stackSet,
    template: {
      ...head,
      ...(Object.keys(links.parameters).length > 0 && { Parameters: links.parameters }),
      ...(Mappings && { Mappings }),
      ...(Conditions && { Conditions }),
      Resources: resources,
    },
    notes,
    placements: family.placements,
    dependsOn: [...new Set([...links.producers, ...after])],
    capabilities: capabilitiesOf(resources),
    provenance: provenanceOf(family.stacks, Object.keys(resources)),
    overrides: overridesOf(family.stacks),
  };
}

/** IAM resources need an acknowledgement, those with names of their own a stronger one. */
export function capabilitiesOf(resources: Template["Resources"]): string[] {
  const iam = Object.values(resources).filter(({ Type }) => Type.startsWith("AWS::IAM::"));
  const isNamed = iam.some(({ Properties }) =>
    Object.keys(Properties).some((key) => /^(Role|User|Group|ManagedPolicy|InstanceProfile)Name$/.test(key)),
  );
  if (isNamed) return ["CAPABILITY_NAMED_IAM"];
  return iam.length > 0 ? ["CAPABILITY_IAM"] : [];
}

/** Where a resource is overridden, what is wrong with it most likely comes from there. */
function provenanceOf(
  stacks: readonly ConcreteStack[],
  logicalIds: readonly string[],
): Record<string, SpecPath> {
  const from = new Map(
    stacks.flatMap(({ resources }) => resources.map((resource) => [resource.logicalId, resource.from])),
  );
  for (const [logicalId, [first]] of Object.entries(overridesOf(stacks))) {
    if (first) from.set(logicalId, first.path);
  }
  return Object.fromEntries(logicalIds.map((logicalId) => [logicalId, from.get(logicalId) ?? []]));
}

/** Each place of the spec once, whatever the placements it is for. */
function overridesOf(stacks: readonly ConcreteStack[]): Record<string, ResourceOverride[]> {
  const found = new Map<string, Map<string, ResourceOverride>>();
  for (const { logicalId, overrides = [] } of stacks.flatMap(({ resources }) => resources)) {
    const own = found.get(logicalId) ?? new Map<string, ResourceOverride>();
    for (const override of overrides) own.set(JSON.stringify(override.path), override);
    if (own.size > 0) found.set(logicalId, own);
  }
  return Object.fromEntries([...found].map(([logicalId, own]) => [logicalId, [...own.values()]]));
}

/** Each wave holds what reads only from waves before it. */
function orderWaves(stackSets: readonly StackSet[], report: Report): string[][] {
  const waves: string[][] = [];
  const done = new Set<string>();
  let rest = [...stackSets];
  while (rest.length > 0) {
    const wave = rest.filter(({ dependsOn }) => dependsOn.every((producer) => done.has(producer)));
    if (wave.length === 0) {
      report(cycle(rest));
      break;
    }
    for (const { name } of wave) done.add(name);
    waves.push(wave.map(({ name }) => name));
    rest = rest.filter(({ name }) => !done.has(name));
  }
  return waves;
}

/** Follows one edge after the other until a stack set comes a second time. */
function cycle(stuck: readonly StackSet[]): Diagnostic {
  const byName = new Map(stuck.map((stackSet) => [stackSet.name, stackSet]));
  const trail: string[] = [];
  let name: string | undefined = stuck[0]?.name;
  while (name !== undefined && !trail.includes(name)) {
    trail.push(name);
    name = byName.get(name)?.dependsOn.find((producer) => byName.has(producer));
  }
  const loop = [...trail.slice(trail.indexOf(name ?? "")), name];
  return {
    code: "dependency-cycle",
    message: `these stack sets need each other: ${loop.join(" → ")}`,
    help: "one of them must do without what it reads from the next",
    at: inSpec(Object.values(stuck[0]?.provenance ?? {})[0] ?? []),
  };
}
