/** IPv4 ranges in CIDR notation (RFC 4632) as intervals of numbers. */
import { ip2long, long2ip, Netmask } from "netmask";

/** A range of addresses; `first` and `last` are 32-bit addresses as numbers, both inside. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** @throws where the text is no CIDR notation; the schema has checked that it is */
export function rangeOfCidr(cidr: string): AddressRange {
  const { base, size } = new Netmask(cidr);
  const first = ip2long(base);
  return { first, last: first + size - 1 };
}

/** The range of a text that is one, with its host bits clear; undefined of any other. */
export function rangeIfNetwork(cidr: string): AddressRange | undefined {
  try {
    const netmask = new Netmask(cidr);
    if (netmask.toString() !== cidr) return undefined;
    const first = ip2long(netmask.base);
    return { first, last: first + netmask.size - 1 };
  } catch {
    return undefined;
  }
}

/** The CIDR notation with host bits cleared: `10.1.2.3/16` → `10.1.0.0/16`; undefined where it is none. */
export function networkOf(cidr: string): string | undefined {
  try {
    return new Netmask(cidr).toString();
  } catch {
    return undefined;
  }
}

/** The range of `2^(32 - prefix)` addresses that begins at an address. */
export function cidrAt(first: number, prefix: number): string {
  return `${long2ip(first)}/${prefix}`;
}

export const prefixOf = (cidr: string): number => Number(cidr.split("/")[1]);
export const overlaps = (a: AddressRange, b: AddressRange): boolean => a.first <= b.last && b.first <= a.last;
export const contains = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.first <= inner.first && inner.last <= outer.last;

/** Gives out ranges that overlap nothing given out or taken before. */
export class AddressPool {
  readonly #supernet: AddressRange;
  /** Disjoint or not, by first address. */
  readonly #taken: AddressRange[];
  /** Where the search for a prefix length goes on; everything before it is full for that length. */
  readonly #cursors = new Map<number, number>();

  constructor(supernet: AddressRange, taken: readonly AddressRange[]) {
    this.#supernet = supernet;
    this.#taken = flatten(taken);
  }

  /** The lowest free range of a prefix length, which is then taken; undefined where there is none. */
  take(prefix: number): string | undefined {
    const size = 2 ** (32 - prefix);
    let first = Math.ceil((this.#cursors.get(prefix) ?? this.#supernet.first) / size) * size;
    for (;;) {
      const candidate = { first, last: first + size - 1 };
      if (candidate.last > this.#supernet.last) return undefined;
      const index = this.#firstEndingAfter(first);
      const next = this.#taken[index];
      if (!next || next.first > candidate.last) {
        this.#taken.splice(index, 0, candidate);
        this.#cursors.set(prefix, first + size);
        return cidrAt(first, prefix);
      }
      first = Math.ceil((next.last + 1) / size) * size;
    }
  }

  #firstEndingAfter(address: number): number {
    let low = 0;
    let high = this.#taken.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#taken[middle] as AddressRange).last < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Overlapping ranges made one, in order. */
function flatten(ranges: readonly AddressRange[]): AddressRange[] {
  const flat: { first: number; last: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = flat.at(-1);
    if (before && range.first <= before.last) before.last = Math.max(before.last, range.last);
    else flat.push({ ...range });
  }
  return flat;
}
