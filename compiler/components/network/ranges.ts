/** Address ranges: each VPC's from the supernet, each subnet's from its VPC's. They are kept in the ledger. */
import { type Architecture, layersOf, type Placement, settingsIn, valueAt } from "../../architecture.ts";
import {
  AddressPool,
  type AddressRange,
  cidrAt,
  contains,
  networkOf,
  overlaps,
  prefixOf,
  rangeOfCidr,
} from "../../cidr.ts";
import { type Diagnostic, inLedger, inSpec, type Place, type Report } from "../../diagnostics.ts";
import { corrupt } from "../../ledger.ts";
import { isJsonObject, type Json } from "../../schema.ts";
import type { SpecPath } from "../../source.ts";
import { MAXIMUM_ZONES, type NetworkSettings, networkPath, TIERS, type Tier } from "./settings.ts";

/** The ranges of one VPC; a subnet range for each zone there can be, so that growing moves none. */
export type NetworkRanges = { readonly vpc: string } & { readonly [T in Tier]: readonly string[] };

/** By placement: `dev/eu-west-1`. */
export type NetworkAllocation = Readonly<Record<string, NetworkRanges>>;

const SECTION = "networks";

export const rangeKey = ({ environment, region }: Placement): string => `${environment}/${region}`;

export const networkLedger = { section: SECTION, allocate };

function allocate(architecture: Architecture, kept: Json | undefined, report: Report): NetworkAllocation {
  const known = readRanges(kept, report);
  const { supernet, reserved } = settingsIn(architecture.spec, networkPath) as unknown as NetworkSettings;
  const claims: Claim[] = Object.entries(reserved).map(([name, cidr]) => ({
    range: rangeOfCidr(cidr),
    cidr,
    owner: `the reserved range \`${name}\``,
    at: inSpec([...networkPath, "reserved", name]),
  }));
  for (const [key, { vpc }] of Object.entries(known)) {
    claims.push({
      range: rangeOfCidr(vpc),
      cidr: vpc,
      owner: `the VPC of ${key}`,
      at: inLedger([SECTION, key, "vpc"]),
    });
  }
  const fresh: { key: string; placement: Placement; pinned: string | undefined }[] = [];
  for (const placement of architecture.placements) {
    const key = rangeKey(placement);
    const pin = pinOf(architecture, placement, report);
    const ranges = known[key];
    if (ranges) {
      if (pin && pin.cidr !== ranges.vpc) report(contradiction(placement, pin, ranges.vpc, key));
      continue;
    }
    fresh.push({ key, placement, pinned: pin?.cidr });
    if (pin)
      claims.push({ range: rangeOfCidr(pin.cidr), cidr: pin.cidr, owner: `the VPC of ${key}`, at: pin.at });
  }
  reportOverlaps(claims, report);
  const pool = new AddressPool(
    rangeOfCidr(supernet),
    claims.map(({ range }) => range),
  );
  const allocation: Record<string, NetworkRanges> = { ...known };
  for (const { key, placement, pinned } of fresh) {
    const vpc = pinned ?? pool.take(settingsOf(architecture, placement)["vpc-prefix"]);
    if (vpc) allocation[key] = subnetsOf(vpc);
    else report(exhausted(architecture, placement, supernet));
  }
  return allocation;
}

/**
 * The subnets of a VPC for six zones: a zone's private subnet is an eighth of the range; of the last two eighths the
 * first is divided among the public, the second among the isolated subnets.
 */
export function subnetsOf(vpc: string): NetworkRanges {
  const { first } = rangeOfCidr(vpc);
  const prefix = prefixOf(vpc);
  const eighth = 2 ** (32 - prefix - 3);
  const zones = (start: number, length: number) =>
    Array.from({ length: MAXIMUM_ZONES }, (_, zone) => cidrAt(start + zone * 2 ** (32 - length), length));
  return {
    vpc,
    public: zones(first + 6 * eighth, prefix + 6),
    private: zones(first, prefix + 3),
    isolated: zones(first + 7 * eighth, prefix + 6),
  };
}

interface Claim {
  readonly range: AddressRange;
  readonly cidr: string;
  readonly owner: string;
  readonly at: Place;
}

function settingsOf(architecture: Architecture, placement: Placement): NetworkSettings {
  return settingsIn(architecture.spec, networkPath, placement.environment) as unknown as NetworkSettings;
}

