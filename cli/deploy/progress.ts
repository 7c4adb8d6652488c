/** What people see while AWS works: a view that lives on a terminal, lines that can be searched elsewhere. */
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import { isPending } from "../../deploy/live.ts";
import type { Manifest } from "../../deploy/manifest.ts";
import type { Activity, Happening } from "../../deploy/operation.ts";
import { useColor } from "../output.ts";
import { elapsed, type Row, render, STEP } from "./live-view.ts";
import { nameOf } from "./place-name.ts";
import { describeStale } from "./stale-values.ts";

export interface Progress {
  report(happening: Happening): void;
  /** A stack set is through. */
  ended(stackSet: string, text: string, isGood: boolean): void;
  /** Nothing more will come. */
  stop(): void;
}

/** What is to be shown. */
export interface Subject {
  readonly manifest: Manifest;
  /** What is being done, and where. */
  readonly title: string;
  readonly stackSets: readonly { readonly name: string; readonly dependsOn: readonly string[] }[];
  /** Whether the stack sets follow each other in waves. */
  readonly inWaves?: boolean;
}

export function showProgress(subject: Subject): Progress {
  return process.stderr.isTTY && process.env.TERM !== "dumb" ? liveProgress(subject) : plainProgress(subject);
}

/** What an operation does, in a word or two. */
const WORDS: Record<Activity, string> = {
  update: "update",
  add: "create",
  refresh: "refresh",
  adopted: "what ran already",
  remove: "remove",
  drift: "drift detection",
};

/** Milliseconds between two signs of life: CI systems end jobs that say nothing for some minutes. */
const HEARTBEAT = 60_000;

/** One line for everything that happens: `network: prod SUCCEEDED`. */
function plainProgress({ manifest, title }: Subject): Progress {
  const started = performance.now();
  const said = new Set<string>();
  const say = (key: string, text: string) => {
    if (said.has(key)) return;
    said.add(key);
    process.stderr.write(`${elapsed(performance.now() - started).padStart(7)} ${text}\n`);
  };
  say("title", title);
  /** What runs, by stack set: whoever reads along must see that it does. */
  const running = new Map<string, string>();
  const heartbeat = setInterval(() => {
    for (const [stackSet, text] of running)
      process.stderr.write(`${elapsed(performance.now() - started).padStart(7)} ${stackSet}: ${text}\n`);
  }, HEARTBEAT);
  heartbeat.unref();
  return {
    report(happening) {
      const { stackSet } = happening;
      if (happening.kind === "create") say(`${stackSet} create`, `${stackSet}: creating the stack set`);
      if (happening.kind === "waits-for-others")
        say(`${stackSet} waits`, `${stackSet}: another operation runs, waiting for it`);
      if (happening.kind === "stale") {
        const where = nameOf(manifest, happening.place);
        say(
          `${stackSet} stale ${where}`,
          `${stackSet}: ${where} reads again: ${describeStale(happening.stale)}`,
        );
      }
      if (happening.kind !== "operation") return;
      const { operation, activity, results } = happening;
      const key = `${stackSet} ${operation.id}`;
      const sayStatus = () =>
        say(
          `${key} ${operation.status}`,
          `${stackSet}: ${WORDS[activity]} ${operation.status} (${operation.id})`,
        );
      const isOver = !isPending(operation);
      const done = results.filter(({ status }) => !["PENDING", "RUNNING"].includes(status)).length;
      running.set(
        stackSet,
        `${WORDS[activity]} still ${operation.status}, ${done} of ${results.length} stacks done`,
      );
      if (isOver) running.delete(stackSet);
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
    stop: () => clearInterval(heartbeat),
  };
}

function liveProgress({ manifest, title, stackSets, inWaves }: Subject): Progress {
  const started = performance.now();
  const now = () => performance.now() - started;
  const update = createLogUpdate(process.stderr, { showCursor: true });
  const colors = pc.createColors(useColor(process.stderr));
  const rows = new Map(
    stackSets.map(({ name, dependsOn }): [string, Row] => [
      name,
      { name, waitsFor: inWaves ? dependsOn : [], text: "", mark: "waiting", results: [] },
    ]),
  );
  let isStopped = false;
  const draw = () =>
    update(
      render(manifest, {
        title,
        rows: [...rows.values()],
        waves: inWaves ? manifest.waves : [],
        now: now(),
        height: process.stderr.rows ?? 24,
        colors,
      }),
    );
  const timer = setInterval(draw, STEP);
  return {
    report(happening) {
      const row = rows.get(happening.stackSet);
      if (!row) return;
      row.mark = "busy";
      row.startedAt ??= now();
      if (happening.kind === "operation") {
        row.text = `${WORDS[happening.activity]} ${happening.operation.status.toLowerCase()}`;
        row.results = happening.results;
      } else {
        row.text = {
          looking: "looking",
          create: "creating",
          "waits-for-others": "another operation runs",
          stale: "reads again",
        }[happening.kind];
      }
    },
    ended(stackSet, text, isGood) {
      const row = rows.get(stackSet);
      if (!row) return;
      Object.assign(row, { text, mark: isGood ? "good" : "bad", endedAt: now() });
      // Of what failed, it stays in sight which stacks went well.
      if (isGood) row.results = [];
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
