/** Listener rules: no two for the same requests, and priorities that the ledger keeps, the more specific path first. */
import { type Architecture, originOf } from "./architecture.ts";
import { type RouteDemand, showRoute } from "./demands.ts";
import { type Diagnostic, inLedger, inSpec, type Place, type Report, reportOnce } from "./diagnostics.ts";
import { handed, type StackSetOf } from "./handover.ts";
import { corrupt } from "./ledger.ts";
import { pascalCase } from "./names.ts";
import { formatPath, parsePath, type SpecPath } from "./path.ts";
import { isJsonObject, type Json } from "./schema.ts";
import { showName } from "./wording.ts";

/** Its key in the ledger. */
export const ROUTES_SECTION = "listener-rules";

/** Of each load balancer, by whose rule it is for which path: `services.web /*`. They are the same in all placements. */
export type Priorities = Readonly<Record<RouteDemand["balancer"], Readonly<Record<string, number>>>>;

/**
 * Priorities go to 50,000: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 * The longer the path, the smaller the priority, and an exact path comes before one that only begins so. Each such
 * rank has more numbers than a listener has rules, unless AWS raises the quota.
 */
const LONGEST_PATH = 128;
const PER_RANK = 195;

/** The priority of a rule, which the ledger has. */
export const priorityOf = (priorities: Priorities, owner: SpecPath, route: RouteDemand): number =>
  priorities[route.balancer][keyOf(owner, route)] as number;

/**
 * The priorities of all rules: those the ledger has, and new ones for what is new. Rules that have left the spec keep
 * theirs, since they may still be live, until a rank has no other left.
 *
 * Of the rules for the same requests the last to come has the largest number, also one that had them before: as long as
 * another's is live, that one gets the requests, and not a target group that may still be empty.
 *
 * @param kept the section as the ledger has it; undefined where it has none
 * @param report takes a rank that has more rules than numbers, and requests that go from one to another
 */
export function allocatePriorities(
  { spec, demands }: Pick<Architecture, "spec" | "demands">,
  kept: Json | undefined,
  stackSetOf: StackSetOf,
  report: Report,
): Priorities {
  const priorities = readPriorities(kept, report);
  const owners = { public: ownersOf(priorities.public), internal: ownersOf(priorities.internal) };
  const wanted = { public: new Set<string>(), internal: new Set<string>() };
  for (const { path, routes = [] } of demands)
    for (const route of routes) wanted[route.balancer].add(keyOf(path, route));
  const once = reportOnce(report);
  for (const { placement, path, routes = [] } of demands) {
    for (const route of routes) {
      const { balancer } = route;
      const key = keyOf(path, route);
      // Those who have it in other environments keep it.
      const last = lastWith(route, priorities[balancer], wanted[balancer]);
      const own = priorities[balancer][key] ?? 0;
      if (own > 0 && (last === undefined || own > last.number)) continue;
      const at = inSpec(originOf(spec, path, placement.environment, [balancer]).path);
      const number = findNumber(route.path, owners[balancer], wanted[balancer], last?.number);
      if (number === undefined) {
        once(last ? withoutLarger(route, last, at) : exhausted(route, at));
        continue;
      }
      if (last) {
        const was = inLedger([ROUTES_SECTION, balancer, last.key], "key");
        handed({ spec, demands, stackSetOf }, { route, from: last.from, was, to: path, at }, report);
      }
      const before = owners[balancer].get(number);
      if (before !== undefined) delete priorities[balancer][before];
      priorities[balancer][key] = number;
      owners[balancer].delete(own);
      owners[balancer].set(number, key);
    }
  }
  return priorities;
}

/** Of the rules for the same requests the last that came of those that nobody wants any more. */
function lastWith(
  route: RouteDemand,
  rules: Readonly<Record<string, number>>,
  wanted: ReadonlySet<string>,
): { key: string; from: SpecPath; number: number } | undefined {
  const requests = ` ${showRoute(route)}`;
  const [last] = Object.entries(rules)
    .filter(([key]) => !wanted.has(key) && key.endsWith(requests))
    .sort(([, a], [, b]) => b - a);
  if (!last) return undefined;
  const [key, number] = last;
  return { key, from: parsePath(key.slice(0, -requests.length)) ?? [], number };
}

