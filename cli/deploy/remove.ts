/** `landform remove`: takes away what is live but not in the spec any more. */
import { createInterface } from "node:readline/promises";
import { closest } from "../../compiler/closest.ts";
import { placeOf } from "../../deploy/difference.ts";
import { explain, Interrupted } from "../../deploy/errors.ts";
import type { Failure } from "../../deploy/failure.ts";
import type { LiveInstance } from "../../deploy/live.ts";
import { accountOf, type Manifest } from "../../deploy/manifest.ts";
import type { Happening } from "../../deploy/operation.ts";
import { findLive, findRemovable, type LiveOwn, type Removable } from "../../deploy/removable.ts";
import { type Removal, remove } from "../../deploy/remove.ts";
import { ExitCode, UsageError } from "../exit.ts";
import type { RemoveOptions } from "../options.ts";
import { printOutcomes } from "../output.ts";
import { unknownName } from "../unknown-name.ts";
import { diagnosticsOf } from "./failures.ts";
import { type Operating, sayInterrupted, untilInterrupted } from "./interruption.ts";
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
  const { manifest, aws } = session;
  if (options.in && !options.retain)
    throw new UsageError("--in goes with --retain; without it, what is not in the spec any more is removed");
  const live = await findLive(aws, manifest);
  const removable = options.retain
    ? lettingGo(manifest, live, names, options)
    : await findRemovable(aws, manifest, live, ...(options.all ? [() => false] : []));
  checkNames(manifest, names, live);
  const found = options.retain ? removable : choose(removable, names);
  const kept = options.retain ? [] : removable.filter((one) => !found.includes(one));
  if (!options.json) {
    printFound(manifest, found, kept);
    printNotFound(manifest, names, removable);
  }
  if (found.length === 0) {
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: true, removed: [] }, null, 2)}\n`);
    return ExitCode.Done;
  }
  refuseReaders(manifest, found);
  if (!(await isConfirmed(manifest, options))) throw new UsageError("nothing was removed");
  return carryOut(session, found, options);
}

/** A name of what is gone already is no mistake: the command may be the second try. A misspelt one is. */
function checkNames({ stackSets }: Manifest, names: readonly string[], live: readonly LiveOwn[]): void {
  const known = [...new Set([...live, ...stackSets].map(({ name }) => name))];
  for (const name of names)
    if (!known.includes(name) && closest(name, known)) throw unknownName("stack set", name, known);
}

/** Everything that holds no data, or what is named, data or not. */
function choose(removable: readonly Removable[], names: readonly string[]): Removable[] {
  return removable.filter(({ name, stateful }) =>
    names.length === 0 ? stateful.size === 0 : names.includes(name),
  );
}

/** `--retain` lets go of stacks, in the spec or not; they stay in their accounts. */
function lettingGo(
  manifest: Manifest,
  live: readonly LiveOwn[],
  names: readonly string[],
  { in: where = [] }: RemoveOptions,
): Removable[] {
  if (names.length === 0 || where.length === 0)
    throw new UsageError("--retain needs the names of stack sets and --in ENVIRONMENT: it lets go of stacks");
  const isMeant = (instance: LiveInstance) =>
    [nameOf(manifest, instance), instance.id, accountOf(manifest, instance.id)?.name].some(
      (name) => name !== undefined && where.includes(name),
    );
  return live
    .filter(({ name }) => names.includes(name))
    .map((own) => ({ ...own, instances: own.instances.filter(isMeant), isWhole: false }))
    .filter(({ instances }) => instances.length > 0)
    .map((own) => ({ ...own, stateful: new Map(), readers: [] }));
}

function printFound(manifest: Manifest, found: readonly Removable[], kept: readonly Removable[]): void {
  const where = ({ instances }: Removable) => instances.map((place) => nameOf(manifest, place)).join(", ");
  if (found.length > 0) {
    const rows = found.map((one) => [
      one.live.stackSetName,
      one.isWhole ? "the whole stack set" : "stacks",
      where(one) || "no stacks",
      one.stateful.size > 0
        ? `stays in the account by its policy, or its final snapshot does: ${[...one.stateful.keys()].join(", ")}`
        : "",
    ]);
    process.stdout.write(printTable(["TO REMOVE", "WHAT", "WHERE", "DATA"], rows));
  } else if (kept.length === 0) process.stdout.write("nothing to remove\n");
  if (kept.length === 0) return;
  const rows = kept.map((one) => [one.live.stackSetName, where(one), [...one.stateful.keys()].join(", ")]);
  process.stdout.write(`${found.length > 0 ? "\n" : ""}${printTable(["LEFT ALONE", "WHERE", "DATA"], rows)}`);
  const names = kept.map(({ name }) => name).join(" ");
  process.stdout.write(`\nThis holds data and is removed when it is named: landform remove ${names}\n`);
}

/** What was named but needs no removal. */
function printNotFound(
  { stackSets }: Manifest,
  names: readonly string[],
  removable: readonly Removable[],
): void {
  for (const name of names) {
    if (removable.some((one) => one.name === name)) continue;
    const why = stackSets.some((stackSet) => stackSet.name === name)
      ? "is in the spec with all its stacks: take it out of the spec first (or --all), or let go of a stack with --in ENVIRONMENT --retain"
      : "is not there";
    process.stdout.write(`\`${name}\` ${why}\n`);
  }
}

/** What others read must not go before they do. */
function refuseReaders(manifest: Manifest, found: readonly Removable[]): void {
  const going = new Map(found.map(({ name, instances }) => [name, new Set(instances.map(placeOf))]));
  for (const { name, instances, readers } of found) {
    for (const reader of readers) {
      const place = instances.find((instance) =>
        [...(reader.places.get(placeOf(instance)) ?? [])].some((own) => !going.get(reader.name)?.has(own)),
      );
      if (place)
        throw new UsageError(
          `\`${reader.name}\` still reads what \`${name}\` publishes in ${nameOf(manifest, place)}: deploy or remove \`${reader.name}\` first`,
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
  } catch {
    // Ctrl-C and Ctrl-D are a no.
    process.stdout.write("\n");
    return false;
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
  const running = new Map<string, Operating>();
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
    report(happening: Happening) {
      if (happening.kind === "operation") running.set(happening.stackSet, happening);
      progress.report(happening);
    },
  };
  const removed: string[] = [];
  const failures: Failure[] = [];
  try {
    for (const one of found) {
      running.clear();
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
    return sayInterrupted(manifest, "remove", [...running.values()]);
  } finally {
    progress.stop();
    interruption.stop();
  }
  const diagnostics = diagnosticsOf(manifest, spec, failures);
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
