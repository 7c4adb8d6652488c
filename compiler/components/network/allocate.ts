/** Gives each VPC its range: pinned, kept from the ledger, or the next that is free in the supernet. */
import { type Architecture, type Placement, placementsWith, settingsIn } from "../../architecture.ts";
import { AddressPool, type AddressRange, overlaps, rangeOfCidr } from "../../cidr.ts";
import { type Diagnostic, inLedger, inSpec, type Place, type Report } from "../../diagnostics.ts";
import type { KeptEnvironments } from "../../ledger.ts";
import type { Json } from "../../schema.ts";
import { type Pin, pinOf } from "./pins.ts";
import {
  type NetworkAllocation,
  type NetworkRanges,
  rangeKey,
  readRanges,
  SECTION,
  subnetsOf,
} from "./ranges.ts";
import { type NetworkSettings, networkPath, settingsOf } from "./settings.ts";

/** A range that somebody has. */
interface Claim {
  readonly range: AddressRange;
  readonly cidr: string;
  readonly owner: string;
  readonly at: Place;
}

/**
 * @param kept the ledger's section; what it has stays as it is
 * @param environments where the ledger has each environment
 */
export function allocateRanges(
  architecture: Architecture,
  kept: Json | undefined,
  report: Report,
  environments: KeptEnvironments,
): NetworkAllocation {
  const known = readRanges(kept, environments, report);
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
  for (const placement of placementsWith(architecture, networkPath)) {
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

function contradiction(placement: Placement, pin: Pin, vpc: string, key: string): Diagnostic {
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

const CHOOSE = "routes could not tell them apart: choose another range for one of them";
const GIVE_ANEW =
  "routes could not tell them apart: take the entry of one that is not deployed out of the ledger, and it is given another";

const isKept = ({ at: { input } }: Claim): boolean => input === "ledger";

/** Each range that overlaps one before it is reported once, with the other. */
function reportOverlaps(claims: readonly Claim[], report: Report): void {
  let widest: Claim | undefined;
  for (const claim of [...claims].sort((a, b) => a.range.first - b.range.first)) {
    if (widest && overlaps(widest.range, claim.range)) {
      report({
        code: "cidr-overlap",
        message: `${claim.cidr}, ${claim.owner}, overlaps ${widest.cidr}, ${widest.owner}`,
        help: isKept(claim) && isKept(widest) ? GIVE_ANEW : CHOOSE,
        at: claim.at,
        related: [{ at: widest.at, message: widest.cidr }],
      });
    }
    if (!widest || claim.range.last > widest.range.last) widest = claim;
  }
}
