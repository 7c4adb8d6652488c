/** The organization as `schema/security.json` describes it, and which account manages it. */
import { type Account, type Architecture, activeAccounts, settingsIn } from "../../architecture.ts";

export const organizationPath = ["security", "organization"] as const;

export interface OrganizationSettings {
  /** The management account, by name. */
  readonly account?: string;
  readonly policies: boolean;
  /** Regions are denied that are not in use. */
  readonly "deny-regions": boolean;
  /** Regions that are in use though the spec has nothing in them. */
  readonly regions: readonly string[];
}

/** What the management account is called, if the spec does not name another. */
const MANAGEMENT = "management";

export const organizationIn = ({ spec }: Pick<Architecture, "spec">): OrganizationSettings =>
  settingsIn(spec, organizationPath) as unknown as OrganizationSettings;

/** The account that the organization's policies are made in; undefined where the spec has no such. */
export function managementAccountOf({ spec }: Pick<Architecture, "spec">): Account | undefined {
  if (spec.organization === undefined) return undefined;
  const name = organizationIn({ spec }).account ?? MANAGEMENT;
  return activeAccounts(spec).find((account) => account.name === name);
}

/** Whether the organization's policies hold in an account: what they say can't be set there in another way. */
export function isGoverned(architecture: Pick<Architecture, "spec">, account: Account): boolean {
  const management = managementAccountOf(architecture);
  return management !== undefined && management.id !== account.id && organizationIn(architecture).policies;
}
