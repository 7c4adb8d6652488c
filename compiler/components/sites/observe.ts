/** What can be seen of a site: what CloudFront says of its requests, in the one Region where it says it. */

import { Import } from "../../cfn/values.ts";
import type { Entry } from "../../entries.ts";
import type { Metric, Observation } from "../../observation.ts";
import { distributionId, distributionStackSet } from "./outputs.ts";
import { EDGE_REGION, type SiteSettings } from "./settings.ts";

const MINUTE = 60;

/** The share of requests that fail, of a hundred, which is an outage. */
const FAILING = 5;

export function observeSite({ path }: Entry<SiteSettings>): readonly Observation[] {
  const site = String(path.at(-1));
  const metric = (name: string, statistic: string): Metric => ({
    namespace: "AWS/CloudFront",
    name,
    dimensions: { DistributionId: new Import(distributionId(site)), Region: "Global" },
    statistic,
  });
  const failing = metric("5xxErrorRate", "Average");
  return [
    {
      stackSet: distributionStackSet(site),
      what: `the site ${site}`,
      row: "sites",
      region: EDGE_REGION,
      alarms: [
        {
          name: "errors",
          measure: failing,
          trouble: "above",
          threshold: FAILING,
          period: MINUTE,
          periods: 5,
          missing: "fine",
          means: `For 5 minutes more than ${FAILING} % of its requests have ended with an error of CloudFront's or the bucket's (5xx)`,
          first: "see AWS Health for CloudFront and S3, and what was last deployed of the site's stack sets",
          isOutage: true,
        },
      ],
      charts: [{ title: "Failing requests", lines: { "5xx": failing }, alarm: "errors", unit: "%" }],
    },
  ];
}
