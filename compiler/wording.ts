/** How values and keys of a spec look in a message: short, on one line, unmistakable as text or not. */

import { formatPath, type SpecPath } from "./path.ts";
import { isJsonObject, type Json } from "./schema.ts";

/** Characters of a value that a message shows. */
const LONGEST = 60;

/** `"eu-wset-1"`, `7`, `[a, b]`: a value as a message shows it, in code marks unless it is text in quotes. */
export function showValue(value: Json | undefined): string {
  return typeof value === "string" ? JSON.stringify(shorten(value)) : `\`${shorten(flow(value ?? null))}\``;
}

/** A name from the spec in code marks. What can't be printed is escaped. */
export function showName(name: string): string {
  const printable = JSON.stringify(shorten(name)).slice(1, -1).replaceAll('\\"', '"');
  return `\`${printable}\``;
}

/** A path in code marks. */
export const showPath = (path: SpecPath): string => `\`${shorten(formatPath(path))}\``;

/** The value on one line, as YAML: `[a, b]`, `{ a: 1 }`. */
export function flow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (!isJsonObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
}

/** What a description begins with, without the full stop. */
export function firstSentence(text: string): string {
  return (text.split(/(?<=\.) /)[0] as string).replace(/\.$/, "");
}

/** One of several things, by the word for all of them: `accounts` → `account`. */
export const singular = (things: string): string => things.replace(/s$/, "");

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : text;
}
