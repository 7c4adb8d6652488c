/** Who may take which role in which account: what the groups come to. */
import { type Account, type Architecture, activeAccounts } from "../../architecture.ts";
import {
  EVERY_ACCOUNT,
  type GroupSettings,
  type PeopleSettings,
  peopleOf,
  type RoleName,
} from "./settings.ts";

/** One account, and who may take each role in it, by name. A role that nobody may take is not there. */
export interface AccountAccess {
  readonly account: Account;
  readonly users: ReadonlyMap<RoleName, readonly string[]>;
}

type WithSpec = Pick<Architecture, "spec">;

/** The accounts that are not closed, by id. */
export function accessOf({ spec }: WithSpec): readonly AccountAccess[] {
  const people = peopleOf({ spec });
  return activeAccounts(spec).map((account) => ({ account, users: usersIn(people, account.name) }));
}

/** The role that a group gives in an account; undefined where none. */
export const roleIn = ({ roles = {} }: GroupSettings, account: string): RoleName | undefined =>
  roles[account] ?? roles[EVERY_ACCOUNT];

function usersIn({ groups, users }: PeopleSettings, account: string): Map<RoleName, readonly string[]> {
  const found = new Map<RoleName, string[]>();
  for (const [user, own] of Object.entries(users)) {
    const roles = own.flatMap((group) => roleIn(groups[group] ?? {}, account) ?? []);
    for (const role of new Set(roles)) found.set(role, [...(found.get(role) ?? []), user]);
  }
  return new Map([...found].map(([role, names]) => [role, names.toSorted()]));
}

/** The accounts that a group gives each role in, by id. */
export function accountsOf({ spec }: WithSpec, group: GroupSettings): Map<RoleName, readonly Account[]> {
  const found = new Map<RoleName, Account[]>();
  for (const account of activeAccounts(spec)) {
    const role = roleIn(group, account.name);
    if (role !== undefined) found.set(role, [...(found.get(role) ?? []), account]);
  }
  return found;
}

/** Everybody who may take a role somewhere, by role. */
export function takersOf(access: readonly AccountAccess[]): Map<RoleName, readonly string[]> {
  const found = new Map<RoleName, Set<string>>();
  for (const { users } of access) {
    for (const [role, names] of users) found.set(role, new Set([...(found.get(role) ?? []), ...names]));
  }
  return new Map([...found].map(([role, names]) => [role, [...names].toSorted()]));
}
