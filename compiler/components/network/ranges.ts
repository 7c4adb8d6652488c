/** The ranges of a VPC and its subnets, as the ledger keeps them. */
import { type AddressRange, cidrAt, contains, prefixOf, rangeIfNetwork, rangeOfCidr } from "../../cidr.ts";
import type { Report } from "../../diagnostics.ts";
import { corrupt } from "../../ledger.ts";
import { isJsonObject, type Json } from "../../schema.ts";
import { MAXIMUM_ZONES, TIERS, type Tier } from "./settings.ts";

/** The ranges of one VPC; a subnet range for each zone there can be, so that growing moves none. */
export type NetworkRanges = { readonly vpc: string } & { readonly [T in Tier]: readonly string[] };

/** By placement: `dev/eu-west-1`. */
export type NetworkAllocation = Readonly<Record<string, NetworkRanges>>;

/** The ledger's section. */
export const SECTION = "networks";

export const rangeKey = ({
  environment,
  region,
}: {
  readonly environment: string;
  readonly region: string;
}): string => `${environment}/${region}`;

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

/** The ledger's section, without what is not as we write it, which is reported. */
export function readRanges(kept: Json | undefined, report: Report): Record<string, NetworkRanges> {
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

/** Exactly the keys that are ours, and subnets that lie apart in the VPC. */
function isRanges(entry: Json): entry is Json & NetworkRanges {
  if (!isJsonObject(entry) || Object.keys(entry).length !== TIERS.length + 1) return false;
  const vpc = rangeOf(entry.vpc);
  if (!vpc) return false;
  const lists = TIERS.map((tier) => entry[tier]);
  if (!lists.every((list) => Array.isArray(list) && list.length === MAXIMUM_ZONES)) return false;
  const subnets = (lists as Json[][]).flat().map(rangeOf);
  const sorted = subnets.filter((range) => range !== undefined).sort((a, b) => a.first - b.first);
  return (
    sorted.length === subnets.length &&
    sorted.every((range, index) => contains(vpc, range) && range.first > (sorted[index - 1]?.last ?? -1))
  );
}

const rangeOf = (cidr: Json | undefined): AddressRange | undefined =>
  typeof cidr === "string" ? rangeIfNetwork(cidr) : undefined;
