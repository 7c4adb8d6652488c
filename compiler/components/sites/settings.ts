/** A site's settings, as `schema/site.json` describes them, defaults filled in; and the names that come of them. */
import {
  type Architecture,
  type Placement,
  placementsWith,
  settingsIn,
  valueAt,
} from "../../architecture.ts";
import { isJsonObject } from "../../schema.ts";

export const sitesPath = ["sites"] as const;

export interface SiteSettings {
  readonly host: string;
  readonly "redirect-hosts"?: readonly string[];
  /** The folder that is published. */
  readonly source: string;
  readonly spa: boolean;
  readonly "not-found": string;
  readonly forbidden?: string;
  readonly immutable: readonly string[];
  readonly "keep-days": number;
  /** By directive, what it allows besides what it does by default. */
  readonly csp: Readonly<Record<string, readonly string[]>>;
  readonly hsts: HstsSettings;
  readonly referrer: string;
  readonly "web-acl": boolean;
  readonly "retention-days": number;
}

export interface HstsSettings {
  readonly "max-age": number;
  readonly "include-subdomains": boolean;
  readonly preload: boolean;
}

/** The Region where CloudFront wants what belongs to it. */
export const EDGE_REGION = "us-east-1";

/** The sites' names, in an order that the spec's does not change. */
export function sitesOf({ spec }: Architecture): readonly string[] {
  const sites = valueAt(spec, sitesPath);
  return isJsonObject(sites) ? Object.keys(sites).toSorted() : [];
}

/** The names of the sites that a placement has. */
export const sitesIn = (architecture: Architecture, placement: Placement): readonly string[] =>
  sitesOf(architecture).filter((site) =>
    placementsWith(architecture, [...sitesPath, site]).includes(placement),
  );

/** What a site of a placement is set to. */
export function settingsOf(architecture: Architecture, site: string, placement: Placement): SiteSettings {
  return settingsIn(
    architecture.spec,
    [...sitesPath, site],
    placement.environment,
  ) as unknown as SiteSettings;
}

/** A name below a domain, or the domain itself. */
export const hostName = (label: string, domain: string): string =>
  label === "@" ? domain : `${label}.${domain}`;

/** The hosts of a site as the spec has them, its own first. */
export const labelsOf = ({ host, "redirect-hosts": others = [] }: SiteSettings): readonly string[] => [
  host,
  ...others,
];

/** What the name of a site's bucket begins with; account and Region follow, since S3 has one name only once. */
export const bucketPrefix = (specName: string, site: string): string => `${specName}-site-${site}`;

export const bucketName = (specName: string, site: string, account: string, region: string): string =>
  `${bucketPrefix(specName, site)}-${account}-${region}`;

/** Where the site lies in its bucket: what is beside it is not served. */
export const FOLDER = "site";

/** The role that may publish a site. At most 20 + 9 + 32 characters; IAM allows 64. */
export const publisherName = (specName: string, site: string): string => `${specName}-publish-${site}`;
