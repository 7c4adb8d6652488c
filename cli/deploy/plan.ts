/** `landform plan`: what a deploy would do, from what is live. */
import pc from "picocolors";
import { stepsOf } from "../../deploy/difference.ts";
import { Interrupted } from "../../deploy/errors.ts";
import type { Manifest, Target } from "../../deploy/manifest.ts";
import { obstaclesOf } from "../../deploy/obstacles.ts";
import { type MergedChange, type Planned, plan } from "../../deploy/plan.ts";
import { chosenStackSets, isChosen } from "../../deploy/selection.ts";
import { writeFile } from "../disk.ts";
import { ExitCode } from "../exit.ts";
import type { PlanOptions } from "../options.ts";
import { plural, useColor } from "../output.ts";
import { lookForForsaken } from "./forsaken.ts";
import { untilInterrupted } from "./interruption.ts";
import { nameOf } from "./place-name.ts";
import { inSession, type Session } from "./session.ts";
import { checkNames } from "./spec.ts";
import { printTable } from "./table.ts";

/** Milliseconds between two questions about a change set. */
const POLL = 1_000;

export function planCommand(spec: string | undefined, options: PlanOptions): Promise<number> {
  return inSession(spec, options, (session) => run(session, options), {
    check: ({ manifest }) => checkNames(manifest, options),
  });
}

async function run(session: Session, options: PlanOptions): Promise<number> {
  const { manifest, aws } = session;
  const chosen = { environments: options.environment, only: options.only };
  const interruption = untilInterrupted();
  const waiting = { signal: interruption.signal, pollEvery: POLL };
  try {
    const planned = await plan(aws, manifest, chosenStackSets(manifest, chosen), isChosen(chosen), waiting);
    const forsaken = await lookForForsaken(session);
    if (forsaken.blind) process.stderr.write(`${forsaken.blind}\n`);
    const removable = [...forsaken.names, ...planned.flatMap((one) => unwantedOf(manifest, one))];
    const document = documentOf(manifest, planned, removable);
    if (options.save !== undefined) writeFile(options.save, document);
    if (options.json) process.stdout.write(document);
    else printPlan(manifest, planned, removable);
    if (planned.some(({ changes }) => changes.some(({ isAtRisk }) => isAtRisk))) return ExitCode.DataAtRisk;
    if (planned.some(({ difference }) => obstaclesOf(difference).length > 0)) return ExitCode.WrongSpec;
    return planned.some(hasChanges) ? ExitCode.Changes : ExitCode.Done;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write("landform: stopped; nothing was changed\n");
    return ExitCode.Interrupted;
  } finally {
    interruption.stop();
  }
}

const hasChanges = ({ difference }: Pick<Planned, "difference">): boolean => stepsOf(difference).length > 0;

const unwantedOf = (manifest: Manifest, { difference }: Planned): string[] =>
  difference.unwanted.map((place) => `${difference.desired.name} in ${nameOf(manifest, place)}`);

const namesOf = (manifest: Manifest, targets: readonly Target[]): string =>
  targets.map((target) => nameOf(manifest, target)).join(", ");

function printPlan(manifest: Manifest, planned: readonly Planned[], removable: readonly string[]): void {
  const out = (text: string) => process.stdout.write(text);
  out(
    printTable(
      ["STACK SET", "ACTION", "WHERE"],
      planned.flatMap((one) => rowsOf(manifest, one)),
    ),
  );
  const changes = planned.flatMap(({ difference, changes: own }) =>
    own.map((change) => ({ stackSet: difference.desired.name, change })),
  );
  if (changes.length > 0) out(`\n${printChanges(manifest, changes)}`);
  for (const { message, help } of planned.flatMap(({ difference }) => obstaclesOf(difference)))
    out(`\n${message}\n  help: ${help}\n`);
  const blind = planned.flatMap(({ difference, previews }) =>
    previews.flatMap(({ target, blind: reason }) =>
      reason
        ? [`${difference.desired.name} in ${nameOf(manifest, target)} can't be previewed: ${reason}\n`]
        : [],
    ),
  );
  if (blind.length > 0) out(`\n${blind.join("")}`);
  if (removable.length > 0)
    out(
      `\nlive, but not in the spec any more, and left alone: ${removable.join(", ")} (\`landform remove\`)\n`,
    );
  out(`\n${summaryOf(planned)}\n`);
}

