/** What would be made anew because it is told otherwise than the ledger has it: another name, an environment elsewhere. */
import { type Architecture, type Placement, placeOf } from "./architecture.ts";
import { type Diagnostic, inLedger, inSpec, type Place, type Report } from "./diagnostics.ts";
import type { KeptEnvironments } from "./ledger.ts";
import type { Spec } from "./spec.ts";

/** @param kept the name the ledger has; undefined where it is from before it kept one */
export function checkName({ name }: Spec, kept: string | undefined, report: Report): void {
  if (kept === undefined || kept === name) return;
  report({
    code: "ledger-contradiction",
    message: `this is called \`${kept}\`: as \`${name}\` all its stack sets, parameters, roles and buckets would be made anew, beside those that are there`,
    help: "for another name, take what is deployed down with `landform remove --all` first, then `name` out of the ledger",
    at: inSpec(["name"]),
    related: [{ at: inLedger(["name"]), message: "kept here" }],
  });
}

/**
 * Reports an environment that is in none of the places it was in, or in one that another was in. More Regions, or fewer,
 * are no move.
 */
export function checkPlaces(
  { spec, placements }: Pick<Architecture, "spec" | "placements">,
  kept: KeptEnvironments,
  report: Report,
): void {
  const lines = new Set<string>();
  for (const environment of new Set(placements.map((placement) => placement.environment))) {
    const own = placements.filter((placement) => placement.environment === environment);
    const displacing = own
      .map((placement) => displaced(placement, placements, kept))
      .find((found) => found !== undefined);
    const before = kept.get(environment) ?? [];
    if (displacing) report(displacing);
    else if (before.length > 0 && !own.some((placement) => before.includes(placeOf(placement)))) {
      const found = moved(spec, own as [Placement, ...Placement[]], before);
      // A line that moves several is wrong once.
      const line = JSON.stringify(found.at);
      if (!lines.has(line)) report(found);
      lines.add(line);
    }
  }
}

/** @returns undefined where no other environment was there */
function displaced(
  placement: Placement,
  placements: readonly Placement[],
  kept: KeptEnvironments,
): Diagnostic | undefined {
  const { environment, account, region } = placement;
  const place = placeOf(placement);
  if (kept.get(environment)?.includes(place)) return undefined;
  const former = [...kept.keys()].find((name) => name !== environment && kept.get(name)?.includes(place));
  if (former === undefined) return undefined;
  const isElsewhere = placements.some((other) => other.environment === former);
  const index = kept.get(former)?.indexOf(place) ?? 0;
  return {
    code: "ledger-contradiction",
    message: `\`${environment}\` would take the place of \`${former}\` in account \`${account.name}\` and ${region}, and replace what goes by that name, such as its VPC`,
    help: isElsewhere
      ? `if nothing of \`${former}\` is left there, take \`${place}\` out of its line under \`environments\` in the ledger, and \`${former}/${region}\` out of \`networks\``
      : `to rename it, rename \`${former}\` in the ledger too, under \`environments\` and \`networks\`; if it is gone, take its lines out of both`,
    at: inSpec(["environments", environment], "key"),
    related: [
      {
        at: isElsewhere
          ? inLedger(["environments", former, index])
          : inLedger(["environments", former], "key"),
        message: "what is there",
      },
    ],
  };
}

function moved(spec: Spec, own: readonly [Placement, ...Placement[]], before: readonly string[]): Diagnostic {
  const [{ environment, account }] = own;
  const [lastAccount, lastRegion] = (before.at(-1) as string).split("/") as [string, string];
  const isElsewhere = account.id !== lastAccount;
  const from = isElsewhere ? `account ${lastAccount}` : lastRegion;
  const to = isElsewhere ? account.id : own.map(({ region }) => region).join(", ");
  return {
    code: "ledger-contradiction",
    message: `\`${environment}\` is in ${from}: in ${to} all of it would be made anew, its data left behind`,
    help: "to move it, make an environment of another name there, bring its data over and remove this one; where nothing of it is deployed, take its lines out of `environments` and `networks` in the ledger",
    at: isElsewhere ? placeOfAccount(spec, own[0], lastAccount) : placeOfRegions(spec, environment),
    related: [{ at: inLedger(["environments", environment]), message: "kept here" }],
  };
}

/** What says that an environment is in another account: its own line, or the account's if that has another id. */
function placeOfAccount(spec: Spec, { environment, account }: Placement, before: string): Place {
  const isThere = Object.values(spec.accounts).some(({ id }) => id === before);
  return inSpec(isThere ? ["environments", environment, "account"] : ["accounts", account.name, "id"]);
}

const placeOfRegions = ({ environments }: Spec, environment: string): Place =>
  inSpec(environments[environment]?.regions ? ["environments", environment, "regions"] : ["regions"]);
