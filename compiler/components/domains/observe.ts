/** What can be seen of a certificate: how long it is still good, and what ACM tells of it. */
import type { Import } from "../../cfn/values.ts";
import type { Metric, Notice, Observation } from "../../observation.ts";

const DAY = 86_400;

/**
 * ACM renews 45 days before the end, or 60 if the certificate is of the time when they were good for more than a year:
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-renewal-validation.html. With so many left it has failed for weeks.
 */
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
    notices: noticesOf(what, certificate),
    charts: [{ title: "Days until it expires", lines: { days: left }, alarm: "expiry", unit: "days" }],
  };
}

/**
 * Why ACM can't renew, which the metric does not say, each time that it has tried, four times or five in the last 30
 * days; and the end, when there is no metric any more. Not that the end comes nearer, of which there is an event each
 * day and the alarm: https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html
 */
function noticesOf(what: string, certificate: Import): readonly Notice[] {
  const notice = (
    name: string,
    event: string,
    reason: string,
    told: Pick<Notice, "means" | "first">,
  ): Notice => ({
    name,
    pattern: { source: ["aws.acm"], "detail-type": [event], resources: [certificate] },
    reason,
    ...told,
  });
  return [
    notice("renewal-failed", "ACM Certificate Renewal Action Required", "$.detail.RenewalStatusReason", {
      means: `ACM can't renew ${what} until somebody does something`,
      first:
        "see whether the record that proves the domain is still in the zone, the zone still delegated, and its CAA records still allow Amazon",
    }),
    notice("expired", "ACM Certificate Expired", "$.detail.CommonName", {
      means: `${capitalized(what)} has expired, and clients turn away`,
      first:
        "ACM renews it no more: see that its domain can be proved, then have it replaced, by an override of its KeyAlgorithm for example",
    }),
  ];
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
