/** `landform remove`: takes away what is live but not in the spec any more. */
import { createInterface } from "node:readline/promises";
import { closest } from "../../compiler/closest.ts";
import { placeOf } from "../../deploy/difference.ts";
import { explain, Interrupted } from "../../deploy/errors.ts";
import type { Failure } from "../../deploy/failure.ts";
import { describeStackSet, listInstances } from "../../deploy/live.ts";
import type { Manifest } from "../../deploy/manifest.ts";
import { findRemovable, type Removable } from "../../deploy/removable.ts";
import { type Removal, remove } from "../../deploy/remove.ts";
import { ExitCode, fail, UsageError } from "../exit.ts";
import type { RemoveOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";
import { unknownName } from "../unknown-name.ts";
import { diagnosticsOf } from "./failures.ts";
import { untilInterrupted } from "./interruption.ts";
import { nameOf } from "./place-name.ts";
import { showProgress } from "./progress.ts";
import { inSession, type Session } from "./session.ts";
import { printTable } from "./table.ts";

export function removeCommand(
  names: readonly string[],
  options: RemoveOptions & { readonly spec?: string },
): Promise<number> {
  return inSession(options.spec, options, (session) => run(session, names, options));
}

async function run(session: Session, names: readonly string[], options: RemoveOptions): Promise<number> {
  const { manifest } = session;
  const live = await findRemovable(session.aws, manifest);
  const found = options.retain
    ? await lettingGo(session, names, options)
    : choose(manifest, live, names, options.in ?? []);
  const kept = options.retain
    ? []
    : live.filter(({ name, stateful }) => stateful.size > 0 && !names.includes(name));
  if (!options.json) {
    printFound(manifest, found, kept);
    printNotFound(manifest, names, found);
  }
  if (found.length === 0) {
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: true, removed: [] }, null, 2)}\n`);
    return ExitCode.Done;
  }
  refuseReaders(manifest, found);
  if (!(await isConfirmed(manifest, options))) return fail("nothing was removed", ExitCode.Usage);
  return carryOut(session, found, options);
}

/** What was asked for: everything that holds no data, or what is named, data or not. */
function choose(
  manifest: Manifest,
  live: readonly Removable[],
  names: readonly string[],
  environments: readonly string[],
): Removable[] {
  const wanted = manifest.stackSets.map((stackSet) => stackSet.name);
  const known = [...live.map(({ name }) => name), ...wanted];
  for (const name of names) {
    // A name of what is gone already is no mistake: the command may be the second try.
    if (!known.includes(name) && closest(name, known)) throw unknownName("stack set to remove", name, known);
  }
  if (environments.length > 0)
    throw new UsageError("--in goes with --retain; without it, what is not in the spec any more is removed");
  return live.filter(({ name, stateful }) =>
    names.length === 0 ? stateful.size === 0 : names.includes(name),
  );
}

/** `--retain` lets go of named stacks, in the spec or not; they stay in their accounts. */
async function lettingGo(
  { manifest, aws }: Session,
  names: readonly string[],
  { in: environments = [] }: RemoveOptions,
): Promise<Removable[]> {
  if (names.length === 0 || environments.length === 0)
    throw new UsageError("--retain needs the names of stack sets and --in ENVIRONMENT: it lets go of stacks");
  return Promise.all(
    names.map(async (name): Promise<Removable> => {
      const desired = manifest.stackSets.find((stackSet) => stackSet.name === name);
      if (!desired)
        throw unknownName(
          "stack set",
          name,
          manifest.stackSets.map((stackSet) => stackSet.name),
        );
      const own = desired.targets.filter(({ environment }) => environments.includes(environment));
      if (own.length === 0)
        throw unknownName(
          "environment",
          environments[0] ?? "",
          desired.targets.map(({ environment }) => environment),
        );
      const live = await describeStackSet(aws.home, desired.stackSetName);
      if (!live) throw new UsageError(`the stack set ${desired.stackSetName} is not there`);
      const places = new Set(own.map(placeOf));
      const instances = (await listInstances(aws.home, desired.stackSetName)).filter((instance) =>
        places.has(placeOf(instance)),
      );
      return { name, live, isWhole: false, instances, stateful: new Map(), readers: [] };
    }),
  );
}

function printFound(manifest: Manifest, found: readonly Removable[], kept: readonly Removable[]): void {
  const where = ({ instances }: Removable) => instances.map((place) => nameOf(manifest, place)).join(", ");
  if (found.length > 0) {
    const rows = found.map((one) => [
      one.live.stackSetName,
      one.isWhole ? "the whole stack set" : "stacks",
      where(one) || "no stacks",
      one.stateful.size > 0
        ? `stays in the account by its policy: ${[...one.stateful.keys()].join(", ")}`
        : "",
    ]);
    process.stdout.write(printTable(["TO REMOVE", "WHAT", "WHERE", "DATA"], rows));
  } else process.stdout.write("nothing to remove\n");
  if (kept.length === 0) return;
  process.stdout.write("\nThese hold data and are left alone unless named:\n");
  for (const one of kept)
    process.stdout.write(
      `  landform remove ${one.name}   # ${one.live.stackSetName} in ${where(one) || "no account"}: ${[...one.stateful.keys()].join(", ")}\n`,
    );
}

