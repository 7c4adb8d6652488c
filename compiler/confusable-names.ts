/** Names that are different to people and the same in logical IDs. */
import type { Place, Report } from "./diagnostics.ts";

/** A name, and where it stands. */
export interface NamePlace {
  readonly name: string;
  readonly at: Place;
}

/**
 * Reports names that differ only in signs that logical IDs can't have.
 *
 * @param signs what such names may have besides letters and digits
 */
export function reportConfusable(
  names: readonly NamePlace[],
  report: Report,
  signs = "hyphens and dots",
): void {
  const seen = new Map<string, NamePlace>();
  for (const { name, at } of names) {
    const bare = name.replace(/[^a-z0-9]/g, "");
    const other = seen.get(bare);
    if (other === undefined) {
      seen.set(bare, { name, at });
    } else if (other.name !== name) {
      report({
        code: "confusable-names",
        message: `\`${name}\` and \`${other.name}\` differ only in ${signs}`,
        help: "rename one: in logical IDs they are the same",
        at,
        related: [{ at: other.at, message: "the other" }],
      });
    }
  }
}
