/** `landform deploy`: makes AWS what the spec says. */

import { isError } from "../../compiler/diagnostics.ts";
import type { Happening } from "../../deploy/apply.ts";
import { type Deployed, deploy } from "../../deploy/deploy.ts";
import type { LiveStackSet } from "../../deploy/live.ts";
import { forsakenStackSets } from "../../deploy/removable.ts";
import { chosenStackSets, isChosen } from "../../deploy/selection.ts";
import { ExitCode } from "../exit.ts";
import type { DeployCommandOptions } from "../options.ts";
import { plural, printOutcomes } from "../output.ts";
import { diagnosticsOf } from "./failures.ts";
import { untilInterrupted } from "./interruption.ts";
import { nameOf } from "./place-name.ts";
import { showProgress } from "./progress.ts";
import { inSession, type Session } from "./session.ts";
import { checkNames } from "./spec.ts";

const ENDINGS: Record<Deployed["outcome"], string> = {
  unchanged: "unchanged",
  deployed: "deployed",
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
  const running = new Map<string, Happening & { kind: "operation" }>();
  try {
    const results = await deploy(
      {
        aws,
        manifest,
        inScope: isChosen(chosen),
        signal: interruption.signal,
        pollEvery: options.poll * 1000,
        report(happening) {
          if (happening.kind === "operation") running.set(happening.stackSet, happening);
          progress.report(happening);
        },
      },
      stackSets,
      ({ stackSet, outcome }) => {
        if (outcome !== "interrupted") running.delete(stackSet);
        progress.ended(stackSet, ENDINGS[outcome], outcome === "unchanged" || outcome === "deployed");
      },
    );
    progress.stop();
    if (interruption.signal.aborted) return sayInterrupted(session, [...running.values()]);
    return conclude(session, results, await forsakenStackSets(aws, manifest), options);
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** What runs on, and how to go on. */
function sayInterrupted(
  { manifest }: Session,
  running: readonly (Happening & { kind: "operation" })[],
): number {
  const lines = running.map(({ stackSet, operation }) => {
    const { stackSetName = "" } = manifest.stackSets.find(({ name }) => name === stackSet) ?? {};
    return [
      `  ${stackSetName}: ${operation.id} (${operation.status})`,
      `    to stop it: aws cloudformation stop-stack-set-operation --region ${manifest.home} --stack-set-name ${stackSetName} --operation-id ${operation.id}`,
    ];
  });
  const head =
    running.length > 0 ? "stopped waiting; this goes on in AWS:" : "stopped; nothing is running in AWS";
  process.stderr.write(
    `\nlandform: ${head}\n${lines
      .flat()
      .map((line) => `${line}\n`)
      .join("")}\`landform deploy\` goes on from here; \`landform status\` shows where it is\n`,
  );
  return ExitCode.Interrupted;
}

function conclude(
  { spec, sources, manifest }: Session,
  results: readonly Deployed[],
  forsaken: readonly LiveStackSet[],
  { json }: DeployCommandOptions,
): number {
  const diagnostics = diagnosticsOf(
    manifest,
    results.flatMap(({ failures }) => failures),
  );
  const count = (outcome: Deployed["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  const behind = outdated(manifest, results);
  const removable = [
    ...forsaken.map(({ stackSetName }) => stackSetName),
    ...results.flatMap(({ stackSet, difference }) =>
      (difference?.unwanted ?? []).map((place) => `${stackSet} in ${nameOf(manifest, place)}`),
    ),
  ];
  const notStarted = results
    .filter(({ outcome }) => outcome === "not-started")
    .map(({ stackSet }) => stackSet);
  const summary = [
    `${plural(count("deployed"), "stack set")} deployed, ${count("unchanged")} unchanged`,
    ...(behind.length > 0 ? [`outdated: ${behind.join(", ")}`] : []),
  ].join("; ");
  const isFailed = diagnostics.some(isError) || notStarted.length > 0;
  printOutcomes(
    [
      {
        spec,
        sources,
        diagnostics,
        summary,
        details: {
          stackSets: Object.fromEntries(results.map(({ stackSet, outcome }) => [stackSet, outcome])),
          outdated: behind,
          notStarted,
          removable,
        },
      },
    ],
    json,
  );
  if (json) return isFailed ? ExitCode.WrongSpec : ExitCode.Done;
  if (notStarted.length > 0)
    process.stderr.write(`not started, since what they depend on failed: ${notStarted.join(", ")}\n`);
  if (removable.length > 0)
    process.stdout.write(
      `live, but not in the spec any more: ${removable.join(", ")}; \`landform remove\` takes it down\n`,
    );
  return isFailed ? ExitCode.WrongSpec : ExitCode.Done;
}

/** The stacks that stay behind because they were not asked for, as `network in prod`. */
function outdated(manifest: Session["manifest"], results: readonly Deployed[]): string[] {
  return results.flatMap(({ stackSet, difference }) =>
    (difference?.instances ?? [])
      .filter(({ change }) => change.kind === "outdated")
      .map(({ target }) => `${stackSet} in ${nameOf(manifest, target)}`),
  );
}
