/** The range of a VPN's subnets in a VPC: what is left behind the public ones. */
import { cidrAt, prefixOf, rangeOfCidr } from "../../cidr.ts";
import type { NetworkRanges } from "./ranges.ts";

export interface VpnRanges {
  /** The range that all of them lie in, and nothing else. */
  readonly all: string;
  /** As wide as public ones, for the first two zones. */
  readonly subnets: readonly string[];
}

/** An eighth of a VPC has room for eight such subnets, of which six are public: see `subnetsOf`. */
export function vpnRangesOf({ public: subnets }: NetworkRanges): VpnRanges {
  const last = subnets.at(-1) as string;
  const first = rangeOfCidr(last).last + 1;
  const prefix = prefixOf(last);
  return {
    all: cidrAt(first, prefix - 1),
    subnets: [cidrAt(first, prefix), cidrAt(first + 2 ** (32 - prefix), prefix)],
  };
}
