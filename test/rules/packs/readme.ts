/** What the README says of public rule packs: two tables. */
import type { Omission } from "./omissions.ts";
import type { Pack, PackVerdict } from "./packs.ts";

/** The lines between which the tables are. */
const START = "<!-- public rule packs: `npm run test:update` writes this -->\n";
const END = "<!-- end of public rule packs -->\n";

/** A text without its tables: what is before them, and what is after. */
export function around(text: string): readonly [string, string] {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`there is no ${START}…${END}`);
  return [text.slice(0, start + START.length), text.slice(end)];
}

export function tablesOf(
  packs: readonly Pack[],
  verdicts: readonly PackVerdict[],
  omissions: readonly Omission[],
): string {
  const figures = packs.map((pack, index) => {
    const { rules, judged, failed } = verdicts[index] as PackVerdict;
    const left = new Set(failed.map(({ rule }) => rule)).size;
    const [text, address] = pack.source;
    return [
      pack.name,
      `[${text}](${address}) ${pack.version}`,
      rules ?? "–",
      judged.size,
      judged.size - left,
      left,
    ];
  });
  const reasons = omissions.map(({ asked, reason, rules, only }) => [
    asked,
    rules.map((rule) => `\`${rule}\``).join(", "),
    only ? `${reason} (${only.map((id) => `\`${id}\``).join(", ")})` : reason,
  ]);
  return `\n${[
    table(["pack", "from", "rules", "with something to judge", "passed", "left out"], figures),
    table(["what we leave out", "rules", "why"], reasons),
  ].join("\n")}\n`;
}

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
