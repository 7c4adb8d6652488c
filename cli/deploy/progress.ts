/** What people see while AWS works: a view that lives on a terminal, lines that can be searched elsewhere. */
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import type { Happening } from "../../deploy/apply.ts";
import { isPending } from "../../deploy/live.ts";
import type { Manifest } from "../../deploy/manifest.ts";
import type { InstanceResult } from "../../deploy/wait.ts";
import { useColor } from "../output.ts";
import { nameOf } from "./place-name.ts";

/** How far one stack set is. */
interface Row {
  readonly name: string;
  readonly waitsFor: readonly string[];
  text: string;
  mark: "waiting" | "busy" | "good" | "bad";
  startedAt?: number;
  endedAt?: number;
  results: readonly InstanceResult[];
}

export interface Progress {
  report(happening: Happening): void;
  /** A stack set is through. */
  ended(stackSet: string, text: string, isGood: boolean): void;
  /** Nothing more will come. */
  stop(): void;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const REFRESH = 120;

/** @param title what is being done, and where */
export function showProgress(
  manifest: Manifest,
  stackSets: readonly { readonly name: string; readonly dependsOn: readonly string[] }[],
  title: string,
): Progress {
  return process.stderr.isTTY && process.env.TERM !== "dumb"
    ? liveProgress(manifest, stackSets, title)
    : plainProgress(manifest, title);
}

/** One line for everything that happens: `network: prod SUCCEEDED`. */
function plainProgress(manifest: Manifest, title: string): Progress {
  const started = performance.now();
  const said = new Set<string>();
  const say = (key: string, text: string) => {
    if (said.has(key)) return;
    said.add(key);
    process.stderr.write(`${elapsed(performance.now() - started).padStart(7)} ${text}\n`);
  };
  say("title", title);
  return {
    report(happening) {
      const { stackSet } = happening;
      if (happening.kind === "create") say(`${stackSet} create`, `${stackSet}: creating the stack set`);
      if (happening.kind === "waits-for-others")
        say(`${stackSet} waits`, `${stackSet}: another operation runs, waiting for it`);
      if (happening.kind !== "operation") return;
      const { operation, activity, results } = happening;
      const key = `${stackSet} ${operation.id}`;
      const sayStatus = () =>
        say(`${key} ${operation.status}`, `${stackSet}: ${activity} ${operation.status} (${operation.id})`);
      const isOver = !isPending(operation);
      if (!isOver) sayStatus();
      for (const result of results) {
        if (["PENDING", "RUNNING"].includes(result.status)) continue;
        const where = nameOf(manifest, result);
        const reason = result.status === "SUCCEEDED" ? "" : `: ${result.reason.replace(/\s+/g, " ")}`;
        say(`${key} ${where}`, `${stackSet}: ${where} ${result.status}${reason}`);
      }
      if (isOver) sayStatus();
    },
    ended(stackSet, text) {
      say(`${stackSet} ended`, `${stackSet}: ${text}`);
    },
    stop() {},
  };
}

function liveProgress(
  manifest: Manifest,
  stackSets: readonly { readonly name: string; readonly dependsOn: readonly string[] }[],
  title: string,
): Progress {
  const started = performance.now();
  const update = createLogUpdate(process.stderr, { showCursor: true });
  const rows = new Map(
    stackSets.map(({ name, dependsOn }): [string, Row] => [
      name,
      { name, waitsFor: dependsOn, text: "", mark: "waiting", results: [] },
    ]),
  );
  let frame = 0;
  let isStopped = false;
  const draw = () =>
    update(render(manifest, title, [...rows.values()], frame++, performance.now() - started));
  const timer = setInterval(draw, REFRESH);
  return {
    report(happening) {
      const row = rows.get(happening.stackSet);
      if (!row) return;
      row.mark = "busy";
      row.startedAt ??= performance.now();
      if (happening.kind === "operation") {
        row.text = `${happening.activity} ${happening.operation.status.toLowerCase()}`;
        row.results = happening.results;
      } else {
        row.text = { looking: "looking", create: "creating", "waits-for-others": "another operation runs" }[
          happening.kind
        ];
      }
    },
    ended(stackSet, text, isGood) {
      const row = rows.get(stackSet);
      if (!row) return;
      Object.assign(row, { text, mark: isGood ? "good" : "bad", endedAt: performance.now(), results: [] });
    },
    stop() {
      if (isStopped) return;
      isStopped = true;
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}

function render(
  manifest: Manifest,
  title: string,
  rows: readonly Row[],
  frame: number,
  milliseconds: number,
): string {
  const colors = pc.createColors(useColor(process.stderr));
  const width = Math.max(...rows.map(({ name }) => name.length), 0);
  const lines = [`${colors.bold(title)}  ${colors.dim(elapsed(milliseconds))}`];
  const shown = rowsThatFit(rows, (process.stderr.rows ?? 24) - manifest.waves.length - 3);
  manifest.waves.forEach((wave, index) => {
    const own = shown.filter(({ name }) => wave.includes(name));
    if (own.length > 0) lines.push(colors.dim(`wave ${index + 1}`));
    for (const row of own) lines.push(`  ${renderRow(manifest, row, width, frame, colors)}`);
  });
  const hidden = rows.length - shown.length;
  return [...lines, ...(hidden > 0 ? [colors.dim(`  and ${hidden} more`)] : [])].join("\n");
}

/** Where the terminal is too low, what is done or waits goes first. */
function rowsThatFit(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  const order = { bad: 0, busy: 1, waiting: 2, good: 3 };
  const kept = new Set(rows.toSorted((a, b) => order[a.mark] - order[b.mark]).slice(0, Math.max(1, most)));
  return rows.filter((row) => kept.has(row));
}

function renderRow(
  manifest: Manifest,
  row: Row,
  width: number,
  frame: number,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const marks = {
    waiting: colors.dim("·"),
    busy: colors.cyan(FRAMES[frame % FRAMES.length] as string),
    good: colors.green("✔"),
    bad: colors.red("✖"),
  };
  const time = row.startedAt === undefined ? "" : elapsed((row.endedAt ?? performance.now()) - row.startedAt);
  const text =
    row.mark === "waiting" && row.waitsFor.length > 0 ? `after ${row.waitsFor.join(", ")}` : row.text;
  return `${marks[row.mark]} ${row.name.padEnd(width)}  ${text}${renderResults(manifest, row.results, colors)}  ${colors.dim(time)}`.trimEnd();
}

/** Each stack by name where they are few, in numbers where they are many. */
function renderResults(
  manifest: Manifest,
  results: readonly InstanceResult[],
  colors: ReturnType<typeof pc.createColors>,
): string {
  if (results.length === 0) return "";
  const done = results.filter(({ status }) => !["PENDING", "RUNNING"].includes(status)).length;
  const count = `  ${done}/${results.length}`;
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
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}
