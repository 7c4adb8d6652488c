/** What we say when the tool itself fails. */
import { ExitCode } from "./exit.ts";

/** Says that it is our bug, and what a report needs; @returns the exit code. */
export function reportBug(error: unknown): number {
  process.stderr.write("landform: this is a bug in landform, not a mistake in your spec.\n");
  process.stderr.write(`Please report it with the spec and these lines:\n${describe(error)}\n`);
  return ExitCode.Bug;
}

/** What was being done, outermost first, and the stack of what went wrong. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? (error.stack ?? error.message)
    : `${error.message}\n${describe(error.cause)}`;
}
