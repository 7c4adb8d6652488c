/** Texts of `Fn::Sub` that differ in one stretch: the stretch becomes a variable, the rest is common. */
import { Expression, isExpression, type Value } from "../cfn/values.ts";

/** The variable that stands for what the stack's own placement has there. */
export const OWN = "Own";

/** Texts alike but for one stretch. */
export interface Stretch {
  readonly before: string;
  /** What each text has there; no references. */
  readonly own: readonly string[];
  readonly after: string;
}

/** The text of an `Fn::Sub` without variables of its own. */
export function subText(value: Value): string | undefined {
  return isExpression(value) && value.fn === "Fn::Sub" && typeof value.argument === "string"
    ? value.argument
    : undefined;
}

/** `Fn::Sub` over a text with a stretch that is looked up. */
export const subOwn = ({ before, after }: Stretch, lookUp: Value): Expression =>
  new Expression("Fn::Sub", [`${before}\${${OWN}}${after}`, { [OWN]: lookUp }]);

/** The one stretch in which the texts differ, in whole words; undefined where they differ in what they refer to. */
export function differingStretch(texts: readonly string[]): Stretch | undefined {
  const [first = ""] = texts;
  const tokens = texts.map((text) => text.match(TOKEN) ?? []);
  const shortest = Math.min(...tokens.map((list) => list.length));
  const head = tokens[0] ?? [];
  let start = 0;
  while (start < shortest && tokens.every((list) => list[start] === head[start])) start++;
  let end = 0;
  while (end < shortest - start && tokens.every((list) => list.at(-1 - end) === head.at(-1 - end))) end++;
  const own = tokens.map((list) => list.slice(start, list.length - end).join(""));
  if (own.some((stretch) => stretch.includes("${")) || first.includes(`\${${OWN}}`)) return undefined;
  return { before: head.slice(0, start).join(""), own, after: head.slice(head.length - end).join("") };
}

/** A reference, a word, or what stands between them. */
const TOKEN = /\$\{[^}]*\}|[A-Za-z0-9]+|\$|[^A-Za-z0-9$]+/g;
