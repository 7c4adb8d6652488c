/** Listener rules: no two for the same requests, and priorities that the ledger keeps, the more specific path first. */
import { type Architecture, originOf } from "./architecture.ts";
import type { RouteDemand } from "./demands.ts";
import { type Diagnostic, inSpec, type Place, type Report, reportOnce } from "./diagnostics.ts";
import { corrupt } from "./ledger.ts";
import { pascalCase } from "./names.ts";
import { formatPath, type SpecPath } from "./path.ts";
import { isJsonObject, type Json } from "./schema.ts";

/** Its key in the ledger. */
export const ROUTES_SECTION = "listener-rules";

/** Of each load balancer, by whose rule it is for which path: `services.web /*`. They are the same in all placements. */
export type Priorities = Readonly<Record<RouteDemand["balancer"], Readonly<Record<string, number>>>>;

/**
 * Priorities go to 50,000: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 * The longer the path, the smaller the priority, and an exact path comes before one that only begins so. Each such
 * rank has more numbers than a listener has rules, so that there always is one.
 */
const LONGEST_PATH = 128;
const PER_RANK = 195;

/** The priority of a rule, which the ledger has. */
export const priorityOf = (priorities: Priorities, owner: SpecPath, route: RouteDemand): number =>
  priorities[route.balancer][keyOf(owner, route)] as number;

/**
 * The priorities of all rules: those the ledger has, and new ones for what is new.
 *
 * @param kept the section as the ledger has it; undefined where it has none
 */
export function allocatePriorities(
  { demands }: Pick<Architecture, "demands">,
  kept: Json | undefined,
  report: Report,
): Priorities {
  const isSound = kept === undefined || isPriorities(kept);
  if (!isSound) report(corrupt([ROUTES_SECTION]));
  const known = isSound ? kept : undefined;
  const priorities = { public: { ...known?.public }, internal: { ...known?.internal } };
  const taken = {
    public: new Set(Object.values(priorities.public)),
    internal: new Set(Object.values(priorities.internal)),
  };
  for (const { path, routes = [] } of demands) {
    for (const route of routes) {
      const key = keyOf(path, route);
      if (Object.hasOwn(priorities[route.balancer], key)) continue;
      const number = firstFree(route.path, taken[route.balancer]);
      priorities[route.balancer][key] = number;
      taken[route.balancer].add(number);
    }
  }
  return priorities;
}

const isPriorities = (kept: Json): kept is Json & Partial<Priorities> =>
  isJsonObject(kept) &&
  Object.entries(kept).every(
    ([balancer, rules]) =>
      (balancer === "public" || balancer === "internal") &&
      isJsonObject(rules) &&
      Object.entries(rules).every(([key, number]) => isOfRank(number, key.slice(key.indexOf("/")))) &&
      new Set(Object.values(rules)).size === Object.keys(rules).length,
  );

/** As the ledger names a rule. */
const keyOf = (owner: SpecPath, route: RouteDemand): string => `${formatPath(owner)} ${showRoute(route)}`;

/** `/api/*`, or `admin/api/*` with the host before it. */
const showRoute = ({ host = "", path }: RouteDemand): string => `${host}${path}`;

/** The first number of a path's rank. */
function rankOf(path: string): number {
  const literal = path.replace(/\*$/, "");
  return 1 + PER_RANK * (2 * (LONGEST_PATH - literal.length) + (literal === path ? 0 : 1));
}

const isOfRank = (number: Json, path: string): boolean =>
  Number.isInteger(number) && Number(number) >= rankOf(path) && Number(number) < rankOf(path) + PER_RANK;

function firstFree(path: string, taken: ReadonlySet<number>): number {
  let number = rankOf(path);
  while (taken.has(number)) number++;
  return number;
}

/** The logical ID of a rule. `/api/*` → `ApiAll`, so that an exact path and one that begins so have different ones. */
export function ruleId({ balancer, host = "", path }: RouteDemand): string {
  const words = path.replace(/\*$/, "-all").replace(/^\/$/, "root");
  return `${pascalCase(balancer)}Rule${pascalCase(host)}${pascalCase(words)}`;
}

/** Reports paths that two want: a request would go to whichever rule came first; and those whose rules have one ID. */
export function checkRoutes({ spec, demands }: Architecture, report: Report): void {
  const once = reportOnce(report);
  const seen = new Map<string, SpecPath>();
  for (const { placement, path: owner, routes = [] } of demands) {
    const byId = new Map<string, RouteDemand>();
    for (const route of routes) {
      const placeFor = (path: SpecPath) =>
        inSpec(originOf(spec, path, placement.environment, [route.balancer]).path);
      const confusable = byId.get(ruleId(route));
      byId.set(ruleId(route), route);
      if (confusable && confusable.path !== route.path)
        once(confusing(owner, confusable, route, placeFor(owner)));
      const key = `${placement.name} ${route.balancer} ${showRoute(route)}`;
      const other = seen.get(key);
      if (!other) {
        seen.set(key, owner);
        continue;
      }
      once({
        code: "route-overlap",
        message: `\`${other.at(-1)}\` and \`${owner.at(-1)}\` want the same requests of the ${route.balancer} load balancer: \`${showRoute(route)}\``,
        help: "give one of them another path; the longer of two paths wins, so one may lie within the other",
        at: placeFor(owner),
        related: [{ at: placeFor(other), message: "the other" }],
      });
    }
  }
}

const confusing = (owner: SpecPath, one: RouteDemand, other: RouteDemand, at: Place): Diagnostic => ({
  code: "confusable-names",
  message: `\`${one.path}\` and \`${other.path}\` of \`${owner.at(-1)}\` are the same in logical IDs`,
  help: "one path that ends in `*` may stand for both, or one of them belong to another service",
  at,
});
