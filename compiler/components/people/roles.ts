/** The roles of people in an account, with the boundaries they are within. */
import { type Architecture, securityAccountOf } from "../../architecture.ts";
import { type Expression, partition, type Reference, sub } from "../../cfn/values.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, type Part, part, Stack } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import { accessOf, takersOf } from "./access.ts";
import { boundary, emergencyBoundary } from "./boundaries.ts";
import { DEFINITIONS } from "./definitions.ts";
import { boundaryName, emergencyBoundaryName, roleNameOf } from "./names.ts";
import { peoplePath, ROLES, type RoleName } from "./settings.ts";
import { trustOf } from "./trust.ts";

/** Of an account in which somebody may take a role; a role that nobody may take is not there. */
export function rolesStack(architecture: Architecture, accountId: string): ConcreteStack | undefined {
  const access = accessOf(architecture);
  const own = access.find(({ account }) => account.id === accountId);
  const security = securityAccountOf(architecture.spec);
  if (!own || own.users.size === 0 || !security) return undefined;
  const { name } = architecture;
  const stack = new Stack(name, "roles", "The roles that people take in an account", peoplePath);
  const everywhere = takersOf(access);
  const roles = ROLES.filter((role) => everywhere.has(role));
  const parts = new Map(roles.map((role) => [role, part(`${pascalCase(role)}Role`, own.users.has(role))]));
  const boundaries = {
    everyday: addBoundary(stack, name, parts),
    emergency: addEmergencyBoundary(stack, name, parts.get("break-glass")),
  };
  for (const [role, reason] of parts) {
    const users = own.users.get(role) ?? everywhere.get(role) ?? [];
    const within = boundaries[DEFINITIONS[role].boundary];
    if (within) addRole(stack, { name, role, users, account: security.id, within, reason });
  }
  return stack.build();
}

/** It is there where a role has it. */
function addBoundary(stack: Stack, name: string, parts: ReadonlyMap<RoleName, Part>): Reference | undefined {
  const bound = [...parts].filter(([role]) => DEFINITIONS[role].boundary === "everyday");
  if (bound.length === 0) return undefined;
  const policy = stack.add(
    "AWS::IAM::ManagedPolicy",
    "Boundary",
    {
      ManagedPolicyName: boundaryName(name),
      // To change it would replace the policy, which has a name.
      Description: "What no role of people can go beyond",
      PolicyDocument: boundary(name),
    },
    {
      part: part(
        "Boundary",
        bound.some(([, { present }]) => present),
      ),
    },
  );
  return policy.ref;
}

function addEmergencyBoundary(stack: Stack, name: string, reason: Part | undefined): Reference | undefined {
  if (!reason) return undefined;
  const policy = stack.add(
    "AWS::IAM::ManagedPolicy",
    "BreakGlassBoundary",
    {
      ManagedPolicyName: emergencyBoundaryName(name),
      Description: "What not even the role for emergencies can go beyond",
      PolicyDocument: emergencyBoundary(name),
    },
    { part: reason },
  );
  return policy.ref;
}

interface RoleOfPeople {
  readonly name: string;
  readonly role: RoleName;
  readonly users: readonly string[];
  /** The account that users live in. */
  readonly account: string;
  readonly within: Reference;
  readonly reason: Part;
}

function addRole(stack: Stack, { name, role, users, account, within, reason }: RoleOfPeople): void {
  const { hours, mfaHours, managed, policies } = DEFINITIONS[role];
  const own = Object.entries(policies(name));
  stack.add(
    "AWS::IAM::Role",
    `${pascalCase(role)}Role`,
    {
      RoleName: roleNameOf(name, role),
      Description: `What people take who are ${role} in this account`,
      MaxSessionDuration: hours * 3600,
      PermissionsBoundary: within,
      AssumeRolePolicyDocument: trustOf(account, users, mfaHours),
      ManagedPolicyArns: [managedArn(managed)],
      ...(own.length > 0 && {
        Policies: own.map(([PolicyName, statements]) => ({
          PolicyName,
          PolicyDocument: policyOf(statements),
        })),
      }),
    },
    { part: reason },
  );
}

const managedArn = (path: string): Expression => sub`arn:${partition}:iam::aws:policy/${path}`;
