/** The law of merge, on what a spec compiles to. */
import { expect } from "vitest";
import type { Template } from "../../compiler/cfn/template.ts";
import { link } from "../../compiler/link/link.ts";
import { mergeFamily } from "../../compiler/output/assemble.ts";
import { concreteTemplate } from "../../compiler/specialise/concrete.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import type { Result } from "./compile.ts";

/** The template each placement would have alone, by stack set and placement, imports resolved as in the stack set. */
export function concreteTemplates({ architecture, families, assembly }: Result): Concrete[] {
  return [...families()].flatMap((family) => {
    const links = link(architecture.name, family, mergeFamily(family), () => {});
    const stackSet = assembly.stackSets.find(({ name }) => name === family.stackSet);
    return family.placements.map((placement, index) => {
      const stack = family.stacks[index];
      if (!stack || !stackSet) throw new Error(`${family.stackSet} has no stack for ${placement.name}`);
      const { Resources, ...head } = concreteTemplate(stack, links.resolve);
      const parameters = Object.keys(links.parameters).length > 0 && { Parameters: links.parameters };
      return {
        stackSet: family.stackSet,
        account: placement.account.id,
        region: placement.region,
        merged: stackSet.template,
        concrete: { ...head, ...parameters, Resources },
      };
    });
  });
}

export interface Concrete {
  readonly stackSet: string;
  readonly account: string;
  readonly region: string;
  readonly merged: Template;
  readonly concrete: Template;
}

/** Expects each placement's view of each merged template to be the template it would have alone. */
export function expectLaw(result: Result): void {
  for (const { merged, concrete, ...at } of concreteTemplates(result)) {
    expect(plain(specialise(merged, at)), `${at.stackSet} in ${at.account} ${at.region}`).toEqual(
      plain(concrete),
    );
  }
}

/** Expressions in CloudFormation's long form, so that only what is printed counts. */
const plain = (template: Template): unknown => JSON.parse(JSON.stringify(template));
