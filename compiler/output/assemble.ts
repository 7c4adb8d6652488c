/** Makes stack sets of merged templates: where they go, what they need, and in which order. */
import type { Architecture, Placement, Target } from "../architecture.ts";
import { bootstrapStacks } from "../bootstrap/index.ts";
import type { StackFamily } from "../build.ts";
import type { Template } from "../cfn/template.ts";
import type { PlainObject } from "../cfn/values.ts";
import { type Diagnostic, inSpec, type Report } from "../diagnostics.ts";
import { during, Invariant } from "../invariant.ts";
import { link } from "../link/link.ts";
import { type Merged, merge } from "../merge/merge.ts";
import type { SpecPath } from "../path.ts";
import { concreteTemplate } from "../specialise/concrete.ts";
import type { ConcreteStack, ResourceOverride } from "../stack.ts";
import type { Notes } from "./print.ts";
import { type Need, needsOfFamily, needsOfStackSet, serviceLinkedRolesOf } from "./service-linked-roles.ts";

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
  /** What must be in the artifact bucket of each of its Regions before it is deployed, by key. */
  readonly artifacts: readonly string[];
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
  /** The services whose role must be there before any stack set, by the id of each account that has such. */
  readonly serviceLinkedRoles: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param families in any order
 * @param others stack sets that are not made of concrete stacks
 * @param report takes a cycle among stack sets, which has no order, and a value there is no way to
 */
export function assemble(
  architecture: Architecture,
  families: Iterable<StackFamily>,
  others: readonly StackSet[],
  report: Report,
): Assembly {
  const made: Made[] = [];
  for (const family of families) {
    made.push(during(`merging ${family.stackSet}`, () => assembleStackSet(architecture, family, report)));
  }
  made.sort((a, b) => a.position - b.position);
  const names = new Set([...made.map(({ stackSet }) => stackSet), ...others].map(({ name }) => name));
  const own = made.map(({ stackSet, after }) => {
    const before = [...stackSet.dependsOn, ...after.filter((name) => names.has(name))];
    return { ...stackSet, dependsOn: [...new Set(before)] };
  });
  const stackSets = [...own, ...others];
  const needs = [...made.flatMap((each) => each.needs), ...others.flatMap(needsOfStackSet)];
  return {
    bootstrap: assembleBootstrap(architecture),
    stackSets,
    waves: orderWaves(stackSets, report),
    serviceLinkedRoles: serviceLinkedRolesOf(needs),
  };
}

/** A stack set before all the others are known. */
interface Made {
  readonly stackSet: StackSet;
  readonly position: number;
  /** What it comes after, if it is there. */
  readonly after: readonly string[];
  readonly needs: readonly Need[];
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

function assembleStackSet(architecture: Architecture, family: StackFamily, report: Report): Made {
  const merged = mergeFamily(family);
  const { template, notes } = merged;
  const links = link(architecture.name, family, merged, report);
  const { Mappings, Conditions, Resources, ...head } = template;
  const clash = Object.keys(links.parameters).find((id) => Object.hasOwn(Resources, id));
  if (clash) throw new Invariant(`${family.stackSet} has a parameter and a resource ${clash}`);
  const resources = Object.fromEntries(
    Object.entries(Resources).map(([logicalId, resource]) => [
      logicalId,
      { ...resource, Properties: links.resolve(resource.Properties) as PlainObject },
    ]),
  );
  const stackSet = {
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
    dependsOn: links.producers,
    artifacts: [...new Set(family.stacks.flatMap((stack) => stack.artifacts ?? []))],
    capabilities: capabilitiesOf(resources),
    provenance: provenanceOf(family.stacks, Object.keys(resources)),
    overrides: overridesOf(family.stacks),
  };
  const after = family.stacks.flatMap((stack) => stack.after ?? []);
  return { stackSet, position: family.position, after, needs: needsOfFamily(family) };
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
  const from = new Map<string, SpecPath>();
  for (const { resources } of stacks)
    for (const resource of resources) from.set(resource.logicalId, resource.from);
  for (const [logicalId, [first]] of Object.entries(overridesOf(stacks))) {
    if (first) from.set(logicalId, first.path);
  }
  return Object.fromEntries(logicalIds.map((logicalId) => [logicalId, from.get(logicalId) ?? []]));
}

/** Each place of the spec once, whatever the placements it is for. */
function overridesOf(stacks: readonly ConcreteStack[]): Record<string, ResourceOverride[]> {
  const found = new Map<string, Map<string, ResourceOverride>>();
  for (const { resources } of stacks) {
    for (const { logicalId, overrides } of resources) {
      if (!overrides?.length) continue;
      const own = found.get(logicalId) ?? new Map<string, ResourceOverride>();
      found.set(logicalId, own);
      for (const override of overrides) own.set(JSON.stringify(override.path), override);
    }
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
