/** Users and groups, in the account for security. */
import type { Account, Architecture } from "../../architecture.ts";
import { type PlainObject, partition, type Reference, sub } from "../../cfn/values.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { reachOf } from "../connectivity/settings.ts";
import { readOwnProfile } from "../vpn/profiles.ts";
import { policyOf } from "../workload/statements.ts";
import { accountsOf } from "./access.ts";
import { groupNameOf, roleNameOf } from "./names.ts";
import { selfService } from "./self-service.ts";
import { type GroupSettings, peopleOf, peoplePath, type RoleName } from "./settings.ts";

export function peopleStack(architecture: Architecture): ConcreteStack {
  const { name } = architecture;
  const { groups, users } = peopleOf(architecture);
  const stack = new Stack(name, "people", "Users, their groups, and the roles that these give", peoplePath);
  const policy = stack.add("AWS::IAM::ManagedPolicy", "SelfService", {
    ManagedPolicyName: `${name}-self-service`,
    // To change it would replace the policy, which has a name.
    Description: "What users may do with themselves, and nothing else without MFA",
    PolicyDocument: selfService,
  });
  const reach = reachOf(architecture);
  const references = new Map<string, Reference>();
  for (const [group, settings] of sorted(groups)) {
    const policies = [
      ...own("take-roles", takeRoles(architecture, settings)),
      ...own("read-vpn-profile", settings.vpn && reach ? readOwnProfile(name, reach.from) : []),
    ];
    const handle = stack.add(
      "AWS::IAM::Group",
      `${pascalCase(group)}Group`,
      {
        GroupName: groupNameOf(name, group),
        ManagedPolicyArns: [policy.ref],
        ...(policies.length > 0 && { Policies: policies }),
      },
      { from: [...peoplePath, "groups", group] },
    );
    references.set(group, handle.ref);
  }
  for (const [user, groupsOfUser] of sorted(users)) {
    stack.add(
      "AWS::IAM::User",
      `${pascalCase(user)}User`,
      // No password: it would stand in the template.
      { UserName: user, Groups: groupsOfUser.toSorted().flatMap((group) => references.get(group) ?? []) },
      { from: [...peoplePath, "users", user] },
    );
  }
  return stack.build();
}

/** A policy of a group's own; none without statements. */
const own = (PolicyName: string, statements: readonly PlainObject[]) =>
  statements.length > 0 ? [{ PolicyName, PolicyDocument: policyOf(statements) }] : [];

/** As many roles as a group's own policies, 5,120 characters, surely have room for. */
const NAMED = 70;

/** A statement for each role; where the accounts are too many, for those in any account, which name whom they trust. */
function takeRoles(architecture: Architecture, group: GroupSettings): PlainObject[] {
  const byRole = [...accountsOf(architecture, group)].sort(([a], [b]) => (a < b ? -1 : 1));
  const isNamed = byRole.reduce((count, [, accounts]) => count + accounts.length, 0) <= NAMED;
  return byRole.map(([role, accounts]) => ({
    Sid: pascalCase(role),
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: (isNamed ? accounts : [ANY]).map(({ id }) => roleArn(architecture.name, id, role)),
  }));
}

const ANY: Pick<Account, "id"> = { id: "*" };

const roleArn = (name: string, account: string, role: RoleName) =>
  sub`arn:${partition}:iam::${account}:role/${roleNameOf(name, role)}`;

/** By name, whatever the spec's order. */
const sorted = <T>(entries: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
