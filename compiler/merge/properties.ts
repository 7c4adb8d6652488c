/** Merges property values: equal ones stay literal, differences sink as deep as CloudFormation lets them. */
import {
  Expression,
  equal,
  isExpression,
  isList,
  isObject,
  noValue,
  type PlainObject,
  type Value,
} from "../cfn/values.ts";
import { pascalCase } from "../names.ts";
import { commonOrder, unionOrder } from "./align.ts";
import { type Cell, type Cells, descend, isMappable, liveValues, shareColumn } from "./cells.ts";
import { columnOf, itemName, namesOfItems, pathOfItem } from "./columns.ts";
import type { Conditions } from "./conditions.ts";
import type { Landing, Mappings } from "./mappings.ts";
import { differingStretch, subOwn, subText } from "./text.ts";

/** The way from a resource's properties to a value: keys, and items by name or position. */
type Path = readonly string[];

export class PropertyMerge {
  readonly #landings: readonly Landing[];
  readonly #conditions: Conditions;
  readonly #mappings: Mappings;

  constructor(landings: readonly Landing[], conditions: Conditions, mappings: Mappings) {
    this.#landings = landings;
    this.#conditions = conditions;
    this.#mappings = mappings;
  }

  /** Merges objects key by key. All live cells must hold objects. */
  mergeObjects(logicalId: string, path: Path, cells: Cells): PlainObject {
    const keys = unionOrder(liveValues(cells).map((value) => Object.keys(value)));
    return Object.fromEntries(
      keys.map((key) => {
        const common = commonValue(cells, key);
        if (common !== undefined) return [key, common];
        const inner = descend(cells, (value) => memberOf(value, key));
        return [key, this.#optional(logicalId, [...path, key], cells, inner)];
      }),
    );
  }

  /** The one value that gives each live placement its own. */
  #mergeValues(logicalId: string, path: Path, cells: Cells): Value {
    const live = liveValues(cells);
    const first = live[0] as Value;
    if (live.every((value) => equal(value, first)) && !differsElsewhere(cells, first)) return first;
    if (shareColumn(live)) return this.#mappings.column(logicalId, path, cells);
    if (live.every(isObject)) return this.mergeObjects(logicalId, path, cells);
    return (
      (live.every(isList) ? this.#mergeLists(logicalId, path, cells) : undefined) ??
      (live.every(isText) ? this.#mergeTexts(logicalId, path, cells) : undefined) ??
      (live.every(isJoin) ? this.#mergeJoins(logicalId, path, cells) : undefined) ??
      (haveSameVariables(live) ? this.#mergeVariables(logicalId, path, cells) : undefined) ??
      this.#choose(logicalId, path, cells)
    );
  }

  /** A value that not every live placement has: there under a condition, and `AWS::NoValue` elsewhere. */
  #optional(logicalId: string, path: Path, outer: Cells, inner: Cells): Value {
    const merged = this.#mergeValues(logicalId, path, inner);
    if (inner.every((cell, placement) => cell.live === outer[placement]?.live)) return merged;
    const name = `Has${logicalId}${columnOf(path)}`;
    const other = this.#conditions.instead(name, outer, inner);
    if (other !== undefined) return new Expression("Fn::If", [other, noValue, merged]);
    const condition = this.#conditions.where(outer, inner, merged, name);
    return new Expression("Fn::If", [condition, merged, noValue]);
  }

  /**
   * Lists merge item by item: by position where that needs no condition, by name if all items have one and stand in one
   * order, else by position. Not where one is empty: that says something of itself, to be seen as it is.
   */
  #mergeLists(logicalId: string, path: Path, cells: Cells): Value | undefined {
    const lists = liveValues(cells) as (readonly Value[])[];
    if (lists.some((list) => list.length === 0)) return undefined;
    const names = lists.map(namesOfItems);
    const order = names.every((list) => list !== undefined) ? commonOrder(names) : undefined;
    if (order && !areParallel(lists)) return this.#mergeNamedItems(logicalId, path, cells, order);
    const length = lists[0]?.length ?? 0;
    if (lists.some((list) => list.length !== length)) return undefined;
    return Array.from({ length }, (_, position) =>
      this.#mergeValues(
        logicalId,
        [...path, String(position + 1)],
        descend(cells, (value) => (isList(value) ? value[position] : undefined)),
      ),
    );
  }

  /** Texts with references that differ in one stretch: the stretch is looked up. */
  #mergeTexts(logicalId: string, path: Path, cells: Cells): Value | undefined {
    const texts = cells.map(({ value }) => (value === undefined ? undefined : subText(value)));
    const live = texts.filter((text, placement) => text !== undefined && cells[placement]?.live) as string[];
    const stretch = differingStretch(live);
    if (!stretch) return undefined;
    const own = stretch.own.values();
    const column = cells.map((cell) => (cell.live ? { value: own.next().value, live: true } : NOTHING));
    return subOwn(stretch, this.#mappings.column(logicalId, path, column));
  }

  #mergeNamedItems(logicalId: string, path: Path, cells: Cells, order: readonly string[]): Value {
    const byName = cells.map(({ value }) =>
      value !== undefined && isList(value) ? new Map(value.map((item) => [itemName(item), item])) : undefined,
    );
    return order.map((name) => {
      const inner = descend(cells, (_, placement) => byName[placement]?.get(name));
      const first = inner.find(({ live }) => live)?.value as Value;
      if (inner.every(({ value, live }) => live && equal(value as Value, first))) return first;
      return this.#optional(logicalId, [...path, pathOfItem(first, name)], cells, inner);
    });
  }

