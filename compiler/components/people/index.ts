/** People: users and groups in the account for security, and the roles that they take in every account. */
import { securityAccountOf } from "../../architecture.ts";
import type { Component } from "../../component.ts";
import { checkPeople } from "./check.ts";
import { printMatrix } from "./matrix.ts";
import { rolesStack } from "./roles.ts";
import { peopleOf, peoplePath } from "./settings.ts";
import { peopleStack } from "./users.ts";

export const people: Component = {
  path: peoplePath,
  scope: "watched",
  check: checkPeople,
  documents: printMatrix,
  build({ placement, architecture }) {
    const { groups, users } = peopleOf(architecture);
    // IAM is global: one Region does.
    if (placement.region !== architecture.home) return [];
    const isHome = placement.account.id === securityAccountOf(architecture.spec)?.id;
    const isAnybody = Object.keys(users).length > 0 || Object.keys(groups).length > 0;
    const own = rolesStack(architecture, placement.account.id);
    return [...(isHome && isAnybody ? [peopleStack(architecture)] : []), ...(own ? [own] : [])];
  },
};
