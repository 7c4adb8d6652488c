/**
 * Evaluates a template for one placement: what that placement gets, without mappings and conditions.
 *
 * Of a merged template everything can be told. A template of one's own may ask for what only CloudFormation knows, such
 * as a value in the parameter store: then the function stays, with the conditions and the mappings it needs.
 */
import { withoutNamed } from "../cfn/functions.ts";
import type { Template } from "../cfn/template.ts";
import {
  Expression,
  eachExpression,
  isExpression,
  isList,
  isNoValue,
  isScalar,
  mapExpressions,
  type PlainObject,
  type Scalar,
  Unlinked,
  type Value,
} from "../cfn/values.ts";
import { Invariant } from "../invariant.ts";
import { OWN } from "../merge/text.ts";

/** Takes a look-up that finds nothing, where CloudFormation would fail: what is missing, and in which entry. */
export type ReportMissing = (what: string, logicalId: string) => void;

/**
 * @param at the account and Region whose stack is wanted
 * @param reportMissing without it a look-up that finds nothing is our bug
 */
export function specialise(
  template: Template,
  at: { readonly account: string; readonly region: string },
  reportMissing: ReportMissing = (what) => {
    throw new Invariant(what);
  },
): Template {
  const evaluator = new Evaluator(template, at, reportMissing);
  const { Mappings: _, Conditions: __, Resources, Outputs, ...rest } = template;
  const resources = evaluator.section(Resources);
  const outputs = Outputs && evaluator.section(Outputs);
  return {
    ...rest,
    ...evaluator.undecided(),
    Resources: withoutDangling(resources),
    ...(outputs && { Outputs: outputs }),
  };
}

/** What a section has by logical ID, whether or not under a condition. */
type Entry = Template["Resources"][string] | NonNullable<Template["Outputs"]>[string];

class Evaluator {
  readonly #template: Template;
  readonly #reportMissing: ReportMissing;
  /** What `Ref` gives, as far as it is known before there is a stack. */
  readonly #refs: ReadonlyMap<string, Scalar>;
  readonly #truths = new Map<string, boolean | undefined>();
  /** Conditions that stay, and whether mappings do. */
  readonly #undecided = new Set<string>();
  #needsMappings = false;
  /** The entry that is evaluated. */
  #logicalId = "";

