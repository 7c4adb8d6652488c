/**
 * Observations: what can be seen of a thing while it runs, and when that means trouble. What is seen declares it, in
 * terms of its own outputs and names; alarms, composite alarms and dashboards are made of it, and know no kind.
 */
import type { Architecture, Placement } from "./architecture.ts";
import type { Expression, PlainObject } from "./cfn/values.ts";
import { hasAlerts } from "./components/alerts/settings.ts";
import type { KnownEntry } from "./entries.ts";
import type { Part } from "./stack.ts";

/** A metric of CloudWatch, of one thing. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string | Expression>>;
  /** `Sum`, `Average`, `p95` and so on. */
  readonly statistic: string;
}

/** What is calculated of metrics. */
export interface Calculation {
  /** In CloudWatch's metric math: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
  readonly expression: string;
  /** By the ids that the expression has for them. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

export type Measure = Metric | Calculation;

export const isCalculation = (measure: Measure): measure is Calculation => "expression" in measure;

/** When something is wrong, by what is measured. */
export interface Alarm {
  /** Kebab case; the last part of the alarm's name. */
  readonly name: string;
  readonly measure: Measure;
  readonly trouble: "above" | "below";
  readonly threshold: number;
  /** Seconds that are measured together. */
  readonly period: number;
  /** How many of them in a row must be in trouble. */
  readonly periods: number;
  /** What it means when nothing is measured. */
  readonly missing: "fine" | "trouble";
  /** What has happened when it goes off: a sentence without a full stop. */
  readonly means: string;
  /** What to do first: a sentence without a full stop. */
  readonly first: string;
  /**
   * Whether what is seen is out of order then, and not only near to it. All alarms of an outage are told of as one;
   * the others are told of one by one.
   */
  readonly isOutage: boolean;
  /** The part of the thing that it is about, if not about all of it. */
  readonly part?: Part;
}

/** Something that happens, of which people are told each time. */
export interface Notice {
  /** Kebab case. */
  readonly name: string;
  /** The events of EventBridge that it is about. */
  readonly pattern: PlainObject;
  /** Where in the event it says why. */
  readonly reason: string;
  /** Where in the event it says what it is about, if that is not always the same. */
  readonly which?: string;
  readonly means: string;
  readonly first: string;
  /** The part of the thing that it is about, if not about all of it. */
  readonly part?: Part;
}

/** What is drawn together. */
export interface Chart {
  readonly title: string;
  /** By what is said of each line. */
  readonly lines: Readonly<Record<string, Measure>>;
  /** The alarm whose threshold is drawn too. */
  readonly alarm?: string;
  readonly unit: string;
}

/** The rows of a dashboard, in their order. */
export const ROWS = ["load balancers", "services", "stores", "functions", "sites", "network", "vpn"] as const;
export type Row = (typeof ROWS)[number];

/** What can be seen of one thing in one placement. */
export interface Observation {
  /** The stack set it is in, and so are its alarms, whose names begin with it. */
  readonly stackSet: string;
  /** In a sentence: `the service api`. */
  readonly what: string;
  readonly row: Row;
  /** The Region in which it is measured, if not the placement's own. */
  readonly region?: string;
  readonly charts: readonly Chart[];
  readonly alarms: readonly Alarm[];
  readonly notices?: readonly Notice[];
  /** The names of what it can't do without: while one of them is out of order, its own outage is not told of. */
  readonly needs?: readonly string[];
  /** What it needs is deployed after it, and so is the alarm for its outage. */
  readonly isFirst?: true;
}

/** The name of an alarm. */
export const alarmName = (specName: string, { stackSet }: Observation, alarm: string): string =>
  `${specName}-${stackSet}-${alarm}`;

/** The name of the alarm that tells of an outage: it has no word of its own, unless it is the only one. */
export function outageName(specName: string, observation: Observation): string {
  const alone = isAlone(observation) && observation.alarms.find(({ isOutage }) => isOutage);
  return alone ? alarmName(specName, observation, alone.name) : `${specName}-${observation.stackSet}`;
}

/** Whether there is anything that means that what is seen is out of order. */
export const canFail = ({ alarms }: Observation): boolean => alarms.some(({ isOutage }) => isOutage);

/** Whether an alarm is an outage's only one, and nothing keeps it from telling: it needs no other to tell of it. */
export const isAlone = ({ alarms, needs = [], isFirst }: Observation): boolean =>
  alarms.filter(({ isOutage }) => isOutage).length === 1 && needs.length === 0 && !isFirst;

/** What can be seen in each placement, and of what is used there by its name. */
export class Observations {
  readonly #architecture: Architecture;
  readonly #entries: readonly KnownEntry[];
  /** Each entry is asked once. */
  readonly #known = new Map<KnownEntry, readonly Observation[]>();
  readonly #byName = new Map<string, KnownEntry>();
  /** What each needs, by name, in any placement. */
  #needs: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(architecture: Architecture, entries: readonly KnownEntry[]) {
    this.#architecture = architecture;
    this.#entries = entries.filter(({ component }) => component.observe);
    for (const entry of this.#entries) {
      if (entry.component.isMap) this.#byName.set(keyOf(entry.placement, String(entry.path.at(-1))), entry);
    }
  }

  /** What can be seen of an entry; nothing where nobody would be told. */
  of(entry: KnownEntry): readonly Observation[] {
    const known = this.#known.get(entry);
    if (known) return known;
    const isSeen = entry.component.observe !== undefined && hasAlerts(this.#architecture, entry.placement);
    const own = isSeen ? (entry.component.observe?.(entry, this.#architecture) ?? []) : [];
    this.#known.set(entry, own);
    return own;
  }

  /** All that can be seen in a placement. */
  in(placement: Placement): readonly Observation[] {
    return this.#entries.filter((entry) => entry.placement === placement).flatMap((entry) => this.of(entry));
  }

  /**
   * What something needs that can fail, in the placement's own Region. Their alarms must be there
   * first; so of two that need each other neither counts.
   *
   * @param name whose needs they are
   */
  fallible(placement: Placement, name: string, needs: readonly string[]): readonly Observation[] {
    return needs
      .filter((need) => !this.#isNeededBy(name, need))
      .flatMap((need) => {
        const entry = this.#byName.get(keyOf(placement, need));
        return entry ? this.of(entry) : [];
      })
      .filter((observation) => canFail(observation) && observation.region === undefined);
  }

  /** Whether one thing needs another, or needs what does, in any placement: all have one order of stack sets. */
  #isNeededBy(name: string, by: string, seen = new Set<string>()): boolean {
    if (name === by) return true;
    if (seen.has(by)) return false;
    seen.add(by);
    this.#needs ??= this.#gatherNeeds();
    return [...(this.#needs.get(by) ?? [])].some((need) => this.#isNeededBy(name, need, seen));
  }

  #gatherNeeds(): ReadonlyMap<string, ReadonlySet<string>> {
    const needs = new Map<string, Set<string>>();
    for (const entry of this.#byName.values()) {
      const name = String(entry.path.at(-1));
      const own = needs.get(name) ?? new Set();
      needs.set(name, own);
      for (const observation of this.of(entry)) for (const need of observation.needs ?? []) own.add(need);
    }
    return needs;
  }
}

const keyOf = (placement: Placement, name: string): string => `${placement.name} ${name}`;
