/** Makes the architecture of a spec: which environment stands in which account and Region. */
import { findAdministration } from "./administration.ts";
import {
  type Account,
  type Architecture,
  activeAccounts,
  GLOBAL_REGION,
  type Placement,
  placeOf,
  regionsOf,
  securityAccountOf,
  watchedRegions,
} from "./architecture.ts";
import { inSpec, type Report } from "./diagnostics.ts";
import type { Administration } from "./ledger.ts";
import type { Spec } from "./spec.ts";

/**
 * @param order the ledger's order of environments, which has every environment of the spec
 * @param administration as the ledger has it
 */
export function expand(
  spec: Spec,
  order: readonly string[],
  administration: Administration | undefined,
  report: Report,
): Omit<Architecture, "demands" | "packed"> {
  reportDuplicateAccounts(spec, report);
  const placements: Placement[] = [];
  const taken = new Map<string, Placement>();
  /** Each pair of environments once, however many Regions they share. */
  const clashes = new Map<string, readonly [Placement, Placement]>();
  for (const environment of order) {
    const entry = spec.environments[environment];
    const account = entry && spec.accounts[entry.account];
    if (!entry || !account || account.status === "closed") continue;
    const regions = regionsOf(spec, environment);
    for (const region of regions) {
      const name = regions.length > 1 ? `${environment}.${region}` : environment;
      const placement = { name, environment, account: { name: entry.account, id: account.id }, region };
      const place = placeOf(placement);
      const other = taken.get(place);
      if (other) clashes.set(`${environment}/${other.environment}`, [placement, other]);
      else placements.push(placement);
      taken.set(place, other ?? placement);
    }
  }
  for (const [placement, other] of clashes.values()) {
    // Two accounts with one id are reported as that.
    if (placement.account.name === other.account.name) reportTaken(placement, other, report);
  }
  return {
    name: spec.name,
    home: spec.regions[0] as string,
    // Absent only where the spec is wrong.
    administration: findAdministration(spec, placements, administration, report) as Account,
    spec,
    placements,
    everywhere: [...placements, ...remainderOf(spec, placements)],
  };
}

/**
 * Accounts and Regions that no environment is in; each belongs to the environments of its account, or else to all.
 * Without an account for security they are those that have alerts of what CloudFront serves for an environment.
 */
function remainderOf(spec: Spec, placements: readonly Placement[]): Placement[] {
  const regions = watchedRegions(spec);
  const isWatched = securityAccountOf(spec) !== undefined;
  const isAlerted = spec.alerts !== undefined && spec.sites !== undefined;
  const isWanted = (region: string, isHost: boolean) =>
    isWatched || (isAlerted && isHost && region === GLOBAL_REGION);
  const taken = new Set(placements.map(placeOf));
  const names = new Set(placements.map(({ name }) => name));
  return activeAccounts(spec).flatMap((account) => {
    const own = placements.filter((placement) => placement.account.id === account.id);
    const serves = [...new Set((own.length > 0 ? own : placements).map(({ environment }) => environment))];
    const [environment] = serves;
    if (environment === undefined) return [];
    return regions
      .filter((region) => isWanted(region, own.length > 0) && !taken.has(placeOf({ account, region })))
      .map((region) => {
        const suffix = regions.length > 1 ? `.${region}` : "";
        // An environment elsewhere may be called like the account.
        const name = names.has(account.name + suffix) ? account.id + suffix : account.name + suffix;
        const isOfOne = own.length > 0 && serves.length === 1;
        return { name, environment, account, region, ...(!isOfOne && { serves }) };
      });
  });
}

function reportTaken(placement: Placement, other: Placement, report: Report): void {
  report({
    code: "placement-taken",
    message: `\`${placement.environment}\` and \`${other.environment}\` are both in account \`${placement.account.name}\` and ${placement.region}`,
    help: "an account and Region hosts one environment: give each an account or Regions of its own",
    at: inSpec(["environments", placement.environment, "account"]),
    related: [{ at: inSpec(["environments", other.environment, "account"]), message: "the other" }],
  });
}

function reportDuplicateAccounts(spec: Spec, report: Report): void {
  const byId = new Map<string, string>();
  for (const [name, { id }] of Object.entries(spec.accounts)) {
    const other = byId.get(id);
    if (other === undefined) {
      byId.set(id, name);
      continue;
    }
    report({
      code: "duplicate-account-id",
      message: `the accounts \`${name}\` and \`${other}\` have the same id`,
      at: inSpec(["accounts", name, "id"]),
      related: [{ at: inSpec(["accounts", other, "id"]), message: "the other" }],
    });
  }
}
