/**
 * Linting a template: as it is deployed, and what each account and Region gets of it.
 *
 * The validator evaluates conditions for the account it is given; what is meant for other placements then looks
 * unreachable to it. So an account's view is judged as the template it would have alone.
 */
import type { Target } from "../compiler/architecture.ts";
import type { Template } from "../compiler/cfn/template.ts";
import type { PlainObject } from "../compiler/cfn/values.ts";
import { type Diagnostic, inSpec } from "../compiler/diagnostics.ts";
import type { Assembly, Deployable } from "../compiler/output/assemble.ts";
import { printYaml } from "../compiler/output/print.ts";
import type { SpecPath } from "../compiler/path.ts";
import { specialise } from "../compiler/specialise/specialise.ts";
import { type Finding, lintTemplate } from "./validator.ts";

/** A template, and where it is judged. */
export interface Linted extends Deployable {
  readonly targets: readonly NamedTarget[];
}

/** `name` is what people are told: the placement's, or the account's and the Region's. */
export interface NamedTarget extends Target {
  readonly name: string;
}

/** Every template of a spec with every account and Region it goes to. */
export function everyTemplate({ bootstrap, stackSets }: Assembly): Linted[] {
  return [
    ...bootstrap.map((stack) => ({
      ...stack,
      targets: stack.targets.map((target) => ({
        ...target,
        name: `${target.account.name}.${target.region}`,
      })),
    })),
    ...stackSets.map((stackSet) => ({ ...stackSet, targets: stackSet.placements })),
  ];
}

/** A finding, once, with the names of the placements it is found in; none where it is in the template itself. */
export interface LintFinding extends Finding {
  readonly placements: readonly string[];
}

/** The template is judged for it; a placement alone need not use every parameter. */
const UNUSED_PARAMETER = "W2001";

/** @param body the template as printed */
export async function lintEverywhere({ template, targets }: Linted, body: string): Promise<LintFinding[]> {
  const found = new Map<string, LintFinding & { placements: string[] }>();
  const lint = async (text: string, target?: Parameters<typeof lintTemplate>[1]) =>
    (await lintTemplate(text, target)).filter((finding) => !isUnavoidable(template, finding));
  for (const finding of await lint(body)) found.set(JSON.stringify(finding), { ...finding, placements: [] });
  const inTemplate = new Set(found.keys());
  for (const { name, account, region } of targets) {
    const target = { account: account.id, region };
    const concrete = printYaml(specialise(template, target) as unknown as PlainObject);
    for (const finding of await lint(concrete, target)) {
      const key = JSON.stringify(finding);
      if (inTemplate.has(key) || finding.rule === UNUSED_PARAMETER) continue;
      const known = found.get(key);
      if (known) known.placements.push(name);
      else found.set(key, { ...finding, placements: [name] });
    }
  }
  return [...found.values()];
}

/**
 * Whether nothing can be done about it.
 *
 * - A function must let load balancers call it before there is a target group to be named in the permission's
 *   `SourceArn`; the key that a recorder's files are encrypted with is in another account, where no reference leads; and
 *   Security Hub's standards have no other name than their ARN.
 * - `DependsOn` takes no condition. CloudFormation leaves out what a stack does not have, and needs it where a reference
 *   is in a branch that is not taken.
 * - In a branch of `Fn::If` the validator takes an SSM-typed parameter for the name in its default.
 * - Ports that are looked up it does not see; each placement is judged with its own.
 */
function isUnavoidable({ Resources, Parameters = {} }: Template, finding: Finding): boolean {
  const { rule, message, logicalId = "", path = [] } = finding;
  const { Type = "", Properties } = Resources[logicalId] ?? {};
  if (rule === "W9002" && Type === "AWS::Lambda::Permission")
    return Properties?.Principal === "elasticloadbalancing.amazonaws.com";
  if (rule === "W9002") return NAMED_BY_ARN.has(Type);
  if (rule === "E3687")
    return [Properties?.FromPort, Properties?.ToPort].every((port) => typeof port === "object");
  if (path.at(-1) === "DependsOn")
    return rule === "E3005" || rule === "W2502" || (rule === "W3005" && message.includes("Fn::If"));
  const [, value] = PARAMETER_IN_BRANCH[rule]?.exec(message) ?? [];
  return Object.values(Parameters).some(({ Type, Default }) => Default === value && /^AWS::SSM::/.test(Type));
}

const NAMED_BY_ARN: ReadonlySet<string> = new Set([
  "AWS::Config::DeliveryChannel",
  "AWS::SecurityHub::Standard",
]);

/** What the validator says of a parameter's default, by rule. */
const PARAMETER_IN_BRANCH: Readonly<Record<string, RegExp>> = {
  E1152: /^'([^']+)' does not match format 'AWS::EC2::Image.Id'$/,
  F3012: /^'([^']+)' \(from Fn::If .*\) is not of type 'array'$/,
};

/**
 * A finding stands at the line of the spec that its resource comes from. Warnings are errors too: nothing we print
 * should need an excuse.
 */
export function lintDiagnostic(finding: LintFinding, linted: Deployable): Diagnostic {
  const { rule, message, logicalId, placements } = finding;
  const where = [logicalId ? `${linted.name}.yaml, ${logicalId}` : `${linted.name}.yaml`];
  if (placements.length > 0) where.push(`in ${placements.join(", ")}`);
  return {
    code: "lint",
    message: `${rule} ${message} (${where.join("; ")})`,
    at: inSpec(placeOf(finding, linted), "key"),
  };
}

/**
 * In the file of a template of one's own; in the override that says something of the property, or of the resource
 * where it is about no property; else where the resource comes from.
 */
function placeOf(
  { path = [], logicalId, placements }: LintFinding,
  { provenance, own, overrides = {} }: Deployable,
): SpecPath {
  if (own) return [...own.path, ...path];
  const [property, ...inside] = path[2] === "Properties" ? path.slice(3) : [];
  const over = (logicalId && overrides[logicalId]) || [];
  const speaking = over.filter(
    ({ properties }) => property === undefined || properties.includes(String(property)),
  );
  const isFor = (environment: string | undefined) =>
    placements.some((name) => name === environment || name.startsWith(`${environment}.`));
  const override = speaking.findLast(({ environment }) => isFor(environment)) ?? speaking[0];
  if (override)
    return [...override.path, ...(property === undefined ? [] : ["Properties", property, ...inside])];
  return (logicalId && provenance[logicalId]) || Object.values(provenance)[0] || [];
}

/** Everything that the findings of a template depend on, but for the validator. */
export function lintKey(targets: readonly NamedTarget[], body: string): string {
  return JSON.stringify([targets.map(({ name, account, region }) => [name, account.id, region]), body]);
}