const ownersOf = (rules: Readonly<Record<string, number>>): Map<number, string> =>
  new Map(Object.entries(rules).map(([key, number]) => [number, key]));

/** The ledger's section, without what is not as we write it, which is reported. */
function readPriorities(kept: Json | undefined, report: Report) {
  const priorities = { public: {}, internal: {} } as Record<RouteDemand["balancer"], Record<string, number>>;
  if (kept === undefined) return priorities;
  if (!isJsonObject(kept)) {
    report(corrupt([ROUTES_SECTION], BALANCERS));
    return priorities;
  }
  for (const [balancer, rules] of Object.entries(kept)) {
    if ((balancer !== "public" && balancer !== "internal") || !isJsonObject(rules)) {
      report(corrupt([ROUTES_SECTION, balancer], BALANCERS));
      continue;
    }
    for (const [key, number] of Object.entries(rules)) {
      const trouble = troubleIn(key, number, priorities[balancer]);
      if (trouble) report(corrupt([ROUTES_SECTION, balancer, key], ...trouble));
      else priorities[balancer][key] = number as number;
    }
  }
  return priorities;
}

const BALANCERS = "rules are kept by load balancer, `public` and `internal`";

const GIVE_ANEW = "take the rule that is not deployed out of the ledger, and it is given another number";

/** What is wrong with a rule, and what would be right where that is known. */
type Trouble = readonly [wanted: string, help?: string];

/** @param others the rules before it */
function troubleIn(key: string, number: Json, others: Readonly<Record<string, number>>): Trouble | undefined {
  const [, path] = /^[^ /]+\.[^ /]+ [^ /]*(\/.*)$/.exec(key) ?? [];
  if (path === undefined) return [`${showName(key)} names no rule, such as \`services.web /api/*\``];
  const first = rankOf(path);
  const isOfRank = Number.isInteger(number) && Number(number) >= first && Number(number) < first + PER_RANK;
  if (!isOfRank) return [`rules for ${showName(path)} have numbers from ${first} to ${first + PER_RANK - 1}`];
  const twin = Object.keys(others).find((other) => others[other] === number);
  return twin === undefined ? undefined : [`${showName(twin)} has this number too`, GIVE_ANEW];
}

/** As the ledger names a rule. */
const keyOf = (owner: SpecPath, route: RouteDemand): string => `${formatPath(owner)} ${showRoute(route)}`;

/** The first number of a path's rank. */
function rankOf(path: string): number {
  const literal = path.replace(/\*$/, "");
  return 1 + PER_RANK * (2 * (LONGEST_PATH - literal.length) + (literal === path ? 0 : 1));
}

/**
 * The first number of a rank that no rule has, or else that of a rule that has left the spec.
 *
 * @param owners whose the numbers are
 * @param wanted the rules of the spec
 * @param above what it must be larger than
 */
function findNumber(
  path: string,
  owners: ReadonlyMap<number, string>,
  wanted: ReadonlySet<string>,
  above = 0,
): number | undefined {
  const first = rankOf(path);
  const rank = Array.from({ length: PER_RANK }, (_, index) => first + index).filter(
    (number) => number > above,
  );
  return (
    rank.find((number) => !owners.has(number)) ??
    rank.find((number) => !wanted.has(owners.get(number) as string))
  );
}

const exhausted = ({ balancer, path }: RouteDemand, at: Place): Diagnostic => ({
  code: "limit-exceeded",
  message: `the ${balancer} load balancer has more than ${PER_RANK} rules for paths as long as \`${path}\``,
  help: "the longer path comes first, and there are no more numbers for this length: let some be longer, or shorter",
  at,
});

const withoutLarger = ({ balancer, path }: RouteDemand, { key }: { key: string }, at: Place): Diagnostic => ({
  code: "limit-exceeded",
  message: `the ${balancer} load balancer has no number left for \`${path}\` that is larger than that of the rule that had it`,
  help: "when the old rule is gone from the load balancer, take it out of the ledger",
  at,
  related: [{ at: inLedger([ROUTES_SECTION, balancer, key], "key"), message: "the old rule" }],
});

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
