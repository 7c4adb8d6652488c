/** What a kind of the spec is to the compiler: everything the compiler knows of it is in its component. */

import type { Architecture, Placement } from "./architecture.ts";
import type { PlainObject } from "./cfn/values.ts";
import type { Connection } from "./connection.ts";
import type { Demands, RouteDemand } from "./demands.ts";
import type { Report } from "./diagnostics.ts";
import type { Entry } from "./entries.ts";
import type { KeptEnvironments } from "./ledger.ts";
import type { Observation } from "./observation.ts";
import type { SpecPath } from "./path.ts";
import type { Json } from "./schema.ts";
import type { ConcreteStack } from "./stack.ts";

/** One kind. `Settings` is its section of the spec as the schema describes it, defaults filled in. */
export interface Component<Settings = Json, Allocation = unknown> {
  /** Its section of the spec; absent for what every placement has without being asked. */
  readonly path?: SpecPath;
  /** The section is a map: each entry is one of the kind, built by itself. */
  readonly isMap?: true;
  /**
   * Where it is built, if not in each placement of an environment: `everywhere` is in each account and Region of
   * `Architecture.everywhere`, `watched` the same, but only in a spec that has an account for security.
   */
  readonly scope?: "everywhere" | "watched";
  /** What it keeps in the ledger, for kinds whose allocations must never move. */
  readonly ledger?: ComponentLedger<Allocation>;
  /** The stack set that an entry's listener rules are in, by the entry's name, be it in the spec or not. */
  readonly stackSetOf?: (name: string) => string;
  /** The ledger's section of another kind whose allocation it goes by, if it keeps none of its own. */
  readonly reads?: string;
  /** Reports what is wrong with the settings that no schema can say. */
  check?(architecture: Architecture, report: Report): void;
  /** What it needs of others in a placement. Parts of the spec that are wrong are left out of the settings. */
  demands?(entry: Entry<Settings>): Demands;
  /** How those who use it in the same placement do so; absent for a kind, undefined for an entry, that nobody can use. */
  connect?(entry: Entry<Settings>, architecture: Architecture): Connection | undefined;
  /** What can be seen of it while it runs, and when that means trouble. Asked only where somebody is told of it. */
  observe?(entry: Entry<Settings>, architecture: Architecture): readonly Observation[];
  /** The stacks of one placement: plain and concrete, with no thought of other placements. It can't fail. */
  build(context: Context<Settings, Allocation>): readonly ConcreteStack[];
  /**
   * What people, or other services than CloudFormation, read of the whole.
   *
   * @param specFile the spec's file name without directories
   */
  documents?(architecture: Architecture, specFile: string): readonly Document[];
}

/** A file that is no template. */
export interface Document {
  /** Its path below `generated/<name>/`; where it is outside, from the directory that the tool runs in. */
  readonly file: string;
  /** It lies where those who read it want it. */
  readonly isOutside?: true;
  /** Markdown for people, or what a service reads as YAML. */
  readonly content: string | PlainObject;
}

export interface ComponentLedger<Allocation> {
  /** Its key in the ledger. */
  readonly section: string;
  /**
   * Makes what the spec needs and the ledger does not have yet; what the ledger has stays as it is.
   *
   * @param kept the section as the ledger has it; undefined where it has none
   * @param report takes what is corrupt, contradicts the spec or can't be had
   * @param environments where the ledger has each environment
   */
  allocate(
    architecture: Architecture,
    kept: Json | undefined,
    report: Report,
    environments: KeptEnvironments,
  ): Allocation;
}

export interface Context<Settings, Allocation> extends Entry<Settings> {
  /** The spec's name: the first part of physical names. */
  readonly name: string;
  /** For what concerns more than the placement alone: who else there is, and where. */
  readonly architecture: Architecture;
  readonly allocation: Allocation;
  /** How something is used by its name, one of those it demanded. */
  connect(name: string): Connection;
  /** What can be seen of it, for alarms; nothing where nobody is told. */
  readonly observed: readonly Observation[];
  /** What it needs that can be out of order: see `Observations.fallible`. */
  fallible(needs: readonly string[]): readonly Observation[];
  /** All that can be seen in a placement. */
  observationsIn(placement: Placement): readonly Observation[];
  /** The priority of the listener rule for a route it demanded. */
  priorityOf(route: RouteDemand): number;
}
