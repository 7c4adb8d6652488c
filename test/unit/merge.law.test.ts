/** The laws of the merge, for thousands of generated families. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Template } from "../../compiler/cfn/template.ts";
import {
  type Expression,
  eachExpression,
  isExpression,
  isList,
  isScalar,
  type Value,
} from "../../compiler/cfn/values.ts";
import type { Landing } from "../../compiler/merge/mappings.ts";
import { type Merged, merge } from "../../compiler/merge/merge.ts";
import { printYaml } from "../../compiler/output/print.ts";
import { concreteTemplate } from "../../compiler/specialise/concrete.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import type { ConcreteStack } from "../../compiler/stack.ts";
import { canonical, Family, families, runs, targetsOf } from "./families.ts";

/** Checks a law for families; a counterexample is as small as fast-check can make it. */
function law(name: string, count: number, holds: (family: Family, merged: Merged) => void): void {
  test(name, () => {
    fc.assert(
      fc.property(families, (family) => holds(family, mergeFamily(family))),
      runs(count),
    );
  });
}

const mergeFamily = ({ landings, stacks }: Family): Merged => merge(landings, stacks);

describe("specialised", () => {
  law("the template gives each placement what its own would", 5000, ({ landings, stacks }, { template }) => {
    const received = landings.map((landing) => canonical(specialise(template, landing)));
    const expected = stacks.map((stack) => canonical(concreteTemplate(stack)));
    expect(received.join("\n")).toBe(expected.join("\n"));
  });

  law("it fails for a placement that it does not know", 500, (_, { template }) => {
    fc.pre(template.Mappings !== undefined);
    expect(() => specialise(template, { account: "999999999999", region: "eu-west-1" })).toThrow("no ");
  });

  law("it is the only placement's own where there is one", 500, ({ landings, stacks }) => {
    const { template } = merge(landings.slice(0, 1), stacks.slice(0, 1));
    expect(canonical(template)).toBe(canonical(concreteTemplate(stacks[0] as ConcreteStack)));
  });

  law("it is everybody's own where all are alike", 500, ({ landings, stacks }) => {
    const { template } = merge(
      landings,
      landings.map(() => stacks[0] as ConcreteStack),
    );
    expect(canonical(template)).toBe(canonical(concreteTemplate(stacks[0] as ConcreteStack)));
  });

  law("it is the same each time", 500, (family, merged) => {
    expect(printed(mergeFamily(family))).toBe(printed(merged));
  });
});

describe("the template", () => {
  law("is one that CloudFormation takes in every placement", 3000, ({ landings }, { template }) => {
    expect([
      ...missingCells(template, landings),
      ...mixedColumns(template),
      ...computedLiterals(template),
      ...illegalNames(template),
      ...illegalConditions(template),
      ...unused(template),
      ...unguarded(template),
    ]).toEqual([]);
  });

  /** CloudFormation looks up every cell, also in a branch or a resource that the placement does not have. */
  function* missingCells(template: Template, landings: readonly Landing[]): Generator<string> {
    for (const expression of expressionsOf(template)) {
      for (const landing of expression.fn === "Fn::FindInMap" ? landings : []) {
        if (lookUp(template, expression, landing) === undefined) {
          yield `${landing.name} has no ${JSON.stringify(expression)}`;
        }
      }
    }
  }

  /** A column holds scalars or lists of strings, whether or not a placement reads it. */
  function* mixedColumns({ Mappings = {} }: Template): Generator<string> {
    for (const [mapping, rows] of Object.entries(Mappings)) {
      if (mapping === "Placement") continue;
      const kinds = new Map<string, string>();
      for (const [column, value] of Object.values(rows).flatMap(Object.entries<Value>)) {
        const kind = isList(value) ? "list" : "scalar";
        if (kinds.has(column) && kinds.get(column) !== kind) yield `${mapping}.${column} has both`;
        kinds.set(column, kind);
        const items = isList(value) ? value : [value];
        if (!items.every(isScalar)) yield `${mapping}.${column} has ${JSON.stringify(value)}`;
      }
    }
  }

  /** What is not a property is a literal, and what it names is in the template. */
  function* computedLiterals({ Resources }: Template): Generator<string> {
    for (const [logicalId, { Properties: _, DependsOn = [], ...attributes }] of Object.entries(Resources)) {
      for (const [name, value] of Object.entries(attributes)) {
        if (expressionsIn(value).length > 0) yield `${logicalId}: ${name} is no literal`;
      }
      for (const target of DependsOn) {
        if (!Object.hasOwn(Resources, target)) yield `${logicalId} depends on ${target}, which is nowhere`;
      }
    }
  }

  function* illegalNames({ Mappings = {}, Conditions = {} }: Template): Generator<string> {
    const check = function* (what: string, names: object, legal = /^[A-Za-z0-9]{1,255}$/) {
      for (const name of Object.keys(names)) if (!legal.test(name)) yield `${what} ${name}`;
    };
    yield* check("condition", Conditions);
    yield* check("mapping", Mappings);
    for (const rows of Object.values(Mappings)) {
      yield* check("row", rows, /^[A-Za-z0-9.-]{1,255}$/);
      for (const row of Object.values(rows)) yield* check("column", row);
    }
  }

  /** Conditions hold few functions; `Fn::And` joins two to ten. */
  function* illegalConditions({ Conditions = {} }: Template): Generator<string> {
    for (const [name, definition] of Object.entries(Conditions)) {
      for (const { fn, argument } of expressionsIn(definition)) {
        if (!["Condition", "Fn::And", "Fn::Equals", "Fn::FindInMap", "Ref"].includes(fn))
          yield `${name}: ${fn}`;
        const terms = fn === "Fn::And" ? (argument as readonly Value[]).length : 2;
        if (terms < 2 || terms > 10) yield `${name} joins ${terms}`;
      }
    }
  }

  /** Linters complain of conditions and columns that nothing uses. */
  function* unused(template: Template): Generator<string> {
    const used = new Set<unknown>(Object.values(template.Resources).map(({ Condition }) => Condition));
    for (const { fn, argument } of expressionsOf(template)) {
      const [first, , last] = isList(argument) ? argument : [];
      if (fn === "Condition") used.add(argument);
      if (fn === "Fn::If") used.add(first);
      if (fn === "Fn::FindInMap") used.add(`${first}.${last}`);
    }
    for (const name of Object.keys(template.Conditions ?? {})) if (!used.has(name)) yield `condition ${name}`;
    for (const [mapping, rows] of Object.entries(template.Mappings ?? {})) {
      for (const column of mapping === "Placement" ? [] : Object.values(rows).flatMap(Object.keys)) {
        if (!used.has(`${mapping}.${column}`)) yield `column ${mapping}.${column}`;
      }
    }
  }

  /** The conditions around a reference say that its resource is there. */
  function* unguarded({ Conditions = {}, Resources }: Template): Generator<string> {
    const implied = (name: string): string[] => [
      name,
      ...expressionsIn(Conditions[name] as Value).flatMap(({ fn, argument }) =>
        fn === "Condition" ? implied(argument as string) : [],
      ),
    ];
    const within = function* (value: Value, known: readonly string[]): Generator<string> {
      if (isScalar(value)) return;
      if (!isExpression(value)) {
        for (const item of Object.values(value) as Value[]) yield* within(item, known);
      } else if (value.fn === "Fn::If") {
        const [name, then, otherwise] = value.argument as readonly [string, Value, Value];
        yield* within(then, [...known, ...implied(name)]);
        yield* within(otherwise, known);
      } else {
        for (const target of targetsOf(value)) {
          const condition = Resources[target]?.Condition;
          if (condition !== undefined && !known.includes(condition)) yield `${target} without ${condition}`;
        }
        yield* within(value.argument, known);
      }
    };
    for (const { Condition, Properties } of Object.values(Resources)) {
      yield* within(Properties, Condition === undefined ? [] : implied(Condition));
    }
  }
});

