/** The one place where what ends a command early is said: in a line for people, and in a document for machines. */
import { CommanderError } from "commander";
import { ExitCode, explainEnd, fail, isStopped } from "./exit.ts";

/**
 * Ends a command that threw something.
 *
 * @param reportBug says what is neither the user's fault nor the system's
 * @returns the exit code
 */
export async function endWith(
  error: unknown,
  reportBug: (error: unknown) => Promise<number>,
): Promise<number> {
  if (error instanceof CommanderError) {
    // It has said so itself.
    if (error.exitCode === 0) return ExitCode.Done;
    tellMachines(error.message.replace(/^error: /, "").replace("\n", " "));
    return ExitCode.Usage;
  }
  const code = isStopped(error) ? ExitCode.Interrupted : ExitCode.Usage;
  const message = isStopped(error) ? error.message : explainEnd(error);
  tellMachines(message ?? "this is a bug in landform, not a mistake in your spec");
  return message === undefined ? reportBug(error) : fail(message, code);
}

/** Whoever asked for JSON gets a document in any case. What is wrong with the command line may be what was asked for. */
function tellMachines(message: string): void {
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ ok: false, message }, null, 2)}\n`);
}
