/** `landform drift`: what was changed behind the back of the stack sets. */
import { inSpec } from "../../compiler/diagnostics.ts";
import { parsePath } from "../../compiler/path.ts";
import { type Drift, type Drifts, detectDrift } from "../../deploy/drift.ts";
import { Interrupted } from "../../deploy/errors.ts";
import type { Happening } from "../../deploy/operation.ts";
import { ExitCode } from "../exit.ts";
import { positionOf } from "../frame.ts";
import type { DriftOptions } from "../options.ts";
import { type Operating, sayInterrupted, untilInterrupted } from "./interruption.ts";
import { nameOf } from "./place-name.ts";
import { showProgress } from "./progress.ts";
import { inSession, type Session } from "./session.ts";
import { checkNames } from "./spec.ts";
import { describeOlder } from "./stale-values.ts";
import { printTable } from "./table.ts";

export function driftCommand(spec: string | undefined, options: DriftOptions): Promise<number> {
  return inSession(spec, options, (session) => run(session, options), {
    check: ({ manifest }) => checkNames(manifest, options),
    changesNothing: true,
  });
}

async function run(session: Session, { only, poll, json }: DriftOptions): Promise<number> {
  const { manifest, aws } = session;
  const interruption = untilInterrupted();
  const stackSets = manifest.stackSets.filter(({ name }) => !only || only.includes(name));
  const running = new Map<string, Operating>();
  const progress = showProgress({ manifest, stackSets, title: `looking for drift in ${manifest.name}` });
  const work = {
    aws,
    manifest,
    inScope: () => true,
    signal: interruption.signal,
    pollEvery: poll * 1000,
    report(happening: Happening) {
      if (happening.kind === "operation") running.set(happening.stackSet, happening);
      progress.report(happening);
    },
  };
  try {
    const found = await detectDrift(work, stackSets, (drifts) => {
      running.delete(drifts.stackSet);
      progress.ended(drifts.stackSet, describe(drifts), !hasDrift(drifts));
    });
    progress.stop();
    print(session, found, json);
    if (found.some(hasDrift)) return ExitCode.Changes;
    // What was not seen, or is not there, is not known to be as it was.
    return found.every(({ blind, isThere }) => isThere && blind.length === 0)
      ? ExitCode.Done
      : ExitCode.WrongSpec;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return sayInterrupted(manifest, "drift", [...running.values()]);
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** What only may be older is told, and is no drift: nothing shows when it has been read again. */
const hasDrift = ({ drifts, stale }: Drifts): boolean =>
  drifts.length > 0 || stale.some(({ isCertain }) => isCertain);

function describe({ isThere, drifts, stale, blind }: Drifts): string {
  if (!isThere) return "not deployed";
  if (blind.length > 0) return "not all seen";
  if (drifts.length > 0) return "drifted";
  if (stale.some(({ isCertain }) => isCertain)) return "goes by older values";
  return stale.length > 0 ? "may go by older values" : "as deployed";
}

function print(session: Session, found: readonly Drifts[], json: boolean | undefined): void {
  const drifts = found.flatMap((one) => one.drifts);
  const stale = found.flatMap((one) => one.stale);
  const blind = found.flatMap(({ stackSet, blind: own }) => own.map((reason) => `${stackSet}: ${reason}`));
  if (json) {
    const described = drifts.map((drift) => ({
      ...drift,
      place: nameOf(session.manifest, drift.place),
      from: lineOf(session, drift),
    }));
    const values = stale.map((value) => ({ ...value, place: nameOf(session.manifest, value.place) }));
    const ok = !found.some(hasDrift) && blind.length === 0;
    process.stdout.write(
      `${JSON.stringify({ ok, drifts: described, stale: values, notSeen: blind }, null, 2)}\n`,
    );
    return;
  }
  if (drifts.length > 0) {
    const rows = drifts.map((drift) => [
      drift.stackSet,
      nameOf(session.manifest, drift.place),
      drift.logicalId ?? "",
      drift.what === "template" ? "the stack was updated directly" : drift.what,
      drift.properties.map(({ path, expected, actual }) => `${path}: ${expected} → ${actual}`).join(", "),
      lineOf(session, drift),
    ]);
    process.stdout.write(printTable(["STACK SET", "WHERE", "RESOURCE", "DRIFT", "PROPERTIES", "SPEC"], rows));
  } else if (stale.length === 0) {
    const isAll = blind.length === 0 && found.every(({ isThere }) => isThere);
    process.stdout.write(`everything${isAll ? "" : " that could be looked at"} is as it was deployed\n`);
  }
  for (const line of describeOlder(session.manifest, stale)) process.stdout.write(`${line}\n`);
  const missing = found.filter(({ isThere }) => !isThere).map(({ stackSet }) => stackSet);
  if (missing.length > 0) process.stdout.write(`not deployed: ${missing.join(", ")}\n`);
  for (const reason of blind) process.stdout.write(`not seen: ${reason}\n`);
}

/** The line of the spec that a drifted resource comes from. */
function lineOf({ manifest, sources }: Session, { stackSet, logicalId }: Drift): string {
  const from = logicalId && manifest.provenance[stackSet]?.[logicalId];
  const path = from ? parsePath(from) : undefined;
  if (!path) return "";
  const { file, line, column } = positionOf(sources, inSpec(path));
  return `${file}:${line}:${column}`;
}
