/** `landform deploy`: makes AWS what the spec says. */

import { type Deployed, deploy, isGood } from "../../deploy/deploy.ts";
import { placeOf } from "../../deploy/difference.ts";
import { unlookedReaders } from "../../deploy/readers.ts";
import { chosenStackSets, isChosen, isNamed } from "../../deploy/selection.ts";
import { ExitCode } from "../exit.ts";
import type { DeployCommandOptions } from "../options.ts";
import { plural, printOutcomes } from "../output.ts";
import { diagnosticsOf } from "./failures.ts";
import { type Forsaken, lookForForsaken } from "./forsaken.ts";
import { type Operating, sayInterrupted, untilInterrupted } from "./interruption.ts";
import { nameOf } from "./place-name.ts";
import { showProgress } from "./progress.ts";
import { inSession, type Session } from "./session.ts";
import { checkNames } from "./spec.ts";
import { describeNotLookedAt, describeNotSeen, describeStale, notSeenIn, readAgain } from "./stale-values.ts";

const ENDINGS: Record<Deployed["outcome"], string> = {
  unchanged: "unchanged",
  deployed: "deployed",
  refreshed: "refreshed",
  failed: "failed",
  interrupted: "not waited for",
  "not-started": "not started",
};

export function deployCommand(spec: string | undefined, options: DeployCommandOptions): Promise<number> {
  return inSession(spec, options, (session) => run(session, options), {
    check: ({ manifest }) => checkNames(manifest, options),
  });
}

async function run(session: Session, options: DeployCommandOptions): Promise<number> {
  const { manifest, aws } = session;
  const chosen = { environments: options.environment, only: options.only };
  const stackSets = chosenStackSets(manifest, chosen);
  const interruption = untilInterrupted();
  const where = options.environment?.length ? ` to ${options.environment.join(", ")}` : "";
  const progress = showProgress({
    manifest,
    stackSets,
    title: `deploying ${manifest.name}${where}`,
    inWaves: true,
  });
  const running = new Map<string, Operating>();
  const begun = new Map<string, Operating[]>();
  try {
    const results = await deploy(
      {
        aws,
        manifest,
        artifact: session.artifact,
        inScope: isChosen(chosen),
        isRefreshed: (stackSet) => options.refresh === true && isNamed(chosen)(stackSet),
        signal: interruption.signal,
        pollEvery: options.poll * 1000,
        report(happening) {
          if (happening.kind === "operation") {
            const { stackSet } = happening;
            running.set(stackSet, happening);
            begun.set(stackSet, [...(begun.get(stackSet) ?? []), happening]);
          }
          progress.report(happening);
        },
      },
      stackSets,
      (result) => {
        const { stackSet, outcome } = result;
        if (outcome !== "interrupted") running.delete(stackSet);
        progress.ended(stackSet, ENDINGS[outcome], isGood(result));
      },
    );
    progress.stop();
    const unlooked = unlookedReaders(manifest, withBegun(results, begun), isChosen(chosen));
    const code = conclude(session, results, unlooked, await lookForForsaken(session), options);
    const isThrough = results.every(({ outcome }) => outcome !== "interrupted" && outcome !== "not-started");
    if (!interruption.signal.aborted || isThrough) return code;
    return sayInterrupted(manifest, "deploy", [...running.values()]);
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** Where waiting has ended, by Ctrl-C or by an error, what was begun goes on and touches what it is about. */
function withBegun(
  results: readonly Deployed[],
  begun: ReadonlyMap<string, readonly Operating[]>,
): Deployed[] {
  return results.map((result) => {
    const updates = (begun.get(result.stackSet) ?? []).filter(
      ({ operation }) => operation.action === "UPDATE",
    );
    if (result.touched !== undefined || updates.length === 0) return result;
    const places = updates.flatMap(({ results: seen, batch }) => [
      ...seen.map(placeOf),
      ...(batch?.accounts ?? []).flatMap((id) =>
        (batch?.regions ?? []).map((region) => placeOf({ id, region })),
      ),
    ]);
    return { ...result, touched: new Map(places.map((place) => [place, "UPDATE"])) };
  });
}

function conclude(
  { spec, sources, manifest }: Session,
  results: readonly Deployed[],
  unlooked: ReturnType<typeof unlookedReaders>,
  forsaken: Forsaken,
  { json }: DeployCommandOptions,
): number {
  const failures = results.flatMap((result) => result.failures);
  const diagnostics = diagnosticsOf(manifest, spec, failures);
  const namesOf = (outcome: Deployed["outcome"]) =>
    results.filter((result) => result.outcome === outcome).map(({ stackSet }) => stackSet);
  const behind = outdated(manifest, results);
  const removable = [...forsaken.names, ...unwanted(manifest, results)];
  const notStarted = namesOf("not-started");
  const refreshed = namesOf("refreshed");
  const summary = [
    [
      `${plural(namesOf("deployed").length, "stack set")} deployed`,
      ...(refreshed.length > 0 ? [`${refreshed.length} refreshed`] : []),
      `${namesOf("unchanged").length} unchanged`,
    ].join(", "),
    ...(behind.length > 0 ? [`outdated: ${behind.join(", ")}`] : []),
  ].join("; ");
  const again = readAgain(manifest, results);
  const notSeen = notSeenIn(manifest, results);
  const details = {
    stackSets: Object.fromEntries(results.map(({ stackSet, outcome }) => [stackSet, outcome])),
    outdated: behind,
    readAgain: again,
    notSeen,
    notLookedAt: unlooked.map(({ stackSet, target }) => ({ stackSet, in: nameOf(manifest, target) })),
    notStarted,
    removable,
  };
  printOutcomes([{ spec, sources, diagnostics, summary, details }], json);
  if (!json) {
    if (failures.length > 0 && notStarted.length > 0)
      process.stderr.write(`not started, since what they depend on failed: ${notStarted.join(", ")}\n`);
    for (const { stackSet, in: where, stale } of again)
      process.stdout.write(`read again: ${stackSet} in ${where}, since ${describeStale(stale)}\n`);
    for (const line of [...describeNotSeen(notSeen), ...describeNotLookedAt(details.notLookedAt)])
      process.stderr.write(`${line}\n`);
    if (removable.length > 0)
      process.stdout.write(
        `live, but not in the spec any more: ${removable.join(", ")} (\`landform remove\`)\n`,
      );
    if (forsaken.blind) process.stderr.write(`${forsaken.blind}\n`);
  }
  return failures.length > 0 ? ExitCode.WrongSpec : ExitCode.Done;
}

/** The stacks that stay behind because they were not asked for, as `network in prod`. */
function outdated(manifest: Session["manifest"], results: readonly Deployed[]): string[] {
  return results.flatMap(({ stackSet, difference }) =>
    (difference?.instances ?? [])
      .filter(({ change }) => change.kind === "outdated")
      .map(({ target }) => `${stackSet} in ${nameOf(manifest, target)}`),
  );
}

/** The stacks that the spec does not have any more, in stack sets that it has. */
function unwanted(manifest: Session["manifest"], results: readonly Deployed[]): string[] {
  return results.flatMap(({ stackSet, difference }) =>
    (difference?.unwanted ?? []).map((place) => `${stackSet} in ${nameOf(manifest, place)}`),
  );
}
