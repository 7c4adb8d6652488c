/** Ctrl-C: waiting ends, what runs in AWS goes on. */
import { setMaxListeners } from "node:events";
import type { Manifest } from "../../deploy/manifest.ts";
import type { Happening } from "../../deploy/operation.ts";
import { ExitCode } from "../exit.ts";

/** An operation that somebody waits for. */
export type Operating = Extract<Happening, { kind: "operation" }>;

/** A signal that is raised by Ctrl-C or by whoever asks the process to end. The second time it ends at once. */
export function untilInterrupted(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  // Each operation that is waited for listens; Node takes more than ten for a leak, and warns.
  setMaxListeners(0, controller.signal);
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(ExitCode.Interrupted);
    process.stderr.write(
      "\nlandform: stopping; a call that is on its way is waited for (Ctrl-C again ends at once)\n",
    );
    controller.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    },
  };
}

/**
 * Says what runs on, and how to go on.
 *
 * @param command what was interrupted
 * @returns the exit code
 */
export function sayInterrupted(
  { name, home }: Manifest,
  command: string,
  running: readonly Operating[],
): number {
  const lines = running.flatMap(({ stackSet, operation }) => [
    `  ${name}-${stackSet}: ${operation.id} (${operation.status})`,
    `    to stop it: aws cloudformation stop-stack-set-operation --region ${home} --stack-set-name ${name}-${stackSet} --operation-id ${operation.id}`,
  ]);
  const head =
    running.length > 0 ? "stopped waiting; this goes on in AWS:" : "stopped; nothing of it is running in AWS";
  const further = `\`landform ${command}\` goes on from here; \`landform status\` shows where it is`;
  process.stderr.write(`${[`landform: ${head}`, ...lines, further].join("\n")}\n`);
  return ExitCode.Interrupted;
}
