/** `landform bootstrap`: the roles and buckets that deploying needs, where the caller can make them. */

import { connectToAny } from "../../deploy/aws.ts";
import {
  type Bootstrapped,
  type BootstrapStep,
  bootstrapSteps,
  cliCall,
  takeStep,
} from "../../deploy/bootstrap.ts";
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
    for (const step of bootstrapSteps(manifest)) {
      const result = await takeStep(aws, manifest, step, role, waiting);
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

function describe({ step, outcome, reason }: Bootstrapped): string {
  const { account, id } = step.target;
  const what =
    "stack" in step
      ? `${step.stack.stackName} in ${account} (${id}) ${step.target.region}`
      : `service-linked role of ${step.service} in ${account} (${id})`;
  return `${what}: ${outcome}${reason ? `: ${reason}` : ""}\n`;
}

function conclude({ directory }: Session, done: readonly Bootstrapped[], json: boolean | undefined): number {
  const missing = done.filter(({ outcome }) => outcome === "unreachable").map(({ step }) => step);
  const isDone = done.every(({ outcome }) => outcome !== "unreachable" && outcome !== "failed");
  if (json) {
    const told = ({ step, outcome, reason }: Bootstrapped) => ({
      ...step.target,
      outcome,
      ...(reason && { reason }),
      ...(outcome === "unreachable" && { call: cliCall(directory, step) }),
    });
    const stacks = done.flatMap((each) =>
      "stack" in each.step ? [{ stackName: each.step.stack.stackName, ...told(each) }] : [],
    );
    const serviceLinkedRoles = done.flatMap((each) =>
      "stack" in each.step ? [] : [{ service: each.step.service, ...told(each) }],
    );
    process.stdout.write(`${JSON.stringify({ ok: isDone, stacks, serviceLinkedRoles }, null, 2)}\n`);
  } else if (missing.length > 0) {
    process.stdout.write(
      `\nWith credentials of each of these accounts, run:\n${callsFor(directory, missing)}`,
    );
  }
  return isDone ? ExitCode.Done : ExitCode.WrongSpec;
}

/** What to run, account by account. */
function callsFor(directory: string, steps: readonly BootstrapStep[]): string {
  const calls = new Map<string, string[]>();
  for (const step of steps) {
    const heading = `# ${step.target.account} (${step.target.id})`;
    calls.set(heading, [...(calls.get(heading) ?? []), cliCall(directory, step)]);
  }
  const text = [...calls].map(([heading, own]) => `\n${[heading, ...own].join("\n")}\n`).join("");
  return steps.every((step) => "stack" in step)
    ? text
    : `${text}\nA service-linked role whose name "has been taken in this account" is there already.\n`;
}
