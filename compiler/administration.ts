/** Where the stack sets live: an account and the home Region. They can't move, so the ledger keeps it. */
import { type Account, type Architecture, allAccounts, type Placement } from "./architecture.ts";
import { type Diagnostic, inLedger, inSpec, type Report } from "./diagnostics.ts";
import type { Administration, Ledger } from "./ledger.ts";
import type { Spec } from "./spec.ts";

/**
 * The account the spec names, else the one the ledger has, else that of the first environment.
 *
 * @param kept what the ledger has
 * @param report takes a move, and an account that can't be it
 * @returns undefined where there is none; `reportMissing` says why, if nothing else is wrong
 */
export function findAdministration(
  spec: Spec,
  placements: readonly Placement[],
  kept: Administration | undefined,
  report: Report,
): Account | undefined {
  const accounts = allAccounts(spec);
  const named = accounts.find(({ name }) => name === spec.administration);
  const account = named ?? (kept ? accounts.find(({ id }) => id === kept.account) : placements[0]?.account);
  const home = spec.regions[0];
  if (kept && home !== undefined && home !== kept.region) report(movedRegion(home, kept));
  if (kept && named && named.id !== kept.account) report(movedAccount(named, kept));
  else if (account && spec.accounts[account.name]?.status === "closed")
    report(closed(account.name, spec, kept));
  return account && { name: account.name, id: account.id };
}

/** What can be said of a spec only if nothing else is wrong with it: what is missing may be in the part that is. */
export function reportMissing({ spec, placements }: Architecture, ledger: Ledger, report: Report): void {
  const { administration: kept } = ledger;
  if (placements.length === 0) {
    report({
      code: "bad-value",
      message: "every environment is in a closed account: there is nothing to deploy",
      help: "a spec needs an environment in an active account; where all is gone, remove the spec and its ledger",
      at: inSpec(["environments"], "key"),
    });
  } else if (kept && !allAccounts(spec).some(({ id }) => id === kept.account)) {
    report({
      code: "ledger-contradiction",
      message: `the stack sets live in account ${kept.account}, which is not among the accounts`,
      help: HELP,
      at: inSpec(["accounts"], "key"),
      related: [keptHere("account")],
    });
  }
}

const HELP =
  "to have them elsewhere, take everything down with `landform remove --all`, then `administration` out of the ledger";

const keptHere = (key: keyof Administration) => ({
  at: inLedger(["administration", key]),
  message: "kept here",
});

const movedAccount = ({ name, id }: Account, kept: Administration): Diagnostic => ({
  code: "ledger-contradiction",
  message: `the stack sets live in account ${kept.account} and can't move to \`${name}\`, which is ${id}`,
  help: HELP,
  at: inSpec(["administration"]),
  related: [keptHere("account")],
});

const movedRegion = (home: string, kept: Administration): Diagnostic => ({
  code: "ledger-contradiction",
  message: `the stack sets live in ${kept.region}, the first Region before, and can't move to ${home}`,
  help: HELP,
  at: inSpec(["regions", 0]),
  related: [keptHere("region")],
});

function closed(name: string, { administration }: Spec, kept: Administration | undefined): Diagnostic {
  const status = inSpec(["accounts", name, "status"]);
  const isNamed = administration === name;
  return {
    code: "bad-value",
    message: `the stack sets can't live in \`${name}\`, an account that is closed`,
    help: kept
      ? "remove all that is deployed before the account is closed; if it is gone, remove `administration` from the ledger"
      : "name an account that is active",
    at: isNamed ? inSpec(["administration"]) : status,
    related: isNamed ? [{ at: status, message: "closed here" }] : [keptHere("account")],
  };
}
