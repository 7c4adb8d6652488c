/** How a deployment on its way looks on a terminal: waves, stack sets and stacks, as text. Pure. */
import type pc from "picocolors";
import type { Manifest } from "../../deploy/manifest.ts";
import type { InstanceResult } from "../../deploy/wait.ts";
import { nameOf } from "./place-name.ts";

export type Colors = ReturnType<typeof pc.createColors>;

/** How far one stack set is. */
export interface Row {
  readonly name: string;
  readonly waitsFor: readonly string[];
  /** What happens to it, or became of it. */
  text: string;
  mark: "waiting" | "busy" | "good" | "bad";
  /** On the clock of the view, in milliseconds. */
  startedAt?: number;
  endedAt?: number;
  results: readonly InstanceResult[];
}

/** What is shown. */
export interface View {
  readonly title: string;
  readonly rows: readonly Row[];
  /** The names of each wave; rows of none stand without a heading. */
  readonly waves: readonly (readonly string[])[];
  /** Milliseconds since all began. */
  readonly now: number;
  /** Lines of the terminal. */
  readonly height: number;
  readonly colors: Colors;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Milliseconds between two steps of what moves. */
export const STEP = 120;

export function render(manifest: Manifest, view: View): string {
  const { title, rows, waves, now, height, colors } = view;
  const shown = rowsThatFit(rows, height - waves.length - 3);
  const width = Math.max(...shown.map(({ name }) => name.length), 0);
  const line = (row: Row) => `  ${renderRow(manifest, row, width, view)}`;
  const inWaves = waves.flatMap((wave, index) => {
    const own = shown.filter(({ name }) => wave.includes(name));
    return own.length > 0 ? [colors.dim(`wave ${index + 1}`), ...own.map(line)] : [];
  });
  const others = shown.filter(({ name }) => !waves.some((wave) => wave.includes(name))).map(line);
  const hidden = rows.length - shown.length;
  return [
    `${colors.bold(title)}  ${colors.dim(elapsed(now))}`,
    ...inWaves,
    ...others,
    ...(hidden > 0 ? [colors.dim(`  and ${hidden} more`)] : []),
  ].join("\n");
}

/** Where the terminal is too low, what is done or waits goes first. */
function rowsThatFit(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  const order = { bad: 0, busy: 1, waiting: 2, good: 3 };
  const kept = new Set(rows.toSorted((a, b) => order[a.mark] - order[b.mark]).slice(0, Math.max(1, most)));
  return rows.filter((row) => kept.has(row));
}

function renderRow(manifest: Manifest, row: Row, width: number, { now, colors }: View): string {
  const marks = {
    waiting: colors.dim("·"),
    busy: colors.cyan(SPINNER[Math.floor(now / STEP) % SPINNER.length] as string),
    good: colors.green("✔"),
    bad: colors.red("✖"),
  };
  const waits = row.mark === "waiting" && row.waitsFor.length > 0;
  const time = row.startedAt === undefined ? "" : elapsed((row.endedAt ?? now) - row.startedAt);
  const parts = [
    waits ? `after ${row.waitsFor.join(", ")}` : row.text,
    renderResults(manifest, row.results, colors),
    time && colors.dim(time),
  ];
  return `${marks[row.mark]} ${row.name.padEnd(width)}  ${parts.filter((part) => part !== "").join("  ")}`;
}

/** Each stack by name where they are few, in numbers where they are many. */
function renderResults(manifest: Manifest, results: readonly InstanceResult[], colors: Colors): string {
  if (results.length === 0) return "";
  const done = results.filter(({ status }) => !["PENDING", "RUNNING"].includes(status)).length;
  const count = `${done}/${results.length}`;
  if (results.length > 8) return count;
  const paint = {
    PENDING: colors.dim,
    RUNNING: colors.cyan,
    SUCCEEDED: colors.green,
    FAILED: colors.red,
    CANCELLED: colors.yellow,
  };
  return `${count}  ${results.map((result) => paint[result.status](nameOf(manifest, result))).join(" ")}`;
}

/** `48s`, `3m 05s`, `1h 02m`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}
