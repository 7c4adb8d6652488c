/** Where things are: paths of the spec, and ranges of the inputs. */

/** The way to a value: keys and positions from the document's root. */
export type SpecPath = readonly (string | number)[];

/** Which input a place is in: the spec, its ledger, or the file of one of its templates, by the path that names it. */
export type InputName = "spec" | "ledger" | TemplateInput;
export type TemplateInput = `templates.${string}`;

/** What kind of file an input is, in a word. */
export const fileKindOf = (input: InputName): string =>
  input === "spec" || input === "ledger" ? input : "template";

/** Offsets into the text, in UTF-16 units; the end is exclusive. */
export type Range = readonly [start: number, end: number];

/** `environments.dev.network`; a key that would be misread is quoted. */
export function formatPath(path: SpecPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const text = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? text : `.${text}`;
    })
    .join("");
}

/** `a.b[0]."c.d"` → its steps; undefined where the text is no path. */
export function parsePath(text: string): SpecPath | undefined {
  const step = /\.?("(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*")|\[(\d+)\]|\.?([^.[\]"]+)/uy;
  const steps: (string | number)[] = [];
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (!found) return undefined;
    const [, quoted, index, plain] = found;
    steps.push(
      index === undefined ? (quoted ? (JSON.parse(quoted) as string) : (plain ?? "")) : Number(index),
    );
  }
  return steps;
}
