/** What we say when the tool itself fails. */
import { ExitCode } from "./exit.ts";

/** Says that it is our bug, and what a report needs; @returns the exit code. */
export function reportBug(error: unknown): number {
  const isSystem = error instanceof Error && "syscall" in error;
  if (isSystem) {
    process.stderr.write(`landform: ${error.message}\n`);
    return ExitCode.Usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`landform: this is a bug in landform, not a mistake in your spec.\n`);
  process.stderr.write(`Please report it with the spec and these lines:\n${stack}\n`);
  return ExitCode.Bug;
}
