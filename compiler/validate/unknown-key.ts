/** Finds out what a key was meant to be that does not belong where it stands. */
import { closest, quoteList } from "../closest.ts";
import { type Diagnostic, inSpec } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";
import { type Schema, schemaAt, sectionsOf, specSchema } from "../schema.ts";
import { showName, showPath, singular } from "../wording.ts";

/** @param path the way to the key, with the key itself at its end */
export function explainUnknownKey(path: SpecPath): Diagnostic {
  const outer = path.slice(0, -1);
  const key = String(path.at(-1));
  return {
    code: "unknown-key",
    message: `${showName(key)} is not a key ${place(outer)}`,
    help: whatWasMeant(outer, key),
    at: inSpec(path, "key"),
  };
}

function whatWasMeant(path: SpecPath, key: string): string {
  const known = Object.keys(schemaAt(path)?.properties ?? {});
  const [head = "", ...rest] = key.split(":");
  if (rest.length > 0 && known.includes(head)) return `a space must follow the \`:\` after \`${head}\``;
  const elsewhere = above(path, key) ?? below(path, key);
  if (elsewhere) return elsewhere;
  const near = closest(key, known);
  if (near) return `did you mean \`${near}\`?`;
  const anywhere = placesBelow([], specSchema, key)[0];
  return anywhere ? `it is valid ${place(anywhere)}` : `known here: ${quoteList(known)}`;
}

/** Says where a path leads; `<environment>` in it stands for any environment. */
function place(path: SpecPath): string {
  if (path.length === 0) return "at the top level";
  return `in ${path.some(isAny) ? `\`${path.join(".")}\`` : showPath(path)}`;
}

const isAny = (step: string | number): boolean => typeof step === "string" && /^<.*>$/.test(step);

const LEVELS = ["no level", "one level", "two levels", "three levels", "four levels"];
const levels = (count: number): string => LEVELS[count] ?? `${count} levels`;

/** Says where around its place a key would be right. */
function above(path: SpecPath, key: string): string | undefined {
  for (let length = path.length - 1; length >= 0; length--) {
    const outer = path.slice(0, length);
    if (hasKey(schemaAt(outer), key))
      return `it is valid ${levels(path.length - length)} up, ${place(outer)}`;
  }
  return undefined;
}

/** Says where below its place a key would be right. */
function below(path: SpecPath, key: string): string | undefined {
  const [found] = placesBelow(path, schemaAt(path), key);
  return found && `it is valid ${levels(found.length - path.length)} down, ${place(found)}`;
}

/** The paths below a schema whose maps know the key, the nearest first; `<account>` stands for any account. */
function placesBelow(path: SpecPath, schema: Schema | undefined, key: string): SpecPath[] {
  const inner = Object.entries(schema?.properties ?? {}).map(
    ([step, next]) => [[...path, step], next] as const,
  );
  if (schema?.additionalProperties) {
    const name = singular(sectionsOf(schema.propertyNames ?? {})[0] ?? String(path.at(-1)));
    inner.push([[...path, `<${name}>`], schema.additionalProperties]);
  }
  return inner
    .flatMap(([at, next]) => [...(hasKey(next, key) ? [at] : []), ...placesBelow(at, next, key)])
    .sort((a, b) => a.length - b.length);
}

const hasKey = (schema: Schema | undefined, key: string): boolean =>
  Object.hasOwn(schema?.properties ?? {}, key);