/** A column tells of outages only where there is one to tell of. */
function printChanges(
  manifest: Manifest,
  changes: readonly { readonly stackSet: string; readonly change: MergedChange }[],
): string {
  const { red } = pc.createColors(useColor(process.stdout));
  const hasOutages = changes.some(({ change }) => change.outage);
  const outageIn = ({ outage }: MergedChange) =>
    outage ? red({ certain: "OUTAGE", possible: "MAYBE" }[outage]) : "";
  const rows = changes.map(({ stackSet, change }) => [
    stackSet,
    change.action,
    change.logicalId,
    change.type,
    replacementOf(change),
    change.isAtRisk ? red("AT RISK") : change.isStateful ? "data" : "",
    ...(hasOutages ? [outageIn(change)] : []),
    namesOf(manifest, change.targets),
  ]);
  const head = ["STACK SET", "ACTION", "RESOURCE", "TYPE", "REPLACEMENT", "DATA"];
  return printTable([...head, ...(hasOutages ? ["OUTAGE"] : []), "WHERE"], rows);
}

function replacementOf({ replacement }: MergedChange): string {
  return { True: "yes", Conditional: "maybe", False: "no", "": "" }[replacement];
}

/** A line for what happens to the stack set, and one for each thing that happens to its stacks. */
function rowsOf(manifest: Manifest, { difference, running, previews, readers }: Planned): string[][] {
  const { desired, change, instances } = difference;
  const own = {
    create: "create",
    template: "new template",
    settings: "new settings",
    none: "",
  }[hasChanges({ difference }) ? change : "none"];
  // Mappings may be new, and nothing made of them.
  const isIdle =
    previews.length > 0 && previews.every(({ changes, blind }) => !blind && changes.length === 0);
  const kinds = [
    ["add", "add"],
    ["update", isIdle ? "update, no resource changes" : "update"],
    ["outdated", "left outdated"],
    ["absent", "left without"],
    ["inoperable", "INOPERABLE"],
    ["none", "leave"],
  ] as const;
  const row = (text: string, targets: readonly Target[]) =>
    targets.length > 0 ? [[text, namesOf(manifest, targets)]] : [];
  const rows = kinds.flatMap(([kind, text]) => {
    const targets = instances.filter((instance) => instance.change.kind === kind).map(({ target }) => target);
    return row(
      text,
      targets.filter((target) => !readers.includes(target)),
    );
  });
  rows.push(...row("leave, or refresh where it reads another value then", readers));
  const busy = running.length > 0 ? [["waits for", running.map(({ id }) => id).join(", ")]] : [];
  return [...(own ? [[own, ""]] : []), ...busy, ...rows].map((row, index) => [
    index === 0 ? desired.name : "",
    ...row,
  ]);
}

function summaryOf(planned: readonly Planned[]): string {
  const count = (kind: string) =>
    planned.reduce(
      (sum, { difference }) => sum + difference.instances.filter(({ change }) => change.kind === kind).length,
      0,
    );
  const changes = planned.flatMap((one) => one.changes);
  const warn = (what: string, concerns: (change: MergedChange) => boolean) => {
    const concerned = changes.filter(concerns).length;
    return concerned > 0 ? [`${what} ${plural(concerned, "resource")}`] : [];
  };
  if (!planned.some(hasChanges)) return "nothing to do";
  return [
    `${plural(count("add"), "stack")} to add, ${count("update")} to update, ${count("none")} to leave`,
    ...warn("DATA AT RISK in", ({ isAtRisk }) => isAtRisk),
    ...warn("OUTAGE by", ({ outage }) => outage === "certain"),
    ...warn("maybe an OUTAGE by", ({ outage }) => outage === "possible"),
  ].join("; ");
}

/** The plan for machines. */
function documentOf(manifest: Manifest, planned: readonly Planned[], removable: readonly string[]): string {
  const stackSets = planned.map(({ difference, changes, previews, running, readers }) => ({
    stackSet: difference.desired.name,
    stackSetName: difference.desired.stackSetName,
    change: difference.change,
    running: running.map(({ id }) => id),
    instances: difference.instances.map(({ target, change }) => ({ ...target, ...change })),
    mayRefresh: readers.map((target) => nameOf(manifest, target)),
    obstacles: obstaclesOf(difference).map(({ message }) => message),
    changes: changes.map(({ targets, ...change }) => ({
      ...change,
      in: targets.map((target) => nameOf(manifest, target)),
    })),
    notPreviewed: previews.flatMap(({ target, blind }) =>
      blind ? [{ in: nameOf(manifest, target), reason: blind }] : [],
    ),
  }));
  const changes = planned.flatMap((one) => one.changes);
  const document = {
    changes: planned.some(hasChanges),
    dataAtRisk: changes.some(({ isAtRisk }) => isAtRisk),
    outage: changes.some(({ outage }) => outage),
    stackSets,
    removable,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
