/** Names on the command line that name nothing. */
import { closest, quoteList } from "../compiler/closest.ts";
import { UsageError } from "./exit.ts";

/** The error that says so, with the nearest name that there is. */
export function unknownName(what: string, name: string, known: readonly string[]): UsageError {
  const near = closest(name, known);
  const list =
    known.length > 0 ? `there ${known.length > 1 ? "are" : "is"} ${quoteList(known)}` : "there are none";
  return new UsageError(`there is no ${what} \`${name}\`: ${near ? `did you mean \`${near}\`?` : list}`);
}
