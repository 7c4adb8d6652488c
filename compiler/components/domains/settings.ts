/** Domains as `schema/domain.json` describes them, and how an environment comes to its own. */
import { type Architecture, domainOf, type Placement, settingsIn } from "../../architecture.ts";

export const domainsPath = ["domains"] as const;

export interface DomainSettings {
  /** The environment whose domain it is. */
  readonly environment: string;
  /** The environments whose domains below it are delegated. */
  readonly delegates?: readonly string[];
  /** The zone there is already. */
  readonly "zone-id"?: string;
}

/** By domain, as in the spec. */
export type DomainsSettings = Readonly<Record<string, DomainSettings>>;

/** What an environment's domain needs. */
export interface Domain {
  readonly name: string;
  /** The zone there is already; one is made where absent. */
  readonly zoneId: string | undefined;
  /** The domain that delegates it, and where that one's zone is; absent for one that is registered elsewhere. */
  readonly parent: { readonly name: string; readonly placement: Placement } | undefined;
}

/** Where services reach each other; the name is taken in each environment's domain. */
export const internalNameIn = (domain: string): string => `internal.${domain}`;

export const domainsIn = ({ spec }: Architecture): DomainsSettings =>
  settingsIn(spec, domainsPath) as unknown as DomainsSettings;

/** The domains that delegate to an environment: one, in a spec that is right. */
export function delegatorsOf(domains: DomainsSettings, environment: string): string[] {
  return Object.keys(domains)
    .filter((name) => domains[name]?.delegates?.includes(environment))
    .toSorted();
}

/** The domain of a placement's environment; undefined where it has none. */
export function findDomain(architecture: Architecture, { environment }: Placement): Domain | undefined {
  const name = domainOf(architecture.spec, environment);
  if (name === undefined) return undefined;
  const domains = domainsIn(architecture);
  const [parent] = delegatorsOf(domains, environment);
  // A parent in a closed account has no placement, and nobody to delegate.
  const placement = architecture.placements.find(
    (other) => parent !== undefined && other.environment === domains[parent]?.environment,
  );
  return {
    name,
    zoneId: domains[name]?.["zone-id"],
    parent: parent !== undefined && placement ? { name: parent, placement } : undefined,
  };
}