/** What was named but needs no removal. */
function printNotFound({ stackSets }: Manifest, names: readonly string[], found: readonly Removable[]): void {
  for (const name of names) {
    if (found.some((removable) => removable.name === name)) continue;
    const why = stackSets.some((stackSet) => stackSet.name === name)
      ? "is in the spec with all its stacks: take it out of the spec first, or let go of a stack with --in ENVIRONMENT --retain"
      : "is not there";
    process.stdout.write(`\`${name}\` ${why}\n`);
  }
}

/** What others read must not go before they do. */
function refuseReaders(manifest: Manifest, found: readonly Removable[]): void {
  const going = new Map(found.map(({ name, instances }) => [name, new Set(instances.map(placeOf))]));
  for (const { name, instances, readers } of found) {
    for (const reader of readers) {
      const place = instances.find(
        (instance) => reader.places.has(placeOf(instance)) && !going.get(reader.name)?.has(placeOf(instance)),
      );
      if (place)
        throw new UsageError(
          `\`${reader.name}\` in ${nameOf(manifest, place)} still reads what \`${name}\` publishes there: deploy or remove \`${reader.name}\` first`,
        );
    }
  }
}

async function isConfirmed({ name }: Manifest, { yes }: RemoveOptions): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError("outside a terminal, `landform remove` needs --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(`\nType ${name} to remove this: `)).trim() === name;
  } finally {
    terminal.close();
  }
}

async function carryOut(
  session: Session,
  found: readonly Removable[],
  options: RemoveOptions,
): Promise<number> {
  const { manifest, aws, spec, sources } = session;
  const interruption = untilInterrupted();
  const progress = showProgress({
    manifest,
    stackSets: found.map(({ name }) => ({ name, dependsOn: [] })),
    title: `removing from ${manifest.name}`,
  });
  const work = {
    aws,
    manifest,
    inScope: () => true,
    signal: interruption.signal,
    pollEvery: options.poll * 1000,
    report: progress.report,
  };
  const removed: string[] = [];
  const failures: Failure[] = [];
  try {
    for (const one of found) {
      const removal: Removal = { ...one, retainStacks: options.retain === true };
      failures.push(...(await removeOne(work, removal)));
      progress.ended(one.name, failures.length > 0 ? "failed" : "removed", failures.length === 0);
      // What it reads is still needed.
      if (failures.length > 0) break;
      removed.push(one.live.stackSetName);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.stop();
    process.stderr.write(
      "landform: stopped waiting; what runs in AWS goes on, `landform remove` goes on from here\n",
    );
    return ExitCode.Interrupted;
  } finally {
    progress.stop();
    interruption.stop();
  }
  const diagnostics = diagnosticsOf(manifest, failures);
  const summary = `${removed.length} removed`;
  return printOutcomes([{ spec, sources, diagnostics, summary, details: { removed } }], options.json)
    ? ExitCode.Done
    : ExitCode.WrongSpec;
}

async function removeOne(work: Parameters<typeof remove>[0], removal: Removal): Promise<Failure[]> {
  try {
    return await remove(work, removal);
  } catch (error) {
    const message = explain(error);
    if (message === undefined) throw error;
    return [{ stackSet: removal.name, message, help: "`landform remove` goes on from there" }];
  }
}
