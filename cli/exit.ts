/** How the tool ends. */
import { describeSystemError, isSystemError } from "./system-error.ts";

/** Exit codes; the README lists them. */
export const ExitCode = {
  Done: 0,
  /** The spec is wrong, something is out of date, or a deployment failed. */
  WrongSpec: 1,
  /** The command can't be carried out: wrong, or files or AWS are out of reach. */
  Usage: 2,
  Bug: 3,
  /** Something would change, or has drifted. */
  Changes: 4,
  /** Something that holds data would be replaced or removed. */
  DataAtRisk: 5,
  /** Ended by Ctrl-C, as shells count it. */
  Interrupted: 130,
} as const;

/** The command can't be carried out as it was given: a file that is not there, a name that names nothing. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Somebody asked for the end, by Ctrl-C or otherwise, and nothing is half done. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** The tool is several files, each with classes of its own: an error of ours is known by its name. */
export const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && error.name === "UsageError";
export const isStopped = (error: unknown): error is Stopped =>
  error instanceof Error && error.name === "Stopped";

/**
 * What can't be carried out, in one line: a command that is wrong, or files out of reach.
 *
 * @returns undefined for what is none of these, and so a bug of ours
 */
export function explainEnd(error: unknown): string | undefined {
  if (isUsageError(error)) return error.message;
  return isSystemError(error) ? describeSystemError(error) : undefined;
}

/** Says in one line what is wrong with the command; @returns the exit code. */
export function fail(message: string, code: number): number {
  process.stderr.write(`landform: ${message}\n`);
  return code;
}
