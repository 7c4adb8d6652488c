/** `landform bootstrap`: the roles and buckets that deploying needs, where the caller can make them. */

import { connectToAny } from "../../deploy/aws.ts";
import { type Bootstrapped, bootstrapStack, bootstrapSteps, cliCall } from "../../deploy/bootstrap.ts";
import { Interrupted } from "../../deploy/errors.ts";
import { ExitCode } from "../exit.ts";
import type { BootstrapOptions } from "../options.ts";
import { untilInterrupted } from "./interruption.ts";
import { inSession, type Session } from "./session.ts";

export function bootstrapCommand(spec: string | undefined, options: BootstrapOptions): Promise<number> {
  return inSession(spec, options, (session) => run(session, options), {
    // Whoever can reach the other accounts need not be in the one that administers.
    connect: connectToAny,
  });
}

async function run(session: Session, { role, poll, json }: BootstrapOptions): Promise<number> {
  const { manifest, aws } = session;
  const interruption = untilInterrupted();
  const waiting = { signal: interruption.signal, pollEvery: poll * 1000 };
  const done: Bootstrapped[] = [];
  try {
    // One after the other: a role must be there before another can trust it.
    for (const { stack, target } of bootstrapSteps(manifest)) {
      const result = await bootstrapStack(aws, stack, target, role, waiting);
      done.push(result);
      if (!json) process.stdout.write(describe(result));
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write(
      "landform: stopped waiting; the stack is made all the same, run `landform bootstrap` again\n",
    );
    return ExitCode.Interrupted;
  } finally {
    interruption.stop();
  }
  return conclude(session, done, json);
}

function describe({ stack, target, outcome, reason }: Bootstrapped): string {
  return `${stack.stackName} in ${target.account} (${target.id}) ${target.region}: ${outcome}${reason ? `: ${reason}` : ""}\n`;
}

function conclude({ directory }: Session, done: readonly Bootstrapped[], json: boolean | undefined): number {
  const missing = done.filter(({ outcome }) => outcome === "unreachable");
  const isDone = done.every(({ outcome }) => outcome !== "unreachable" && outcome !== "failed");
  if (json) {
    const stacks = done.map(({ stack, target, outcome, reason }) => ({
      stackName: stack.stackName,
      ...target,
      outcome,
      ...(reason && { reason }),
      ...(outcome === "unreachable" && { call: cliCall(directory, stack, target) }),
    }));
    process.stdout.write(`${JSON.stringify({ ok: isDone, stacks }, null, 2)}\n`);
  } else if (missing.length > 0) {
    process.stdout.write("\nWith credentials of each of these accounts, run:\n");
    for (const { stack, target } of missing)
      process.stdout.write(`\n# ${target.account} (${target.id})\n${cliCall(directory, stack, target)}\n`);
  }
  return isDone ? ExitCode.Done : ExitCode.WrongSpec;
}
