/** Rules of AWS Config: what the recorder sees is held to each of them. */
import { GLOBAL_REGION } from "../../architecture.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { RECORDERS } from "./recorder.ts";
import { GLOBAL_RULES, REGIONAL_RULES, type Rule } from "./rule-list.ts";
import { type AuditSettings, auditPath } from "./settings.ts";

/** Those of a Region; in the one where IAM is recorded, those of the account too. */
export function buildRules(
  name: string,
  where: string,
  { without }: AuditSettings["rules"],
): ConcreteStack[] {
  const left: readonly string[] = without;
  const build = (stackSet: string, description: string, rules: Readonly<Record<string, Rule>>) => {
    const stack = new Stack(name, stackSet, description, [...auditPath, "rules"]);
    // A rule can't be made before there is a recorder.
    for (const recorder of RECORDERS) stack.after(recorder);
    for (const [rule, says] of Object.entries(rules))
      if (!left.includes(rule)) addRule(stack, name, rule, says);
    return stack.build();
  };
  return [
    build("rules", "What is demanded of everything in an account and Region", REGIONAL_RULES),
    ...(where === GLOBAL_REGION
      ? [build("rules-global", "What is demanded of an account", GLOBAL_RULES)]
      : []),
  ].filter(({ resources }) => resources.length > 0);
}

/** It has the same name everywhere, by which the aggregator puts together what accounts say. */
function addRule(
  stack: Stack,
  name: string,
  rule: string,
  { identifier, description, parameters }: Rule,
): void {
  stack.add("AWS::Config::ConfigRule", pascalCase(rule), {
    ConfigRuleName: `${name}-${rule}`,
    Description: description,
    Source: {
      Owner: "AWS",
      SourceIdentifier: identifier ?? rule.replaceAll("-", "_").toUpperCase(),
    },
    ...(parameters && { InputParameters: parameters }),
  });
}
