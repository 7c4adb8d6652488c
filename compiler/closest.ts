/** Suggestions for names that are not known. */
import { distance } from "fastest-levenshtein";

/** The known name a mistyped one was probably meant to be: at most a third of it differs. */
export function closest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** `a`, `b` and `c`, the first twelve of them. */
export function quoteList(items: readonly (string | number | null)[]): string {
  const quoted = items.slice(0, 12).map((item) => `\`${item}\``);
  if (items.length > 12) return `${quoted.join(", ")} and ${items.length - 12} more`;
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}` : quoted.join("");
}
