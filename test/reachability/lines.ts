/** Reachability in words: what is found and what the spec says are compared line by line. */
import type { Flow } from "./flows.ts";
import type { Reachability, Transition } from "./reachability.ts";
import type { Request } from "./requests.ts";
import { describeTraffic } from "./traffic.ts";

export const nodeLine = (place: string, stack: string, type: string, count: number): string =>
  `${place} ${stack}: ${count} ${type}`;

export const flowLine = ({ from, to, traffic, oddity }: Flow): string =>
  `${from} → ${to}: ${describeTraffic(traffic)}${oddity ? ` (${oddity})` : ""}`;

export const transitLine = ({ from, to }: Transition): string => `${from} → transit gateway → ${to}`;

export const requestLine = ({ from, port, which, to, targetPort }: Request): string =>
  `${from} ${port}, ${which} → ${to}${targetPort === undefined ? "" : ` ${targetPort}`}`;

/** Everything that was found. */
export function linesOf({ nodes, ways, flows, transits, requests }: Reachability): string[] {
  const counts = new Map<string, number>();
  const key = (...parts: readonly string[]) => parts.join(" ");
  for (const { place, stack, type } of nodes) {
    counts.set(key(place, stack, type), (counts.get(key(place, stack, type)) ?? 0) + 1);
  }
  return [
    ...nodes.map(({ place, stack, type }) =>
      nodeLine(place, stack, type, counts.get(key(place, stack, type)) ?? 0),
    ),
    ...[...ways, ...flows].map(flowLine),
    ...transits.map(transitLine),
    ...requests.map(requestLine),
  ];
}

/** What differs from what was expected. */
export interface Differences {
  /** What is found and not said. */
  readonly more: readonly string[];
  /** What is said and not found. */
  readonly less: readonly string[];
}

export const NONE: Differences = { more: [], less: [] };

export function differences(found: readonly string[], expected: readonly string[]): Differences {
  const without = (lines: readonly string[], others: readonly string[]) => {
    const gone = new Set(others);
    return [...new Set(lines)].filter((line) => !gone.has(line)).toSorted();
  };
  return { more: without(found, expected), less: without(expected, found) };
}
