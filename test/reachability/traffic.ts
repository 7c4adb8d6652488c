/**
 * Traffic: a set of IP protocols and ports, as intervals on one line of numbers on which each of the 256 protocols has
 * 65,536 places. So sets of ports of all protocols are joined, cut and taken from each other alike.
 */

/** Disjoint and in order; both ends are inside. */
export type Traffic = readonly (readonly [first: number, last: number])[];

const PORTS = 65_536;
const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

export const nothing: Traffic = [];
export const everything: Traffic = [[0, 256 * PORTS - 1]];

/** All ports of a protocol, by name or number, or those from one to another. */
export function traffic(protocol: string, from = 0, to = PORTS - 1): Traffic {
  const number = PROTOCOLS[protocol] ?? Number(protocol);
  if (!Number.isInteger(number) || number < 0 || number > 255) throw new Error(`no IP protocol ${protocol}`);
  if (!(0 <= from && from <= to && to < PORTS)) throw new Error(`no ports ${from} to ${to}`);
  return [[number * PORTS + from, number * PORTS + to]];
}

export const tcp = (from: number, to = from): Traffic => traffic("tcp", from, to);
export const udp = (from: number, to = from): Traffic => traffic("udp", from, to);

export function union(...sets: readonly Traffic[]): Traffic {
  const [only = nothing, ...others] = sets.filter((set) => !isNothing(set));
  if (others.length === 0) return only;
  const joined: [number, number][] = [];
  for (const [first, last] of sets.flat().toSorted(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

export function intersection(a: Traffic, b: Traffic): Traffic {
  if (a === everything) return b;
  if (b === everything) return a;
  const common = a.flatMap(([first, last]) =>
    b.map(([from, to]): [number, number] => [Math.max(first, from), Math.min(last, to)]),
  );
  return union(common.filter(([first, last]) => first <= last));
}

export function difference(a: Traffic, b: Traffic): Traffic {
  return b.reduce((rest, [from, to]) => {
    const others = [[0, from - 1] as const, [to + 1, 256 * PORTS - 1] as const];
    return intersection(
      rest,
      others.filter(([first, last]) => first <= last),
    );
  }, a);
}

export const isNothing = (set: Traffic): boolean => set.length === 0;
export const equals = (a: Traffic, b: Traffic): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The protocols that a set has anything of, by number. */
export function protocolsOf(set: Traffic): string[] {
  const numbers = set.flatMap(([first, last]) => {
    const from = Math.floor(first / PORTS);
    return Array.from({ length: Math.floor(last / PORTS) - from + 1 }, (_, index) => String(from + index));
  });
  return [...new Set(numbers)];
}

/** In words: `tcp 80, 443; udp 53`, `tcp` with all its ports, `everything`. */
export function describeTraffic(set: Traffic): string {
  if (equals(set, everything)) return "everything";
  return protocolsOf(set)
    .map((number) => {
      const name = Object.keys(PROTOCOLS).find((each) => String(PROTOCOLS[each]) === number);
      const all = traffic(number);
      const ports = intersection(set, all).map(([first, last]) => {
        const [from, to] = [first % PORTS, last % PORTS];
        return from === to ? `${from}` : `${from}-${to}`;
      });
      const label = name ?? `protocol ${number}`;
      return equals(intersection(set, all), all) ? label : `${label} ${ports.join(", ")}`;
    })
    .join("; ");
}
