/** People as `schema/people.json` describes them: users, their groups, and the roles that these give. */
import { type Architecture, securityAccountOf, settingsIn } from "../../architecture.ts";

export const peoplePath = ["people"] as const;

/** The roles there are, from the one that may most. */
export const ROLES = ["break-glass", "admin", "deploy", "developer", "read-only"] as const;
export type RoleName = (typeof ROLES)[number];

/** Stands for every account that no other key of a group names. */
export const EVERY_ACCOUNT = "*";

export interface GroupSettings {
  /** By the name of an account, or `EVERY_ACCOUNT`. */
  readonly roles?: Readonly<Record<string, RoleName>>;
  readonly vpn?: boolean;
}

export interface PeopleSettings {
  readonly groups: Readonly<Record<string, GroupSettings>>;
  /** The groups of each user, by the user's name. */
  readonly users: Readonly<Record<string, readonly string[]>>;
}

/** A person, known to other accounts by an ARN. */
export interface User {
  readonly name: string;
  readonly arn: string;
}

/** The people of a spec; nobody where it names none. */
export const peopleOf = ({ spec }: Pick<Architecture, "spec">): PeopleSettings =>
  (settingsIn(spec, peoplePath) as unknown as PeopleSettings | null) ?? { groups: {}, users: {} };

/** The ARN of a user, who lives in the account for security under the name that the spec gives. */
const userArn = (account: string, name: string): string => `arn:aws:iam::${account}:user/${name}`;

/** Those who have a profile for the VPN, by name; nobody in a spec that has no account for users. */
export function vpnUsersOf({ spec }: Pick<Architecture, "spec">): readonly User[] {
  const account = securityAccountOf(spec);
  if (!account) return [];
  const { groups, users } = peopleOf({ spec });
  return Object.entries(users)
    .filter(([, own]) => own.some((group) => groups[group]?.vpn))
    .map(([name]) => ({ name, arn: userArn(account.id, name) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
