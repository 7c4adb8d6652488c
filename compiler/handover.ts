/** Requests that go from one rule to another: both are there for a while, and one of them has nothing behind it. */
import { type Architecture, valueAt } from "./architecture.ts";
import { type RouteDemand, showRoute } from "./demands.ts";
import type { Place, Report } from "./diagnostics.ts";
import type { SpecPath } from "./path.ts";
import { showPath } from "./wording.ts";

/** The stack set that an entry's rules are in, be it in the spec or not. */
export type StackSetOf = (entry: SpecPath) => string;

/** The same requests, in other hands. */
export interface Handover {
  readonly route: RouteDemand;
  /** Who had them. */
  readonly from: SpecPath;
  /** Where the ledger has their rule. */
  readonly was: Place;
  /** Who is to have them. */
  readonly to: SpecPath;
  readonly at: Place;
}

interface Surroundings extends Pick<Architecture, "spec" | "demands"> {
  readonly stackSetOf: StackSetOf;
}

/** Tells once, while the ledger does not have the new rule yet, in which order that is deployed without an outage. */
export function handed(
  surroundings: Surroundings,
  { route, from, was, to, at }: Handover,
  report: Report,
): void {
  const { spec, stackSetOf } = surroundings;
  // By their paths, as a service may become a function of the same name.
  const [giver, taker] = [showPath(from), showPath(to)];
  const isGone = valueAt(spec, from) === undefined;
  if (!isGone && !isSideBySide(surroundings, from, to, route)) return;
  const what = `\`${showRoute(route)}\` of the ${route.balancer} load balancer goes from ${giver} to ${taker}`;
  report({
    code: "route-handed-over",
    severity: "warning",
    message: isGone
      ? `${what}; ${giver} has left the spec, but its rule stays live and goes on getting the requests`
      : `${what}; a deploy of both could take the rule away before ${taker} answers`,
    help: isGone
      ? `deploy, then take the old rule away with \`landform remove ${stackSetOf(from)}\``
      : `deploy ${taker} first, with \`landform deploy --only ${stackSetOf(to)}\`, then everything`,
    at,
    related: [{ at: was, message: "the rule until now" }],
  });
}

/** Whether both are in one placement, and only the taker wants the requests there. */
function isSideBySide({ demands }: Surroundings, from: SpecPath, to: SpecPath, route: RouteDemand): boolean {
  const isOf = (owner: SpecPath) => (demand: { readonly path: SpecPath }) =>
    demand.path.join() === owner.join();
  const wants = (routes: readonly RouteDemand[] = []) =>
    routes.some((other) => other.balancer === route.balancer && showRoute(other) === showRoute(route));
  const givers = demands.filter(isOf(from)).filter(({ routes }) => !wants(routes));
  const takers = demands.filter(isOf(to)).filter(({ routes }) => wants(routes));
  return takers.some((taker) => givers.some((giver) => giver.placement === taker.placement));
}
