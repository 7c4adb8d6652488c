/** How the tool ends. */
import { closest, quoteList } from "../compiler/closest.ts";

/** Exit codes; the README lists them. */
export const ExitCode = { Done: 0, WrongSpec: 1, Usage: 2, Bug: 3 } as const;

/** The command can't be carried out as it was given: a file that is not there, a name that names nothing. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Says in one line what is wrong with the command; @returns the exit code. */
export function fail(message: string, code: number): number {
  process.stderr.write(`landform: ${message}\n`);
  return code;
}

/** The error for a name on the command line that names nothing. */
export function unknownName(what: string, name: string, known: readonly string[]): UsageError {
  const near = closest(name, known);
  const list =
    known.length > 0 ? `there ${known.length > 1 ? "are" : "is"} ${quoteList(known)}` : "there are none";
  return new UsageError(`there is no ${what} \`${name}\`: ${near ? `did you mean \`${near}\`?` : list}`);
}
