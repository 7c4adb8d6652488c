/** Evaluates a merged template for one placement: what that placement gets, without mappings and conditions. */
import type { Template, TemplateResource } from "./cfn/template.ts";
import {
  Expression,
  isExpression,
  isList,
  isNoValue,
  isScalar,
  mapExpressions,
  type PlainObject,
  type Scalar,
  Unlinked,
  type Value,
} from "./cfn/values.ts";
import { Invariant } from "./invariant.ts";
import { OWN } from "./merge/text.ts";

/**
 * @param at the account and Region whose stack is wanted
 * @throws Invariant where a mapping has no row for it, as CloudFormation would fail
 */
export function specialise(
  template: Template,
  at: { readonly account: string; readonly region: string },
): Template {
  const known = new Map<string, boolean>();

  const isTrue = (name: string): boolean => {
    let truth = known.get(name);
    if (truth === undefined) {
      const definition = template.Conditions?.[name];
      if (definition === undefined) throw new Invariant(`no condition ${name}`);
      truth = evaluate(definition) === true;
      known.set(name, truth);
    }
    return truth;
  };

  const evaluate = (value: Value): Value => prune(mapExpressions(value, resolve));

  const resolve = (expression: Expression): Value => {
    const list = expression.argument as readonly Value[];
    switch (expression.fn) {
      case "Fn::FindInMap":
        return lookUp(
          template,
          list.map((key) => pseudo(key, at)),
        );
      case "Fn::If":
        return isTrue(list[0] as string) ? (list[1] as Value) : (list[2] as Value);
      case "Fn::Sub":
        return inlineOwn(expression);
      case "Fn::Equals":
        return list[0] === list[1];
      case "Fn::And":
        return list.every((item) => item === true);
      case "Condition":
        return isTrue(expression.argument as string);
      default:
        return expression;
    }
  };

  const resources: Record<string, TemplateResource> = {};
  for (const [logicalId, { Condition, ...resource }] of Object.entries(template.Resources)) {
    if (Condition !== undefined && !isTrue(Condition)) continue;
    resources[logicalId] = { ...resource, Properties: evaluate(resource.Properties) as PlainObject };
  }
  const { Mappings: _, Conditions: __, ...rest } = template;
  return { ...rest, Resources: withoutDangling(resources) };
}

/** A text whose variable is looked up has what was found in its place. */
function inlineOwn(expression: Expression): Expression {
  if (!isList(expression.argument)) return expression;
  const [text, { [OWN]: own, ...variables }] = expression.argument as readonly [string, PlainObject];
  if (typeof own !== "string") return expression;
  const inlined = text.replaceAll(`\${${OWN}}`, () => own);
  return new Expression("Fn::Sub", Object.keys(variables).length > 0 ? [inlined, variables] : inlined);
}

/** `DependsOn` a resource that this placement does not have is ignored by CloudFormation. */
function withoutDangling(resources: Record<string, TemplateResource>): Record<string, TemplateResource> {
  return Object.fromEntries(
    Object.entries(resources).map(([logicalId, { DependsOn, ...resource }]) => {
      const present = DependsOn?.filter((target) => Object.hasOwn(resources, target)) ?? [];
      return [logicalId, { ...resource, ...(present.length > 0 && { DependsOn: present }) }];
    }),
  );
}

function pseudo(key: Value, at: { readonly account: string; readonly region: string }): Scalar {
  if (!isExpression(key)) return key as Scalar;
  return key.argument === "AWS::Region" ? at.region : at.account;
}

function lookUp(template: Template, [mapping, row, column]: readonly Scalar[]): Value {
  const value = template.Mappings?.[String(mapping)]?.[String(row)]?.[String(column)];
  if (value === undefined) throw new Invariant(`no ${column} for ${row} in mapping ${mapping}`);
  return value;
}

/** Removes what `AWS::NoValue` stands for: the key or the item. */
function prune(value: Value): Value {
  if (isScalar(value) || isNoValue(value) || value instanceof Unlinked) return value;
  if (isExpression(value)) return new Expression(value.fn, prune(value.argument));
  if (isList(value)) return value.filter((item) => !isNoValue(item)).map(prune);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isNoValue(item))
      .map(([key, item]) => [key, prune(item)]),
  );
}
