/** What no schema can say of sites: whose the names are that they want, and whether AWS takes those they get. */
import { type Architecture, domainOf, type Placement, placementsWith, valueAt } from "../../architecture.ts";
import { quoteList } from "../../closest.ts";
import { inSpec, type Report, reportOnce } from "../../diagnostics.ts";
import { pascalCase } from "../../names.ts";
import type { SpecPath } from "../../path.ts";
import { hasBalancer } from "../load-balancers/settings.ts";
import {
  bucketName,
  EDGE_REGION,
  hostName,
  labelsOf,
  type SiteSettings,
  settingsOf,
  sitesIn,
  sitesOf,
  sitesPath,
} from "./settings.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const LONGEST_BUCKET = 63;

export function checkSites(architecture: Architecture, report: Report): void {
  for (const site of sitesOf(architecture)) {
    const placements = placementsWith(architecture, [...sitesPath, site]);
    reportMissingDomains(architecture, site, placements, report);
    checkBucketName(architecture, site, placements, report);
    const [placement] = placements;
    if (placement) checkLabels(site, settingsOf(architecture, site, placement), report);
  }
  const once = reportOnce(report);
  for (const placement of architecture.placements) checkHosts(architecture, placement, once);
  checkEdges(architecture, report);
}

const placeOf = (site: string, ...below: SpecPath): SpecPath => [...sitesPath, site, ...below];

function reportMissingDomains(
  { spec }: Architecture,
  site: string,
  placements: readonly Placement[],
  report: Report,
): void {
  const all = new Set(placements.map(({ environment }) => environment));
  const without = [...all].filter((environment) => domainOf(spec, environment) === undefined);
  const [first] = without;
  if (first === undefined) return;
  const listed = valueAt(spec, placeOf(site, "environments"));
  const index = Array.isArray(listed) ? listed.indexOf(first) : -1;
  report({
    code: "domain-missing",
    message: `\`${site}\` is in ${quoteList(without)}, which ${without.length > 1 ? "have" : "has"} no domain`,
    help: `say \`domain: …\` in \`environments.${first}\`, and who delegates it in \`domains\`; or name the environments that have the site by \`environments\``,
    at: index >= 0 ? inSpec(placeOf(site, "environments", index)) : inSpec(placeOf(site), "key"),
  });
}

function checkBucketName(
  { name }: Architecture,
  site: string,
  placements: readonly Placement[],
  report: Report,
): void {
  const names = placements.map(({ account, region }) => bucketName(name, site, account.id, region));
  const longest = names.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined || longest.length <= LONGEST_BUCKET) return;
  report({
    code: "bad-name",
    message: `\`${longest}\` would be the name of its bucket and has ${longest.length} characters; S3 allows ${LONGEST_BUCKET}`,
    help: "choose a shorter name for the site",
    at: inSpec(placeOf(site), "key"),
  });
}

/** Hosts that are sent on must not be the one they are sent to, nor look like it in logical IDs. */
function checkLabels(site: string, settings: SiteSettings, report: Report): void {
  const [host = "", ...others] = labelsOf(settings);
  others.forEach((label, index) => {
    if (pascalCase(label) !== pascalCase(host)) return;
    report({
      code: label === host ? "bad-value" : "confusable-names",
      message:
        label === host
          ? `\`${label}\` can't be sent on to itself`
          : `\`${label}\` and \`${host}\` differ only in hyphens and dots`,
      help: label === host ? "take it out of the list" : "rename one: in logical IDs they are the same",
      at: inSpec(placeOf(site, "redirect-hosts", index)),
    });
  });
}

/** Each name in a zone belongs to one of whom want it. */
function checkHosts(architecture: Architecture, placement: Placement, report: Report): void {
  const domain = domainOf(architecture.spec, placement.environment);
  if (domain === undefined) return;
  const owners = ownersOf(architecture, placement, domain);
  for (const site of sitesIn(architecture, placement)) {
    const own = `the site \`${site}\``;
    labelsOf(settingsOf(architecture, site, placement)).forEach((label, index) => {
      const name = hostName(label, domain);
      const owner = owners.get(name) ?? own;
      owners.set(name, owner);
      if (owner !== own) {
        report({
          code: "host-taken",
          message: `${label === "@" ? "the domain itself" : `\`${label}\``} is taken by ${owner}`,
          help: `give \`${site}\` another one`,
          at: inSpec(placeOf(site, ...(index === 0 ? ["host"] : ["redirect-hosts", index - 1]))),
        });
      }
    });
  }
}

/** Who has a name in the domain of an environment before any site. */
function ownersOf(architecture: Architecture, placement: Placement, domain: string): Map<string, string> {
  const { spec, demands } = architecture;
  const others = Object.keys(spec.environments).filter((other) => other !== placement.environment);
  const owners = new Map(
    others.flatMap((other): [string, string][] => {
      const name = domainOf(spec, other);
      return name === undefined ? [] : [[name, `the environment \`${other}\``]];
    }),
  );
  for (const demand of demands.filter((each) => each.placement === placement)) {
    for (const { balancer, host } of demand.routes ?? []) {
      if (balancer === "public" && host !== undefined)
        owners.set(hostName(host, domain), `\`${demand.path.at(-1)}\`, on the public load balancer`);
    }
  }
  if (hasBalancer(architecture, placement, "public")) owners.set(domain, "the public load balancer");
  if (hasBalancer(architecture, placement, "internal"))
    owners.set(`internal.${domain}`, "the internal load balancer");
  return owners;
}

/** What sites share in us-east-1 is one stack in an account, whose names would be taken by another environment's. */
function checkEdges(architecture: Architecture, report: Report): void {
  const owners = new Map<string, string>();
  for (const placement of architecture.placements) {
    const { account, environment } = placement;
    const [site] = sitesIn(architecture, placement);
    if (site === undefined) continue;
    const other = owners.get(account.id);
    if (other === undefined) owners.set(account.id, environment);
    else if (other !== environment) {
      report({
        code: "placement-taken",
        message: `\`${environment}\` and \`${other}\` both have sites and are in account \`${account.name}\`, which has one place for what CloudFront wants in ${EDGE_REGION}`,
        help: "give each an account of its own, or name the environments that have the site by `environments`",
        at: inSpec(placeOf(site), "key"),
      });
    }
  }
}
