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

/** `a`, `b` and `c`, the first twelve of them. */
export function quoteList(items: readonly (string | number | null)[]): string {
  const quoted = items.slice(0, 12).map((item) => showName(String(item)));
  if (items.length > 12) return `${quoted.join(", ")} and ${items.length - 12} more`;
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}` : quoted.join("");
}