  constructor(
    template: Template,
    { account, region }: { readonly account: string; readonly region: string },
    reportMissing: ReportMissing,
  ) {
    this.#template = template;
    this.#reportMissing = reportMissing;
    this.#refs = new Map<string, Scalar>([
      ["AWS::AccountId", account],
      ["AWS::Region", region],
      ["AWS::Partition", "aws"],
      ["AWS::URLSuffix", "amazonaws.com"],
      ...Object.entries(template.Parameters ?? {})
        .filter(([, { Type }]) => !Type.startsWith("AWS::SSM::Parameter::"))
        .map(([name, { Default }]): [string, Scalar] => [name, Default]),
    ]);
  }

  /** The entries that the placement has. A condition that can't be decided stays. */
  section<T extends Entry>(entries: Readonly<Record<string, T>>): Record<string, T> {
    const present: Record<string, T> = {};
    for (const [logicalId, { Condition, ...entry }] of Object.entries(entries)) {
      this.#logicalId = logicalId;
      const truth = Condition === undefined || this.#truthOf(Condition);
      if (truth === false) continue;
      const evaluated = this.#evaluate(entry as unknown as PlainObject) as PlainObject;
      present[logicalId] = { ...evaluated, ...(truth === undefined && { Condition }) } as unknown as T;
      if (truth === undefined && Condition !== undefined) this.#undecided.add(Condition);
    }
    return present;
  }

  /** The sections that what stays needs. */
  undecided(): Pick<Template, "Conditions" | "Mappings"> {
    const { Conditions = {}, Mappings } = this.#template;
    const kept = new Set(this.#undecided);
    for (const name of kept) {
      eachExpression(Conditions[name] ?? "", ({ fn, argument }) => {
        if (fn === "Condition") kept.add(argument as string);
        if (fn === "Fn::FindInMap") this.#needsMappings = true;
      });
    }
    const conditions = Object.entries(Conditions).filter(([name]) => kept.has(name));
    return {
      ...(this.#needsMappings && Mappings && { Mappings }),
      ...(conditions.length > 0 && { Conditions: Object.fromEntries(conditions) }),
    };
  }

  /** Undefined where it can't be told. */
  #truthOf(name: string): boolean | undefined {
    if (!this.#truths.has(name)) {
      const definition = this.#template.Conditions?.[name];
      if (definition === undefined) throw new Invariant(`no condition ${name}`);
      // While it is decided it can't be told: so conditions that go in a circle end.
      this.#truths.set(name, undefined);
      const value = mapExpressions(definition, (expression) => this.#decide(expression));
      this.#truths.set(name, typeof value === "boolean" ? value : undefined);
    }
    return this.#truths.get(name);
  }

  /** What a function in a condition comes to; itself where that can't be told. */
  #decide(expression: Expression): Value {
    const { fn, argument } = expression;
    const list = isList(argument) ? argument : [argument];
    switch (fn) {
      case "Ref":
        return this.#refs.get(argument as string) ?? expression;
      case "Condition":
        return this.#truthOf(argument as string) ?? expression;
      case "Fn::Equals":
        return list.every(isScalar) ? String(list[0]) === String(list[1]) : expression;
      case "Fn::And":
        return list.includes(false) ? false : list.every((item) => item === true) || expression;
      case "Fn::Or":
        return list.includes(true) || (list.every((item) => item === false) ? false : expression);
      case "Fn::Not":
        return typeof list[0] === "boolean" ? !list[0] : expression;
      default:
        return fn === "Fn::FindInMap" ? this.#lookUp(expression) : expression;
    }
  }

  #evaluate(value: Value): Value {
    return prune(
      mapExpressions(value, (expression) => {
        switch (expression.fn) {
          case "Fn::FindInMap":
            return this.#lookUp(expression);
          case "Fn::If":
            return this.#choose(expression);
          case "Fn::Sub":
            return inlineOwn(expression);
          default:
            return expression;
        }
      }),
    );
  }

  #choose(expression: Expression): Value {
    const [name, then, otherwise] = expression.argument as readonly [string, Value, Value];
    const truth = this.#truthOf(name);
    if (truth !== undefined) return truth ? then : otherwise;
    this.#undecided.add(name);
    return expression;
  }

  #lookUp(expression: Expression): Value {
    const keys = (expression.argument as readonly Value[]).map((key) =>
      isExpression(key) && key.fn === "Ref" ? this.#refs.get(key.argument as string) : key,
    );
    if (!keys.every((key): key is Scalar => key !== undefined && isScalar(key))) {
      this.#needsMappings = true;
      return expression;
    }
    const [mapping, row, column] = keys.map(String) as [string, string, string];
    const value = this.#template.Mappings?.[mapping]?.[row]?.[column];
    if (value === undefined) {
      this.#reportMissing(`no ${column} for ${row} in mapping ${mapping}`, this.#logicalId);
      return expression;
    }
    return value;
  }
}

/** A text whose variable is looked up has what was found in its place. */
function inlineOwn(expression: Expression): Expression {
  if (!isList(expression.argument)) return expression;
  const [text, { [OWN]: own, ...variables }] = expression.argument as readonly [string, PlainObject];
  if (typeof own !== "string") return expression;
  const inlined = text.replaceAll(`\${${OWN}}`, () => own);
  return new Expression("Fn::Sub", Object.keys(variables).length > 0 ? [inlined, variables] : inlined);
}

/** `DependsOn` a resource that this placement does not have is ignored by CloudFormation; one that is named needs none. */
function withoutDangling(resources: Template["Resources"]): Template["Resources"] {
  return Object.fromEntries(
    Object.entries(resources).map(([logicalId, { DependsOn, ...resource }]) => {
      const present = DependsOn?.filter((target) => Object.hasOwn(resources, target)) ?? [];
      const dependsOn = withoutNamed(present, resource.Properties);
      return [logicalId, { ...resource, ...(dependsOn.length > 0 && { DependsOn: dependsOn }) }];
    }),
  );
}

/** Removes what `AWS::NoValue` stands for: the key or the item. */
function prune(value: Value): Value {
  if (isScalar(value) || isNoValue(value) || value instanceof Unlinked) return value;
  if (isExpression(value)) return pruneArgument(value);
  if (isList(value)) return value.filter((item) => !isNoValue(item)).map(prune);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isNoValue(item))
      .map(([key, item]) => [key, prune(item)]),
  );
}

/** A branch of a choice that stays may be nothing. */
function pruneArgument({ fn, argument }: Expression): Expression {
  const isChoice = fn === "Fn::If" && isList(argument);
  return new Expression(fn, isChoice ? argument.map(prune) : prune(argument));
}
