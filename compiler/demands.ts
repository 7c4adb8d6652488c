/**
 * What components need of each other, told before anything is built. So whoever makes a load balancer, a secret or a
 * repository knows all who need it, and knows none of their kinds.
 */
import type { Placement } from "./architecture.ts";
import type { KnownEntry } from "./entries.ts";
import type { SpecPath } from "./path.ts";

/** What one entry needs in one placement. */
export interface Demands {
  /** The names of what it uses. */
  readonly uses?: readonly string[];
  /** Requests it wants from load balancers. */
  readonly routes?: readonly RouteDemand[];
  /** The names of secrets that somebody fills in. */
  readonly secrets?: readonly string[];
  /** The names of environment variables that it sets itself. */
  readonly variables?: readonly string[];
  /** Container images that are kept in repositories of this architecture. */
  readonly images?: readonly string[];
  /** Its containers run in the cluster. */
  readonly cluster?: true;
  /** Target groups it has on each load balancer; one where absent. */
  readonly targetGroups?: number;
}

/** Requests that a load balancer is to send: those whose path is this one, or begins so where it ends in `*`. */
export interface RouteDemand {
  readonly balancer: "public" | "internal";
  /** The label before the environment's domain; absent for the domain itself. */
  readonly host?: string;
  readonly path: string;
}

/** The demands of an entry, and whose they are. */
export interface Demand extends Demands {
  readonly placement: Placement;
  /** Where in the spec who demands stands. */
  readonly path: SpecPath;
}

export function gatherDemands(entries: readonly KnownEntry[]): Demand[] {
  return entries.flatMap(({ component, ...entry }) => {
    const demands = component.demands?.(entry);
    return demands ? [{ ...demands, placement: entry.placement, path: entry.path }] : [];
  });
}
