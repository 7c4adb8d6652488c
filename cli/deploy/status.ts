/** `landform status`: each stack set in each environment, at a glance. */
import { setTimeout as sleep } from "node:timers/promises";
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import type { Manifest } from "../../deploy/manifest.ts";
import { type InstanceState, type StackSetStatus, statusOf } from "../../deploy/status.ts";
import { ExitCode, UsageError } from "../exit.ts";
import type { StatusOptions } from "../options.ts";
import { useColor } from "../output.ts";
import { untilInterrupted } from "./interruption.ts";
import { nameOf } from "./place-name.ts";
import { inSession, type Session } from "./session.ts";
import { printTable } from "./table.ts";

/** Environments that fit side by side. */
const MOST_COLUMNS = 8;

type Colors = ReturnType<typeof pc.createColors>;

export function statusCommand(spec: string | undefined, options: StatusOptions): Promise<number> {
  if (options.watch && options.json) throw new UsageError("--watch and --json don't go together");
  return inSession(
    spec,
    options,
    (session) => (options.watch ? watch(session, options) : once(session, options)),
    { changesNothing: true },
  );
}

async function once({ manifest, aws }: Session, { json }: StatusOptions): Promise<number> {
  const all = await statusOf(aws, manifest);
  if (json) process.stdout.write(`${JSON.stringify(forMachines(all), null, 2)}\n`);
  else process.stdout.write(render(manifest, all));
  return all.every(isCurrent) ? ExitCode.Done : ExitCode.Changes;
}

/** Until it is interrupted: a view on a terminal, elsewhere whatever has changed. */
async function watch({ manifest, aws }: Session, { poll }: StatusOptions): Promise<number> {
  const interruption = untilInterrupted();
  const update = process.stdout.isTTY ? createLogUpdate(process.stdout, { showCursor: true }) : undefined;
  let shown = "";
  while (!interruption.signal.aborted) {
    const text = render(manifest, await statusOf(aws, manifest));
    if (update) update(text);
    else if (text !== shown) process.stdout.write(`${text}\n`);
    shown = text;
    await sleep(poll * 1000, undefined, { signal: interruption.signal }).catch(() => {});
  }
  update?.done();
  interruption.stop();
  return ExitCode.Interrupted;
}

const isCurrent = ({ instances, isBehindSpec, isThere }: StackSetStatus): boolean =>
  isThere && !isBehindSpec && instances.every(({ state }) => state === "current");

function render(manifest: Manifest, all: readonly StackSetStatus[]): string {
  const colors = pc.createColors(useColor(process.stdout));
  const columns = [
    ...new Set(all.flatMap(({ desired }) => desired.targets.map((target) => nameOf(manifest, target)))),
  ];
  const cell = (one: StackSetStatus, column: string) => {
    const own = one.instances.find(({ target }) => nameOf(manifest, target) === column);
    return own ? paint(own.state, colors) : "";
  };
  const notes = all.map(note);
  // Many environments stand below each other.
  const table =
    columns.length > MOST_COLUMNS
      ? printTable(
          ["", ...all.map(({ desired }) => desired.name)],
          [
            ...(notes.some((text) => text !== "") ? [["", ...notes]] : []),
            ...columns.map((column) => [column, ...all.map((one) => cell(one, column))]),
          ],
        )
      : printTable(
          ["STACK SET", ...columns, ""],
          all.map((one, index) => [
            one.desired.name,
            ...columns.map((column) => cell(one, column)),
            notes[index] ?? "",
          ]),
        );
  const reasons = all.flatMap(({ desired, instances }) =>
    instances.flatMap(({ target, state, reason }) =>
      reason && state !== "current"
        ? [`${desired.name} in ${nameOf(manifest, target)}: ${reason.replace(/\s+/g, " ")}\n`]
        : [],
    ),
  );
  return `${table}${reasons.length > 0 ? `\n${reasons.join("")}` : ""}`;
}

/** What is true of the stack set as a whole. */
function note({ isThere, isBehindSpec, running, unwanted }: StackSetStatus): string {
  return [
    ...(isThere ? [] : ["not deployed"]),
    ...(isBehindSpec ? ["the spec is newer"] : []),
    ...running.map(({ action, status }) => `${action.toLowerCase()} ${status.toLowerCase()}`),
    ...(unwanted.length > 0 ? [`${unwanted.length} not in the spec`] : []),
  ].join(", ");
}

function paint(state: InstanceState, colors: Colors): string {
  const painters = {
    current: colors.green,
    running: colors.cyan,
    outdated: colors.yellow,
    missing: colors.dim,
    drifted: colors.magenta,
    failed: colors.red,
    suspended: colors.red,
    inoperable: colors.red,
  };
  return painters[state](state);
}

function forMachines(all: readonly StackSetStatus[]): object {
  return {
    ok: all.every(isCurrent),
    stackSets: all.map(({ desired, isThere, isBehindSpec, running, instances, unwanted }) => ({
      stackSet: desired.name,
      stackSetName: desired.stackSetName,
      isThere,
      isBehindSpec,
      running: running.map(({ id, action, status }) => ({ id, action, status })),
      instances: instances.map(({ target, state, reason }) => ({
        ...target,
        state,
        ...(reason && { reason }),
      })),
      unwanted: unwanted.map(({ id, region }) => ({ id, region })),
    })),
  };
}