  /** The list of an `Fn::Join` may have conditions inside. */
  #mergeJoins(logicalId: string, path: Path, cells: Cells): Value | undefined {
    const part = (index: number) =>
      descend(cells, (value) => (isJoin(value) ? (value.argument as readonly Value[])[index] : undefined));
    const [separator, ...others] = liveValues(part(0)) as [Value, ...Value[]];
    const lists = part(1);
    if (others.some((other) => other !== separator) || !liveValues(lists).every(isList)) return undefined;
    const merged = this.#mergeLists(logicalId, path, lists);
    return merged && new Expression("Fn::Join", [separator, merged]);
  }

  /** A text with variables of its own: what they stand for is merged, each by itself. */
  #mergeVariables(logicalId: string, path: Path, cells: Cells): Value {
    const text = (liveValues(cells)[0] as Expression).argument as readonly Value[];
    const variables = descend(cells, (value) => variablesOf(value));
    return new Expression("Fn::Sub", [text[0] as Value, this.mergeObjects(logicalId, path, variables)]);
  }

  /**
   * Values of different structure: a branch for each kind, by condition. The one that needs none is the first that
   * refers to nothing conditional, so that the others stand under the conditions of what they refer to.
   */
  #choose(logicalId: string, path: Path, cells: Cells): Value {
    const groups: number[][] = [];
    cells.forEach(({ value, live }, placement) => {
      if (!live) return;
      const group = groups.find(([first]) =>
        shareBranch(cells[first as number]?.value as Value, value as Value),
      );
      if (group) group.push(placement);
      else groups.push([placement]);
    });
    const branches = groups.map((members) => {
      const inner = cells.map(({ value }, placement) => ({ value, live: members.includes(placement) }));
      return { members, inner, merged: this.#mergeValues(logicalId, path, inner) };
    });
    const last =
      branches.find(({ merged }) => this.#conditions.ofTargets(merged).length === 0) ?? branches[0];
    const others = branches.filter((branch) => branch !== last);
    return others.reduce<Value>((otherwise, { members, inner, merged }) => {
      const example = pascalCase(this.#landings[members[0] as number]?.name ?? "");
      const condition = this.#conditions.where(
        cells,
        inner,
        merged,
        `${logicalId}${columnOf(path)}Like${example}`,
      );
      return new Expression("Fn::If", [condition, merged, otherwise]);
    }, last?.merged as Value);
  }
}

const memberOf = (value: Value, key: string): Value | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** What all cells have under a key, where they are all live and agree, as most are and do. */
function commonValue(cells: Cells, key: string): Value | undefined {
  const first = cells[0]?.value && memberOf(cells[0].value, key);
  if (first === undefined) return undefined;
  for (const { value, live } of cells) {
    const other = live && value !== undefined ? memberOf(value, key) : undefined;
    if (other === undefined || !equal(other, first)) return undefined;
  }
  return first;
}

/**
 * Whether placements that do not have the resource would have another value here. It gets a column even where those
 * that have it agree: a literal would be wrong for the others, and turn into a column as soon as one of them has it.
 */
function differsElsewhere(cells: Cells, value: Value): boolean {
  const others = cells.flatMap((cell) => (cell.live || cell.value === undefined ? [] : [cell.value]));
  return shareColumn([value, ...others]) && others.some((other) => !equal(other, value));
}

/** Whether lists are alike item by item, but for values that can be looked up. Named items are matched by name. */
function areParallel(lists: readonly (readonly Value[])[]): boolean {
  const [first = [], ...others] = lists;
  return (
    others.every((list) => list.length === first.length) &&
    first.every((item, position) => {
      const items = lists.map((list) => list[position] as Value);
      return (
        items.every((other) => equal(other, item)) ||
        shareColumn(items) ||
        (items.every(isText) && differingStretch(items.map((text) => subText(text) as string)) !== undefined)
      );
    })
  );
}

const NOTHING: Cell = { value: undefined, live: false };
const isText = (value: Value): boolean => subText(value) !== undefined;
const isJoin = (value: Value): value is Expression => isExpression(value) && value.fn === "Fn::Join";

/** The variables of an `Fn::Sub`; undefined where it has none of its own. */
function variablesOf(value: Value): PlainObject | undefined {
  if (!isExpression(value) || value.fn !== "Fn::Sub" || !isList(value.argument)) return undefined;
  return value.argument[1] as PlainObject;
}

/** Whether all are one text with the same variables. */
function haveSameVariables(values: readonly Value[]): boolean {
  const [first = {}, ...others] = values.map((value) => variablesOf(value));
  const texts = values.map((value) => isExpression(value) && isList(value.argument) && value.argument[0]);
  const names = Object.keys(first);
  return (
    names.length > 0 &&
    texts.every((text) => text === texts[0]) &&
    others.every((other) => Object.keys(other ?? {}).join() === names.join())
  );
}

/**
 * Whether two values go into one branch of a choice: what shares a column, what merges key by key or item by item, what
 * is equal. It is an equivalence, so that a branch never has to choose among its own.
 */
function shareBranch(a: Value, b: Value): boolean {
  if (isMappable(a) || isMappable(b)) return shareColumn([a, b]);
  if (isList(a) && isList(b)) return a.length === b.length;
  return (isObject(a) && isObject(b)) || equal(a, b);
}
