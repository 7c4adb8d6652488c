/** Makes stack sets of templates of one's own: where they go, and what they come after. */
import { type Architecture, type Placement, placementsWith, valueAt } from "../architecture.ts";
import { closest, quoteList } from "../closest.ts";
import { type Diagnostic, inSpec, type Report } from "../diagnostics.ts";
import type { Publications } from "../link/publications.ts";
import { capabilitiesOf, type StackSet } from "../output/assemble.ts";
import type { SpecPath } from "../path.ts";
import type { Spec } from "../spec.ts";
import { specialise } from "../specialise/specialise.ts";
import { showName } from "../wording.ts";
import type { OwnTemplate } from "./read.ts";

/** A template and the placements that have it. */
export interface PlacedTemplate extends OwnTemplate {
  readonly placements: readonly Placement[];
}

/** Files among the generated ones that are no template of a stack set, and those of bootstrap stacks. */
const isReserved = (name: string): boolean => /^(stacksets|provenance|bootstrap(-.*)?)$/.test(name);

/** Where each goes. */
export const placeTemplates = (
  architecture: Architecture,
  templates: readonly OwnTemplate[],
  report: Report,
): PlacedTemplate[] =>
  templates.map((own) => ({ ...own, placements: placementsOf(architecture, own, report) }));

function placementsOf(
  architecture: Architecture,
  { path }: OwnTemplate,
  report: Report,
): readonly Placement[] {
  const all = placementsWith(architecture, path);
  const regions = valueAt(architecture.spec, [...path, "regions"]);
  if (!Array.isArray(regions)) return all;
  const placements = all.filter(({ region }) => regions.includes(region));
  if (placements.length === 0 && all.length > 0) {
    report({
      code: "bad-value",
      message: `none of its environments is in ${quoteList(regions as string[])}`,
      help: `they are in ${quoteList([...new Set(all.map(({ region }) => region))])}`,
      at: inSpec([...path, "regions"]),
    });
  }
  return placements;
}

/** @param taken the names of the compiler's own stack sets */
export function templateStackSets(
  { spec }: Architecture,
  templates: readonly PlacedTemplate[],
  taken: readonly string[],
  published: Publications,
  report: Report,
): StackSet[] {
  // What goes nowhere is known but not there: its accounts are closed.
  const there = templates.filter(({ placements }) => placements.length > 0);
  const names = [...taken, ...there.map(({ name }) => name)];
  return there.map((own): StackSet => {
    const { name, path, file, text, template, placements } = own;
    if (taken.includes(name) || isReserved(name)) report(nameTaken(own));
    reportMissingRows(own, report);
    const before = [
      ...producersOf(own, published, report),
      ...namedAfter(spec, own, [...taken, ...templates.map((other) => other.name)], report),
    ];
    const logicalIds = Object.keys(template.Resources);
    return {
      name,
      template,
      own: { path: [...path, "file"], file, text },
      notes: new Map(),
      placements,
      artifacts: [],
      dependsOn: [...new Set(before)].filter((other) => names.includes(other)),
      capabilities: capabilitiesOf(template.Resources),
      provenance: Object.fromEntries(logicalIds.map((id) => [id, [...path, "file", "Resources", id]])),
    };
  });
}

const nameTaken = ({ name, path }: OwnTemplate): Diagnostic => ({
  code: "stack-set-taken",
  message: isReserved(name)
    ? `\`${name}\` is the name of a file that landform writes itself`
    : `there is a stack set \`${name}\` already`,
  help: "choose another name",
  at: inSpec(path, "key"),
});

/** A look-up that finds nothing fails the stack. */
function reportMissingRows({ template, input, placements }: PlacedTemplate, report: Report): void {
  for (const { name, account, region } of placements) {
    specialise(template, { account: account.id, region }, (what, logicalId) => {
      const section = Object.hasOwn(template.Resources, logicalId) ? "Resources" : "Outputs";
      report({
        code: "unknown-name",
        message: `in \`${name}\` there is ${what}`,
        help: "`Fn::FindInMap` must find something wherever the template goes",
        at: { input, path: [section, logicalId], part: "key" },
      });
    });
  }
}

/** The stack sets whose values it reads. */
function producersOf(
  { input, readings, placements }: PlacedTemplate,
  published: Publications,
  report: Report,
): string[] {
  return readings.flatMap(
    ({ reading, path }) => published.producerOf(reading, placements, { input, path }, report) ?? [],
  );
}

/** The stack sets it comes after though it reads nothing of them. */
function namedAfter(
  spec: Spec,
  { name, path }: OwnTemplate,
  stackSets: readonly string[],
  report: Report,
): string[] {
  const at: SpecPath = [...path, "after"];
  const named = valueAt(spec, at);
  const others = stackSets.filter((other) => other !== name);
  return (Array.isArray(named) ? (named as string[]) : []).filter((other, index) => {
    if (others.includes(other)) return true;
    const near = closest(other, others);
    report({
      code: "unknown-name",
      message:
        other === name ? "a stack set can't come after itself" : `there is no stack set ${showName(other)}`,
      help: near ? `did you mean \`${near}\`?` : `there are ${quoteList(others)}`,
      at: inSpec([...at, index]),
    });
    return false;
  });
}
