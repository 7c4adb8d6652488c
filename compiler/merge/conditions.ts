/**
 * Conditions: true in some placements, read from the mapping `Conditions` by the stack's own placement.
 *
 * A condition is named for what it is about and not for the placements it is true in, and its truth is a column:
 * so another environment like one that exists adds rows and changes nothing else.
 */
import { namedBy } from "../cfn/functions.ts";
import type { Row } from "../cfn/template.ts";
import { Expression, eachExpression, type Value } from "../cfn/values.ts";
import type { ConcreteStack, Part } from "../stack.ts";
import { type Family, isEverywhere, isPresent } from "./align.ts";
import type { Cells } from "./cells.ts";
import { lookUp } from "./mappings.ts";

/** For each placement: whether something holds there. */
type Truth = readonly boolean[];

interface Condition {
  readonly truth: Truth;
  /** Whether it has a column; one that only joins others has none. */
  readonly own: boolean;
  /** The conditions it implies. */
  within: readonly string[];
}

/** A part over all placements. */
interface PartFamily {
  readonly truth: boolean[];
  /** Where its own reason holds. */
  readonly own: boolean[];
  /** The parts it lies within, in one placement or other. */
  readonly within: Set<string>;
}

const MAPPING = "Conditions";

/** What `Fn::And` takes: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
const MOST_TERMS = 10;

/** Of the 255 that CloudFormation allows; the rest is for a count. */
const MOST_LETTERS = 250;

export class Conditions {
  readonly #byName = new Map<string, Condition>();
  readonly #parts: ReadonlyMap<string, PartFamily>;
  /** The condition of each resource that has one. */
  readonly #ofResource = new Map<string, string>();
  /** Those of properties, by their place without the last word. */
  readonly #ofAlternative = new Map<string, string>();
  /** Those that are for one resource alone. */
  readonly #alone = new Map<string, string>();

  constructor(stacks: readonly ConcreteStack[], families: ReadonlyMap<string, Family>) {
    const partial = [...families].filter(([, family]) => !isEverywhere(family));
    this.#parts = partial.length > 0 ? collectParts(stacks) : new Map();
    for (const [logicalId, family] of partial) this.#nameResource(logicalId, family);
  }

  /** Whether some resource has one. */
  get hasResources(): boolean {
    return this.#ofResource.size > 0;
  }

  /** The condition of a resource; undefined where every placement has it. */
  ofResource(logicalId: string): string | undefined {
    return this.#ofResource.get(logicalId);
  }

  /** Whether a placement, by position, has a resource of the template. */
  hasResource(logicalId: string, placement: number): boolean {
    const name = this.#ofResource.get(logicalId);
    return name === undefined || this.truthOf(name)[placement] === true;
  }

  /**
   * The condition that is true where `inner` is live, as far as `outer` is. That of a resource the value refers to is
   * taken where it fits, so that a reference to a resource stands under the resource's own condition.
   */
  where(outer: Cells, inner: Cells, value: Value, ownName: string): string {
    const truth = inner.map((cell) => cell.live);
    const fitting = this.ofTargets(value).find((name) =>
      this.truthOf(name).every((holds, index) => !outer[index]?.live || holds === truth[index]),
    );
    const name = fitting ?? this.#define(ownName, { truth, own: true, within: [] });
    this.#ofAlternative.set(stemOf(ownName), name);
    return name;
  }

  /**
   * The condition of the other of two properties that are there instead of each other, such as `HostedZoneId` and
   * `HostedZoneName`: it is false where `inner` is live, as far as `outer` is, and true elsewhere. So the template alone
   * shows that there always is one.
   */
  instead(place: string, outer: Cells, inner: Cells): string | undefined {
    const name = this.#ofAlternative.get(stemOf(place));
    if (name === undefined) return undefined;
    const truth = this.truthOf(name);
    return outer.every(({ live }, index) => !live || truth[index] !== inner[index]?.live) ? name : undefined;
  }

  /** The conditions of the resources a value refers to. */
  ofTargets(value: Value): readonly string[] {
    const names = new Set<string>();
    eachExpression(value, (expression) => {
      for (const { name: target } of namedBy(expression.fn, expression.argument)) {
        const name = this.#ofResource.get(target);
        if (name !== undefined) names.add(name);
      }
    });
    return [...names];
  }

