/** How the tool ends. */

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

/** The tool is several files, each with a `UsageError` of its own: it is known by its name. */
export const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && error.name === "UsageError";

/** Says in one line what is wrong with the command; @returns the exit code. */
export function fail(message: string, code: number): number {
  process.stderr.write(`landform: ${message}\n`);
  return code;
}