/** The range pinned by hand for a placement, and where. */
function pinOf(
  architecture: Architecture,
  placement: Placement,
  report: Report,
): { readonly cidr: string; readonly at: Place } | undefined {
  const { cidr } = settingsOf(architecture, placement);
  if (cidr === undefined) return undefined;
  const path = layersOf(networkPath, placement.environment)
    .map((layer) => [...layer, "cidr"])
    .findLast((layer) => valueAt(architecture.spec, layer) !== undefined) as SpecPath;
  const siblings = architecture.placements.filter(({ environment }) => environment === placement.environment);
  if (typeof cidr === "object") {
    if (siblings[0] === placement) reportStrayRegions(cidr, siblings, path, report);
    const own = cidr[placement.region];
    return own === undefined ? undefined : { cidr: own, at: inSpec([...path, placement.region]) };
  }
  if (siblings.length === 1) return { cidr, at: inSpec(path) };
  if (siblings[0] === placement) {
    report({
      code: "cidr-region",
      message: `one range can't serve the ${siblings.length} Regions of \`${placement.environment}\``,
      help: `pin one for each: \`cidr: { ${placement.region}: ${cidr}, … }\``,
      at: inSpec(path),
    });
  }
  return undefined;
}

/** A range pinned in a Region that the environment is not in would never be used. */
function reportStrayRegions(
  cidrs: Readonly<Record<string, string>>,
  siblings: readonly Placement[],
  path: SpecPath,
  report: Report,
): void {
  const regions = siblings.map(({ region }) => region);
  for (const region of Object.keys(cidrs).filter((name) => !regions.includes(name))) {
    report({
      code: "cidr-region",
      message: `\`${siblings[0]?.environment}\` is not in ${region}`,
      help: `it is in ${regions.join(", ")}`,
      at: inSpec([...path, region], "key"),
    });
  }
}

function contradiction(
  placement: Placement,
  pin: { cidr: string; at: Place },
  vpc: string,
  key: string,
): Diagnostic {
  return {
    code: "ledger-contradiction",
    message: `the VPC of \`${placement.environment}\` is pinned to ${pin.cidr}, but was given ${vpc} before`,
    help: `moving it replaces the VPC and everything in it: pin ${vpc}, or remove \`${key}\` from the ledger if that is what you want`,
    at: pin.at,
    related: [{ at: inLedger([SECTION, key, "vpc"]), message: "given here" }],
  };
}

function exhausted(architecture: Architecture, placement: Placement, supernet: string): Diagnostic {
  const prefix = settingsOf(architecture, placement)["vpc-prefix"];
  return {
    code: "supernet-exhausted",
    message: `the supernet ${supernet} has no free /${prefix} left for \`${placement.environment}\` in ${placement.region}`,
    help: "widen `network.supernet`, or choose a longer `vpc-prefix`, which makes smaller VPCs",
    at: inSpec(["environments", placement.environment], "key"),
  };
}

/** Each range that overlaps one before it is reported once, with the other. */
function reportOverlaps(claims: readonly Claim[], report: Report): void {
  let widest: Claim | undefined;
  for (const claim of [...claims].sort((a, b) => a.range.first - b.range.first)) {
    if (widest && overlaps(widest.range, claim.range)) {
      report({
        code: "cidr-overlap",
        message: `${claim.cidr}, ${claim.owner}, overlaps ${widest.cidr}, ${widest.owner}`,
        help: "routes could not tell them apart: choose another range for one of them",
        at: claim.at,
        related: [{ at: widest.at, message: widest.cidr }],
      });
    }
    if (!widest || claim.range.last > widest.range.last) widest = claim;
  }
}

/** The ledger's section, without what is not as we write it, which is reported. */
function readRanges(kept: Json | undefined, report: Report): Record<string, NetworkRanges> {
  const ranges: Record<string, NetworkRanges> = {};
  if (kept === undefined) return ranges;
  if (!isJsonObject(kept)) {
    report(corrupt([SECTION]));
    return ranges;
  }
  for (const [key, entry] of Object.entries(kept)) {
    if (isRanges(entry)) ranges[key] = entry;
    else report(corrupt([SECTION, key]));
  }
  return ranges;
}

function isRanges(entry: Json): entry is Json & NetworkRanges {
  if (!isJsonObject(entry) || !isNetwork(entry.vpc)) return false;
  const vpc = rangeOfCidr(entry.vpc);
  return TIERS.every((tier) => {
    const list = entry[tier];
    return (
      Array.isArray(list) &&
      list.length === MAXIMUM_ZONES &&
      list.every((cidr) => isNetwork(cidr) && contains(vpc, rangeOfCidr(cidr)))
    );
  });
}

const isNetwork = (cidr: Json | undefined): cidr is string =>
  typeof cidr === "string" && networkOf(cidr) === cidr;
