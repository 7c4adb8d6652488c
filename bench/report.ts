/** Figures beside the bounds we keep to, and how they are taken. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a process took of the machine. */
export interface Taken {
  /** The peak of its resident set. */
  readonly megabytes: number;
  /** Milliseconds of all processors, in user and system mode: other than time, others at work hardly change them. */
  readonly processors: number;
}

/** Writes a module that makes a process tell what it took on file descriptor 3. */
export function writeProbe(directory: string): string {
  const probe = join(directory, "probe.cjs");
  writeFileSync(
    probe,
    `process.on("exit", () => require("fs").writeSync(3, JSON.stringify(process.resourceUsage())));`,
  );
  return probe;
}

/** @param told what the probe wrote */
export function readProbe(told: string): Taken {
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(told) as NodeJS.ResourceUsage;
  return { megabytes: maxRSS / 1024, processors: (userCPUTime + systemCPUTime) / 1000 };
}

/** Prints a figure; one over its bound makes the benchmark end with 1. */
export function report(name: string, value: number, bound?: number): void {
  const isMissed = bound !== undefined && !(value <= bound);
  if (isMissed) process.exitCode = 1;
  const told = bound === undefined ? "" : `at most ${bound}${isMissed ? "  MISSED" : ""}`;
  console.log(`  ${name.padEnd(44)} ${value.toFixed(2).padStart(7)}  ${told}`.trimEnd());
}

/** By how much the last doubling of the size doubles what is measured: 1 is linear, 2 quadratic. */
export function exponent(values: readonly number[]): number {
  const [half = Number.NaN, whole = Number.NaN] = values.slice(-2).map((value) => Math.max(value, 0.1));
  return Math.log2(whole / half);
}
