/** What can be seen of a certificate: how long it is still good. */
import type { Import } from "../../cfn/values.ts";
import type { Metric, Observation } from "../../observation.ts";

const DAY = 86_400;

/** ACM renews 60 days before the end; with so many left it has failed for a month. */
const DAYS = 30;

/**
 * @param certificate its ARN
 * @param region where it is, if not in the placement's Region
 */
export function observeCertificate(
  stackSet: string,
  what: string,
  certificate: Import,
  region?: string,
): Observation {
  const left: Metric = {
    namespace: "AWS/CertificateManager",
    name: "DaysToExpiry",
    dimensions: { CertificateArn: certificate },
    statistic: "Minimum",
  };
  return {
    stackSet,
    what,
    row: "network",
    ...(region !== undefined && { region }),
    alarms: [
      {
        name: "expiry",
        measure: left,
        trouble: "below",
        threshold: DAYS,
        period: DAY,
        periods: 1,
        missing: "fine",
        means: `It expires in less than ${DAYS} days, and ACM has not renewed it`,
        first:
          "see in ACM whether the record that proves the domain is still in the zone, and the zone still delegated",
        isOutage: false,
      },
    ],
    charts: [{ title: "Days until it expires", lines: { days: left }, alarm: "expiry", unit: "days" }],
  };
}