  /** The conditions that are true wherever one is, by definition: itself and those it lies within. */
  implied(name: string): readonly string[] {
    return [name, ...(this.#byName.get(name)?.within ?? []).flatMap((outer) => this.implied(outer))];
  }

  /**
   * Has the condition of a resource imply those of the resources that it can't be without, where it is for that resource
   * alone: so a reader, and a linter, sees that the one comes with the others.
   *
   * @param targets what the resource refers to wherever it is
   */
  bind(logicalId: string, targets: Iterable<string>): void {
    const name = this.#alone.get(logicalId) ?? "";
    const own = this.#byName.get(name);
    if (!own) return;
    for (const target of targets) {
      const outer = this.#ofResource.get(target);
      if (outer === undefined || own.within.length === MOST_TERMS - 1) continue;
      const isKnown = own.within.some((each) => this.implied(each).includes(outer));
      const isAround = this.implied(outer).includes(name);
      if (!isKnown && !isAround && implies(own.truth, this.truthOf(outer)))
        own.within = [...own.within, outer];
    }
  }

  /** The section `Conditions`. */
  section(): Record<string, Value> {
    return Object.fromEntries(
      [...this.#byName].map(([name, condition]) => [name, definition(name, condition)]),
    );
  }

  /** The rows of the mapping `Conditions`, one for each placement by position; empty where it has no columns. */
  row(placement: number): Row {
    return Object.fromEntries(
      [...this.#byName]
        .filter(([, { own }]) => own)
        .map(([name, { truth }]) => [name, String(truth[placement])]),
    );
  }

  /** Gives a resource that only some placements have its condition: its part's, if that holds in the same ones. */
  #nameResource(logicalId: string, family: Family): void {
    const truth = family.map(isPresent);
    const part = family.find((resource) => resource?.part)?.part?.name;
    const isParts = part !== undefined && same(this.#parts.get(part)?.truth ?? [], truth);
    const condition = isParts ? this.#definePart(part) : undefined;
    const alone = condition ? undefined : this.#define(`Has${logicalId}`, { truth, own: true, within: [] });
    if (alone !== undefined) this.#alone.set(logicalId, alone);
    this.#ofResource.set(logicalId, condition ?? (alone as string));
  }

  /**
   * Defines the condition of a part, after those of the parts it lies within. A part that is wherever one of those is
   * takes that one's condition, so that a reader (and a linter) sees that the one comes with the other.
   *
   * @returns the condition; undefined where the part is everywhere
   */
  #definePart(name: string): string | undefined {
    const { truth, own, within } = this.#parts.get(name) as PartFamily;
    if (truth.every(Boolean)) return undefined;
    const implied = [...within].filter((part) => implies(truth, this.#parts.get(part)?.truth ?? []));
    const outer = [...new Set(implied.flatMap((part) => this.#definePart(part) ?? []))];
    const twin = outer.find(
      (candidate) =>
        same(this.truthOf(candidate), truth) &&
        outer.every((other) => this.implied(candidate).includes(other)),
    );
    const joined = truth.map((_, placement) => outer.every((each) => this.truthOf(each)[placement]));
    const needsOwn = !own.every(Boolean) || !same(joined, truth);
    return twin ?? this.#define(`Has${name}`, { truth, own: needsOwn, within: outer });
  }

  /** Defines a condition unless it is defined, under a name that no other condition has; @returns that name. */
  #define(wanted: string, condition: Condition): string {
    const stem = wanted.slice(0, MOST_LETTERS);
    let name = stem;
    for (let count = 2; ; count++) {
      const known = this.#byName.get(name);
      if (!known) this.#byName.set(name, condition);
      if (!known || alike(known, condition)) return name;
      name = `${stem}${count}`;
    }
  }

  /** In which placements a condition is true. */
  truthOf(name: string): Truth {
    return this.#byName.get(name)?.truth ?? [];
  }
}

/** `HasRecordHostedZoneId` → `HasRecordHostedZone`. */
const stemOf = (name: string): string => name.replace(/[A-Z][a-z0-9]*$/, "");

function definition(name: string, { own, within }: Condition): Value {
  const terms = within.map((outer) => new Expression("Condition", outer));
  if (own) terms.push(new Expression("Fn::Equals", [lookUp(MAPPING, name), "true"]));
  return terms.length === 1 ? (terms[0] as Expression) : new Expression("Fn::And", terms);
}

function collectParts(stacks: readonly ConcreteStack[]): Map<string, PartFamily> {
  const parts = new Map<string, PartFamily>();
  const collect = (part: Part, placement: number) => {
    const family = parts.get(part.name) ?? {
      truth: stacks.map(() => false),
      own: stacks.map(() => false),
      within: new Set<string>(),
    };
    parts.set(part.name, family);
    family.truth[placement] = part.present;
    family.own[placement] = part.own;
    for (const outer of part.within) {
      family.within.add(outer.name);
      collect(outer, placement);
    }
  };
  stacks.forEach((stack, placement) => {
    for (const { part } of stack.resources) if (part) collect(part, placement);
  });
  return parts;
}

const alike = (a: Condition, b: Condition): boolean =>
  same(a.truth, b.truth) && a.within.join() === b.within.join();

const implies = (a: Truth, b: Truth): boolean => a.every((holds, index) => !holds || b[index] === true);

const same = (a: Truth, b: Truth): boolean =>
  a.length === b.length && a.every((holds, index) => holds === b[index]);
