/** IPv4 addresses and ranges, by a library that is not the compiler's. */
import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4, number];

const parsed = new Map<string, Range>();

/** @throws Error on a text that is no IPv4 range in CIDR notation */
function rangeOf(cidr: string): Range {
  let range = parsed.get(cidr);
  if (!range) {
    if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) throw new Error(`${cidr} is not an IPv4 range`);
    range = ipaddr.IPv4.parseCIDR(cidr);
    parsed.set(cidr, range);
  }
  return range;
}

/** Whether all addresses of a range, or one address, are in a range. */
export function contains(cidr: string, inner: string): boolean {
  const outer = rangeOf(cidr);
  const [address, prefix] = rangeOf(inner.includes("/") ? inner : `${inner}/32`);
  return prefix >= outer[1] && address.match(outer);
}

/** The number of addresses in a range counts down with it: of two ranges the narrower has the longer prefix. */
export const prefixOf = (cidr: string): number => rangeOf(cidr)[1];

/**
 * One address of each part into which a range is cut by others. No range that cuts tells the addresses of a part apart,
 * so what is true of one is true of all.
 */
export function addressesOf(cidr: string, cuts: readonly string[]): string[] {
  const inside = cuts.filter((cut) => contains(cidr, cut) && prefixOf(cut) > prefixOf(cidr));
  if (inside.length === 0) return [firstOf(cidr)];
  return halvesOf(cidr).flatMap((half) => addressesOf(half, inside));
}

const firstOf = (cidr: string): string => ipaddr.IPv4.networkAddressFromCIDR(cidr).toString();

function halvesOf(cidr: string): string[] {
  const prefix = prefixOf(cidr) + 1;
  const second = [...rangeOf(`${firstOf(cidr)}/${prefix}`)[0].octets];
  const byte = Math.floor((prefix - 1) / 8);
  second[byte] = (second[byte] as number) | (0x80 >> ((prefix - 1) % 8));
  return [`${firstOf(cidr)}/${prefix}`, `${second.join(".")}/${prefix}`];
}

/** The ranges that are not the internet's: private, loopback and so on. */
export const specialRanges: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/3",
];

/** Whether an address may be somebody's on the internet. */
export const isPublic = (address: string): boolean =>
  !specialRanges.some((range) => contains(range, address));
