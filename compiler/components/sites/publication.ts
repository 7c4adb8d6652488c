/** What publishing a site needs to know of it, all of which can be computed. */
import { type Account, type Architecture, type Placement, placementsWith } from "../../architecture.ts";
import { parameterName } from "../../stack.ts";
import { distributionId } from "./outputs.ts";
import {
  bucketName,
  EDGE_REGION,
  FOLDER,
  publisherName,
  type SiteSettings,
  settingsOf,
  sitesOf,
  sitesPath,
} from "./settings.ts";

export interface Publication {
  readonly environment: string;
  readonly account: Account;
  /** The role in it that may publish the site. */
  readonly role: string;
  readonly bucket: string;
  /** Where the bucket is. */
  readonly region: string;
  /** The folder in the bucket that is served. */
  readonly folder: string;
  /** The SSM parameter with the distribution's id, and where it is. */
  readonly distribution: { readonly parameter: string; readonly region: string };
  readonly settings: SiteSettings;
}

/** The sites and where each is published, by name and environment. */
export function publicationsOf(architecture: Architecture): Map<string, Map<string, Publication>> {
  return new Map(
    sitesOf(architecture).map((site) => [
      site,
      new Map(
        placementsWith(architecture, [...sitesPath, site]).map((placement) => [
          placement.environment,
          publicationOf(architecture, site, placement),
        ]),
      ),
    ]),
  );
}

function publicationOf(architecture: Architecture, site: string, placement: Placement): Publication {
  const { name } = architecture;
  const { environment, account, region } = placement;
  return {
    environment,
    account,
    role: publisherName(name, site),
    bucket: bucketName(name, site, account.id, region),
    region,
    folder: FOLDER,
    distribution: { parameter: parameterName(name, distributionId(site)), region: EDGE_REGION },
    settings: settingsOf(architecture, site, placement),
  };
}
