/** Suggestions for names that are not known. */
import { distance } from "fastest-levenshtein";
import { showName } from "./wording.ts";

/**
 * The known name a mistyped one was probably meant to be: at most a third of it differs, or it is a beginning of the
 * known one, as `org` is of `organization`.
 */
export function closest(name: string, known: readonly string[]): string | undefined {
  const meant = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editsBetween(meant, candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return (
    best ??
    (meant.length > 2 ? known.find((candidate) => candidate.toLowerCase().startsWith(meant)) : undefined)
  );
}

/** How many letters differ; two that changed places count once. */
function editsBetween(a: string, b: string): number {
  const edits = distance(a, b);
  const isSwap = edits === 2 && a.length === b.length && [...a].sort().join("") === [...b].sort().join("");
  return isSwap ? 1 : edits;
}

/** A list in a message stays on its line. */
const MOST_ITEMS = 12;
const MOST_CHARACTERS = 250;

/** `a`, `b` and `c`; the first of them where there are many, or long ones. */
export function quoteList(items: readonly (string | number | null)[]): string {
  const quoted: string[] = [];
  let characters = 0;
  for (const item of items.slice(0, MOST_ITEMS)) {
    const name = showName(String(item));
    characters += name.length + 2;
    if (quoted.length > 0 && characters > MOST_CHARACTERS) break;
    quoted.push(name);
  }
  const more = items.length - quoted.length;
  if (more > 0) return `${quoted.join(", ")} and ${more} more`;
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}` : quoted.join("");
}
