/** The ranges of a VPC and its subnets, as the ledger keeps them. */
import {
  type AddressRange,
  cidrAt,
  contains,
  overlaps,
  prefixOf,
  rangeIfNetwork,
  rangeOfCidr,
} from "../../cidr.ts";
import type { Report } from "../../diagnostics.ts";
import { corrupt, type KeptEnvironments } from "../../ledger.ts";
import type { SpecPath } from "../../path.ts";
import { isJsonObject, type Json } from "../../schema.ts";
import { showName, showValue } from "../../wording.ts";
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

/**
 * The ledger's section, without what is not as we write it, which is reported.
 *
 * @param environments where the ledger has each environment
 */
export function readRanges(
  kept: Json | undefined,
  environments: KeptEnvironments,
  report: Report,
): Record<string, NetworkRanges> {
  const ranges: Record<string, NetworkRanges> = {};
  if (kept === undefined) return ranges;
  if (!isJsonObject(kept)) {
    report(corrupt([SECTION], "VPCs are kept by environment and Region"));
    return ranges;
  }
  for (const [key, entry] of Object.entries(kept)) {
    const stray = strayKey(key, environments);
    const trouble = troubleIn(entry);
    if (stray !== undefined) report(corrupt([SECTION, key], stray, STRAY));
    else if (trouble) report(corrupt([SECTION, key, ...trouble.at], trouble.wanted));
    else ranges[key] = entry as unknown as NetworkRanges;
  }
  return ranges;
}

const STRAY = "restore it from version control, or take what is gone out of `environments` and `networks`";

/** What is wrong with the key of a VPC: an environment of the ledger, and a Region that it is in there. */
function strayKey(key: string, environments: KeptEnvironments): string | undefined {
  const [environment = "", region, ...others] = key.split("/");
  if (!region || others.length > 0)
    return `${showName(key)} names no environment and Region, such as \`prod/eu-west-1\``;
  const places = environments.get(environment);
  if (!places) return `there is no ${showName(environment)} under \`environments\``;
  if (places.some((place) => place.endsWith(`/${region}`))) return undefined;
  return `under \`environments\` ${showName(environment)} is not in ${region}, but in ${places.join(", ") || "no place"}`;
}

/** Something in the entry of a VPC that is not as we write it, and what would be. */
interface Trouble {
  readonly at: SpecPath;
  readonly wanted: string;
}

/** Exactly the keys that are ours, and subnets that lie apart in the VPC. */
function troubleIn(entry: Json): Trouble | undefined {
  const keys = ["vpc", ...TIERS];
  if (!isJsonObject(entry)) return { at: [], wanted: `a VPC has ${keys.join(", ")}` };
  const other = Object.keys(entry).find((key) => !keys.includes(key));
  if (other !== undefined) return { at: [other], wanted: `a VPC has ${keys.join(", ")} and nothing else` };
  const vpc = rangeOf(entry.vpc);
  if (!vpc) return { at: ["vpc"], wanted: "`vpc` is a range, such as 10.0.0.0/16" };
  const seen: AddressRange[] = [];
  for (const tier of TIERS) {
    const list = entry[tier];
    if (!Array.isArray(list) || list.length !== MAXIMUM_ZONES)
      return { at: [tier], wanted: `a VPC has ${MAXIMUM_ZONES} ranges of ${tier} subnets` };
    for (const [zone, cidr] of list.entries()) {
      const range = rangeOf(cidr);
      if (!range || !contains(vpc, range))
        return { at: [tier, zone], wanted: `${showValue(cidr)} is no range within ${showValue(entry.vpc)}` };
      if (seen.some((before) => overlaps(before, range)))
        return { at: [tier, zone], wanted: `${showValue(cidr)} overlaps another subnet` };
      seen.push(range);
    }
  }
  return undefined;
}

const rangeOf = (cidr: Json | undefined): AddressRange | undefined =>
  typeof cidr === "string" ? rangeIfNetwork(cidr) : undefined;
