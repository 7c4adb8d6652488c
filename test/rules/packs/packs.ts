/** Public rule packs, each in the version that is pinned, and what it says of templates. */
import type { PlainTemplate } from "../../support/everything.ts";
import { checkov } from "./checkov.ts";
import { controlTower, registry } from "./guard-packs.ts";

/** What a pack says of all templates together. */
export interface PackVerdict {
  /** How many rules it has, where that can be counted. */
  readonly rules?: number;
  /** The rules that had something to judge. */
  readonly judged: ReadonlySet<string>;
  readonly failed: readonly PackFinding[];
}

/** A rule that a resource fails. Type and logical ID are empty where a rule blames no resource. */
export interface PackFinding {
  readonly rule: string;
  readonly type: string;
  readonly logicalId: string;
}

export interface Pack {
  readonly name: string;
  /** Where it is from, as a link's text and address. */
  readonly source: readonly [string, string];
  readonly version: string;
  judge(templates: readonly PlainTemplate[]): PackVerdict;
}

export const packs: readonly Pack[] = [controlTower, registry, checkov];