describe("growth", () => {
  const grown = fc.record({ family: families, twin: fc.nat(5), isNewRegion: fc.boolean() });

  test("a placement like one that exists adds rows and changes nothing else", () => {
    fc.assert(
      fc.property(grown, ({ family, twin, isNewRegion }) => {
        const before = mergeFamily(family).template;
        const after = mergeFamily(withTwin(family, twin, isNewRegion)).template;
        const shrunk = before.Mappings === undefined ? after : withoutRow(after);
        expect(JSON.stringify(shrunk)).toBe(JSON.stringify(before));
      }),
      runs(3000),
    );
  });

  /** The family and a placement with the stack of one of it; the last, in a Region of its own or not. */
  function withTwin({ landings, stacks }: Family, twin: number, isNewRegion: boolean): Family {
    const region = isNewRegion ? "sa-east-1" : (landings[0] as Landing).region;
    return new Family(
      [...landings, { name: "twin", account: "999999999999", region }],
      [...stacks, stacks[twin % stacks.length] as ConcreteStack],
    );
  }

  function withoutRow({ Mappings = {}, ...template }: Template): Template {
    const { Placement = {}, ...mappings } = Mappings;
    const without = (rows: object, gone: string) =>
      Object.fromEntries(Object.entries(rows).filter(([name]) => name !== gone));
    const regions = Object.entries(Placement)
      .map(([region, row]): [string, object] => [region, without(row, "999999999999")])
      .filter(([, row]) => Object.keys(row).length > 0);
    const { AWSTemplateFormatVersion, Description, ...sections } = template;
    return {
      AWSTemplateFormatVersion,
      Description,
      Mappings: {
        Placement: Object.fromEntries(regions) as never,
        ...Object.fromEntries(Object.entries(mappings).map(([name, rows]) => [name, without(rows, "twin")])),
      },
      ...sections,
    };
  }
});

/** All expressions of the conditions and of the properties. */
function expressionsOf({ Conditions = {}, Resources }: Template): Expression[] {
  const properties = Object.values(Resources).map((resource) => resource.Properties);
  return [...Object.values(Conditions), ...properties].flatMap(expressionsIn);
}

function expressionsIn(value: Value): Expression[] {
  const found: Expression[] = [];
  eachExpression(value, (expression) => found.push(expression));
  return found;
}

/** What CloudFormation finds for an `Fn::FindInMap`, by itself and without the compiler's evaluation. */
function lookUp(template: Template, { argument }: Expression, landing: Landing): Value | undefined {
  const [mapping, row, column] = (argument as readonly Value[]).map((step) => {
    if (!isExpression(step)) return step;
    if (step.fn === "Fn::FindInMap") return lookUp(template, step, landing);
    return step.argument === "AWS::Region" ? landing.region : landing.account;
  });
  return template.Mappings?.[mapping as string]?.[row as string]?.[column as string];
}

const printed = ({ template, notes }: Merged): string => printYaml({ ...template } as never, notes);
