/** Sites: static files in a bucket, and the distribution that shows them to the world. */
import { domainOf } from "../../architecture.ts";
import type { Component, Context } from "../../component.ts";
import { buildBucket } from "./bucket.ts";
import { checkSites } from "./check.ts";
import { buildDistribution } from "./distribution.ts";
import { observeSite } from "./observe.ts";
import { type SiteSettings, sitesPath } from "./settings.ts";

/** What the stacks of a site are built of. */
export interface SiteContext extends Context<SiteSettings, undefined> {
  /** The site's name in the spec. */
  readonly site: string;
  /** The environment's domain. */
  readonly domain: string;
}

export const sites: Component<SiteSettings, undefined> = {
  path: sitesPath,
  isMap: true,
  check: checkSites,
  observe: observeSite,
  demands: () => ({ isPublished: true }),
  build(context) {
    const { architecture, placement, path } = context;
    const domain = domainOf(architecture.spec, placement.environment);
    // What it needs is there: `check` has seen to it.
    const own: SiteContext = { ...context, site: String(path.at(-1)), domain: domain as string };
    return [buildBucket(own), buildDistribution(own)];
  },
};
