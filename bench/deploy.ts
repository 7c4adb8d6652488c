/**
 * Deploying at scale, against stack sets in memory: calls to AWS and memory, for 12 stack sets in up to 500 accounts; and
 * a plan of all of it. Where operations end at once, only what they need is counted; where each stack takes its time, so
 * is what waiting costs.
 * Part of `npm run bench`; it ends with 1 where a bound is missed.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startAws } from "../test/aws/server.ts";
import { loggedIn } from "../test/support/landform.ts";
import { exponent, readProbe, report, writeProbe } from "./report.ts";

const ADMIN = "100000000000";
const STACK_SETS = 12;
const SIZES = [125, 250, 500];
/** Milliseconds for a stack, one after the other, and between two questions how it goes. */
const SLOW = { instance: 4, poll: 50 };
const QUICK = { instance: 0, poll: 200 };

const directory = mkdtempSync(join(tmpdir(), "landform-bench-"));
const probe = writeProbe(directory);

try {
  console.log(`Deploying ${STACK_SETS} stack sets to ${SIZES.join(", ")} accounts, calls to AWS:`);
  const measured: Measured[] = [];
  for (const accounts of SIZES) measured.push(await measure(accounts));
  const row = (name: string, pick: (one: Measured) => number, unit = "") =>
    console.log(`  ${name.padEnd(44)} ${measured.map((one) => pick(one).toFixed(0)).join(", ")}${unit}`);
  row("everything is new", ({ first }) => first);
  row("one stack set changed", ({ one }) => one);
  row(`one changed, ${SLOW.instance} ms a stack, asked every ${SLOW.poll} ms`, ({ slow }) => slow);
  row("all changed", ({ all }) => all);
  row("nothing changed", ({ unchanged }) => unchanged);
  row("peak memory of the deployer, everything new", ({ megabytes }) => megabytes, " MB");
  const planned = await measurePlan(SIZES.at(-1) as number);
  console.log(
    `  plan, everything new, ${SIZES.at(-1)} accounts: ${planned.calls} calls in ${planned.seconds.toFixed(0)} s, ${planned.megabytes.toFixed(0)} MB`,
  );
  const largest = measured.at(-1) as Measured;
  report("exponent of calls, everything new", exponent(measured.map(({ first }) => first)), 1.05);
  report("exponent of calls, all changed", exponent(measured.map(({ all }) => all)), 1.05);
  report("exponent of calls, one changed and waited for", exponent(measured.map(({ slow }) => slow)), 1.1);
  report("calls for one changed over all changed", largest.one / largest.all, 0.25);
  report("calls for each unchanged stack set", largest.perStackSet, 3);
  report("megabytes", largest.megabytes, 250);
  report("megabytes of a plan", planned.megabytes, 250);
} finally {
  rmSync(directory, { recursive: true });
}

interface Measured {
  readonly first: number;
  readonly one: number;
  /** Calls about the one that changed, where each stack takes its time. */
  readonly slow: number;
  readonly all: number;
  readonly unchanged: number;
  /** Calls about each stack set where nothing changed. */
  readonly perStackSet: number;
  readonly megabytes: number;
}

async function measure(accounts: number): Promise<Measured> {
  const aws = await startAws();
  const env = await loggedIn(aws, ADMIN);
  const run = async (speed: typeof SLOW, ...changed: number[]) => {
    aws.setInstanceMilliseconds(speed.instance);
    const before = aws.log.length;
    const megabytes = await deployer(env, ["deploy", speed.poll, accounts, ...changed]);
    const calls = aws.log.slice(before);
    return {
      megabytes,
      calls: calls.length,
      ofStackSets: calls.filter(({ params }) => params.StackSetName).length,
      ofChanged: calls.filter(({ params }) => params.StackSetName === "bench-set-6").length,
    };
  };
  const everything = Array.from({ length: STACK_SETS }, (_, index) => index);
  const first = await run(QUICK);
  const unchanged = await run(QUICK);
  const one = await run(QUICK, 5);
  const slow = await run(SLOW, 5, 6);
  const all = await run(QUICK, ...everything.filter((index) => index !== 5 && index !== 6));
  const stackSets = [...aws.stackSets.values()];
  const current = stackSets
    .flatMap(({ instances }) => [...instances.values()])
    .filter(({ status }) => status === "CURRENT");
  if (current.length !== STACK_SETS * accounts) throw new Error(`only ${current.length} stacks are current`);
  await aws.stop();
  return {
    first: first.calls,
    one: one.calls,
    slow: slow.ofChanged,
    all: all.calls,
    unchanged: unchanged.calls,
    perStackSet: unchanged.ofStackSets / STACK_SETS,
    megabytes: Math.max(first.megabytes, all.megabytes),
  };
}

async function measurePlan(accounts: number) {
  const aws = await startAws();
  const started = performance.now();
  const megabytes = await deployer(await loggedIn(aws, ADMIN), ["plan", QUICK.poll, accounts]);
  const seconds = (performance.now() - started) / 1000;
  await aws.stop();
  return { calls: aws.log.length, seconds, megabytes };
}

/** @returns the peak of its memory, in megabytes */
function deployer(env: Record<string, string>, args: readonly (string | number)[]): Promise<number> {
  const child = spawn(
    process.execPath,
    ["--require", probe, resolve("scripts/run.mjs"), "bench/deployer.ts", ...args.map(String)],
    { env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "ignore", "pipe", "pipe"] },
  );
  let said = "";
  let told = "";
  child.stderr?.on("data", (text) => {
    said += text;
  });
  child.stdio[3]?.on("data", (text) => {
    told += text;
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(readProbe(told).megabytes) : fail(new Error(said))));
  });
}
