/**
 * Linting a stack set: its template as it is deployed, and what each account and Region gets of it.
 *
 * The validator evaluates conditions for the account it is given; what is meant for other placements then looks
 * unreachable to it. So an account's view is judged as the template it would have alone.
 */
import type { Placement } from "../compiler/architecture.ts";
import type { StackSet } from "../compiler/assemble.ts";
import type { PlainObject } from "../compiler/cfn/values.ts";
import { type Diagnostic, inSpec } from "../compiler/diagnostics.ts";
import { printYaml } from "../compiler/print.ts";
import { specialise } from "../compiler/specialise.ts";
import { type Finding, lintTemplate } from "./validator.ts";

/** A finding, once, with the names of the placements it is found in; none where it is in the template itself. */
export interface LintFinding extends Finding {
  readonly placements: readonly string[];
}

/** @param body the template as printed */
export async function lintStackSet({ template, placements }: StackSet, body: string): Promise<LintFinding[]> {
  const found = new Map<string, LintFinding & { placements: string[] }>();
  for (const finding of await lintTemplate(body))
    found.set(JSON.stringify(finding), { ...finding, placements: [] });
  const inTemplate = new Set(found.keys());
  for (const placement of placements) {
    const target = { account: placement.account.id, region: placement.region };
    const concrete = printYaml(specialise(template, target) as unknown as PlainObject);
    for (const finding of await lintTemplate(concrete, target)) {
      const key = JSON.stringify(finding);
      if (inTemplate.has(key)) continue;
      const known = found.get(key);
      if (known) known.placements.push(placement.name);
      else found.set(key, { ...finding, placements: [placement.name] });
    }
  }
  return [...found.values()];
}

/**
 * A finding stands at the line of the spec that its resource comes from. Warnings are errors too: nothing we print
 * should need an excuse.
 */
export function lintDiagnostic(finding: LintFinding, { name, provenance }: StackSet): Diagnostic {
  const { rule, message, logicalId, placements } = finding;
  const where = [logicalId ? `${name}.yaml, ${logicalId}` : `${name}.yaml`];
  if (placements.length > 0) where.push(`in ${placements.join(", ")}`);
  const path = (logicalId && provenance[logicalId]) || Object.values(provenance)[0] || [];
  return {
    code: "lint",
    message: `${rule} ${message} (${where.join("; ")})`,
    at: inSpec(path, "key"),
  };
}

/** Everything that the findings of a stack set depend on, but for the validator. */
export function lintKey(placements: readonly Placement[], body: string): string {
  return JSON.stringify([placements.map(({ name, account, region }) => [name, account.id, region]), body]);
}
