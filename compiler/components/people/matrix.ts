/** The access matrix: who may do what where, for people to read. */
import { type Account, type Architecture, securityAccountOf } from "../../architecture.ts";
import type { Document } from "../../component.ts";
import { type AccountAccess, accessOf, takersOf } from "./access.ts";
import { DEFINITIONS } from "./definitions.ts";
import { roleNameOf } from "./names.ts";
import { peopleOf, ROLES, type RoleName } from "./settings.ts";

const FILE = "access.md";

/** Nothing where the spec names nobody. */
export function printMatrix(architecture: Architecture): readonly Document[] {
  const security = securityAccountOf(architecture.spec);
  const { users } = peopleOf(architecture);
  if (!security || Object.keys(users).length === 0) return [];
  const access = accessOf(architecture);
  const everywhere = takersOf(access);
  const roles = ROLES.filter((role) => everywhere.has(role));
  const text = [
    `# Who may do what where`,
    introduction(security),
    "## By account",
    table(
      ["account", ...roles],
      access.map(({ account, users: own }) => [
        `${account.name} (${account.id})`,
        ...roles.map((role) => listOf(own.get(role) ?? [])),
      ]),
    ),
    "## By person",
    table(
      ["person", "groups", ...roles],
      Object.keys(users)
        .toSorted()
        .map((user) => [
          user,
          listOf((users[user] ?? []).toSorted()),
          ...roles.map((role) => accountsWith(access, role, user)),
        ]),
    ),
    "## What a role may do",
    table(
      ["role", "may", "may not", "session", "MFA code given"],
      roles.map((role) => describeRole(architecture.name, role)),
    ),
  ];
  return [{ file: FILE, content: `${text.join("\n\n")}\n` }];
}

const introduction = ({ name, id }: Account): string =>
  [
    `People are users of the account ${name} (${id}) and of no other. There they may change their own password and MFA`,
    "devices and, signed in with MFA, their access keys, and nothing else. Everything else they do in a role: it is given",
    "to those who are named in its trust policy, only with MFA, and only under their own name as the session's name.",
  ].join("\n");

function describeRole(specName: string, role: RoleName): string[] {
  const { may, mayNot, hours, mfaHours } = DEFINITIONS[role];
  const inHours = (count: number) => (count === 1 ? "1 hour" : `${count} hours`);
  return [
    `${role}: \`${roleNameOf(specName, role)}\``,
    may,
    mayNot,
    `${inHours(hours)} at most`,
    `${inHours(mfaHours)} ago at most`,
  ];
}

function accountsWith(access: readonly AccountAccess[], role: RoleName, user: string): string {
  const own = access.filter(({ users }) => users.get(role)?.includes(user));
  return own.length === access.length ? "every account" : listOf(own.map(({ account }) => account.name));
}

const listOf = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "–");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
