/**
 * What components need of each other, told before anything is built. So whoever makes a load balancer, a secret or a
 * repository knows all who need it, and knows none of their kinds.
 */
import { type Architecture, originOf, type Placement, valueAt } from "./architecture.ts";
import type { SourceCode } from "./code.ts";
import type { KnownEntry } from "./entries.ts";
import type { SpecPath } from "./path.ts";

/** What one entry needs in one placement. */
export interface Demands {
  /** The names of what it uses. */
  readonly uses?: readonly string[];
  /** Requests it wants from load balancers. */
  readonly routes?: readonly RouteDemand[];
  /** What it is told of that happens to others. */
  readonly listens?: readonly Listening[];
  /** The names of secrets that somebody fills in. */
  readonly secrets?: readonly string[];
  /** It is told where secrets are, and not what they hold. */
  readonly secretsByArn?: true;
  /** The names of environment variables that it sets itself. */
  readonly variables?: readonly string[];
  /** Its variables are encrypted with the placement's key for them. */
  readonly variablesKey?: true;
  /** Code that is packed, and put where the stack finds it. */
  readonly code?: SourceCode;
  /** Container images that are kept in repositories of this architecture. */
  readonly images?: readonly string[];
  /** Lambda pulls them, in its own name. */
  readonly isOnLambda?: true;
  /** Its containers run in the cluster. */
  readonly cluster?: true;
  /** It lies in the network: a load balancer that leads to it has a rule for its security group. */
  readonly isInNetwork?: true;
  /** It is let in to the internal load balancer, whether or not it uses something behind it. */
  readonly isLetIn?: true;
  /** It has files that `landform publish` uploads when it is there, by a role that is called after it. */
  readonly isPublished?: true;
  /** Target groups it has on each load balancer; one where absent. */
  readonly targetGroups?: number;
}

/** Something that happens to another, which it is told. */
export interface Listening {
  /** The objects of a bucket, which it so uses too, or the failures of a function. */
  readonly to: "objects" | "failures";
  /** The other's name. */
  readonly of: string;
  /** Where below it that is said. */
  readonly setting: SpecPath;
}

/** Requests that a load balancer is to send: those whose path is this one, or begins so where it ends in `*`. */
export interface RouteDemand {
  readonly balancer: "public" | "internal";
  /** The label before the environment's domain; absent for the domain itself. */
  readonly host?: string;
  readonly path: string;
}

/** `/api/*`, or `admin/api/*` with the host before it. */
export const showRoute = ({ host = "", path }: RouteDemand): string => `${host}${path}`;

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

/** What is demanded of a sort, by name, each with all who demand it. */
export function demandsByName(demands: readonly Demand[], sort: "images" | "secrets"): Map<string, Demand[]> {
  const byName = new Map<string, Demand[]>();
  for (const demand of demands) {
    for (const name of demand[sort] ?? []) {
      const others = byName.get(name);
      if (others) others.push(demand);
      else byName.set(name, [demand]);
    }
  }
  return new Map([...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Where in the spec a demand comes from.
 *
 * @param key the setting that says what is demanded
 * @param item which of a list of such, where it is a list
 */
export function sourceOf(
  { spec }: Pick<Architecture, "spec">,
  { path, placement }: Demand,
  key: string,
  item?: string,
): SpecPath {
  const at = originOf(spec, path, placement.environment, [key]).path;
  const list = valueAt(spec, at);
  return item !== undefined && Array.isArray(list) ? [...at, list.indexOf(item)] : at;
}
