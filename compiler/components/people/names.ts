/** Names of roles and of what belongs to them: another account must know them. */
import type { RoleName } from "./settings.ts";

/** At most 20 + 12 characters; IAM allows 64. */
export const roleNameOf = (specName: string, role: RoleName): string => `${specName}-${role}`;

/** A group of the spec; at most 20 + 33 characters, and IAM allows 128. Users are called as in the spec. */
export const groupNameOf = (specName: string, group: string): string => `${specName}-${group}`;

/** What no role of people can go beyond. */
export const boundaryName = (specName: string): string => `${specName}-boundary`;

/** What not even the role for emergencies can go beyond. */
export const emergencyBoundaryName = (specName: string): string => `${specName}-break-glass-boundary`;
