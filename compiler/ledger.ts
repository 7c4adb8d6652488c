/** The ledger beside a spec: what never moves. `compile` only adds to it; by hand only what is gone is taken out. */
import { type Placement, placeOf } from "./architecture.ts";
import { type Diagnostic, inLedger, type Report } from "./diagnostics.ts";
import { printYaml } from "./output/print.ts";
import type { SpecPath } from "./path.ts";
import { readValue } from "./reading/read.ts";
import { parseSource, type Source } from "./reading/source.ts";
import { isConflict } from "./reading/yaml-problems.ts";
import { isJsonObject, type Json, type JsonObject } from "./schema.ts";
import { upgrade } from "./upgrade-ledger.ts";
import { showName } from "./wording.ts";

export interface Ledger {
  /** The spec's name; absent in a ledger from before it was kept. */
  readonly name?: string;
  readonly environments: KeptEnvironments;
  /** Where the stack sets live; absent in a ledger from before there were any. */
  readonly administration?: Administration;
  /** What the kinds keep, by section. */
  readonly sections: Readonly<Record<string, Json>>;
}

/**
 * Every environment there ever was, in the order they came, which is that of rows in templates; and all the places it
 * was ever in, by `placeOf`.
 */
export type KeptEnvironments = ReadonlyMap<string, readonly string[]>;

/** The account, by its id, and the Region that the stack sets live in. */
export interface Administration {
  readonly account: string;
  readonly region: string;
}

const LEDGER_VERSION = 2;

/**
 * @param sections the keys that kinds keep things under
 * @returns the ledger as far as it can be read; what can't is reported
 */
export function readLedger(
  file: string,
  text: string | undefined,
  sections: readonly string[],
  report: Report,
): { ledger: Ledger; source: Source } {
  const { source, diagnostics } = parseSource("ledger", file, text ?? "");
  for (const diagnostic of diagnostics) report(unreadable(source, diagnostic));
  const value = readValue(source, undefined, report);
  const nothing = { ledger: { environments: new Map(), sections: {} }, source };
  if (value === null || diagnostics.length > 0) return nothing;
  if (!isJsonObject(value)) {
    report(corrupt([], "it is no map"));
    return nothing;
  }
  if (value.version !== 1 && value.version !== LEDGER_VERSION) {
    report(corrupt(["version"], `its version is ${LEDGER_VERSION}, or 1`));
    return nothing;
  }
  const current = value.version === 1 ? upgrade(value) : value;
  const { version: _, name, environments: places, administration, ...kept } = current;
  const isNamed = typeof name === "string";
  if (name !== undefined && !isNamed) report(corrupt(["name"], "the name is text"));
  for (const key of Object.keys(kept))
    if (!sections.includes(key)) report(corrupt([key], `nothing is kept under ${showName(key)}`));
  const environments = readEnvironments(places, report);
  if (!environments) return nothing;
  const isKnown = isAdministration(administration);
  if (administration !== undefined && !isKnown) report(corrupt(["administration"], ADMINISTRATION));
  return {
    ledger: { ...(isNamed && { name }), environments, ...(isKnown && { administration }), sections: kept },
    source,
  };
}

const ADMINISTRATION =
  "`administration` has `account`, twelve digits in quotes, and `region`, and nothing else";
const PLACES = "an environment has a list of its places, each once, such as `dev: [111111111111/eu-west-1]`";

/** Exactly the keys that are ours. */
const isAdministration = (value: Json | undefined): value is Json & Administration =>
  isJsonObject(value) &&
  Object.keys(value).length === 2 &&
  typeof value.account === "string" &&
  /^\d{12}$/.test(value.account) &&
  typeof value.region === "string" &&
  /^[a-z]+(-[a-z]+)+-\d$/.test(value.region);

/** @returns undefined where it is not as we write it, which is reported */
function readEnvironments(value: Json | undefined, report: Report): KeptEnvironments | undefined {
  if (!isJsonObject(value)) {
    report(corrupt(["environments"], PLACES));
    return undefined;
  }
  const wrong = Object.keys(value).filter((name) => !isPlaces(value[name]));
  for (const name of wrong) report(corrupt(["environments", name], PLACES));
  return wrong.length > 0 ? undefined : new Map(Object.entries(value as Record<string, string[]>));
}

const isPlaces = (value: Json | undefined): boolean =>
  Array.isArray(value) &&
  value.every((place) => typeof place === "string" && /^\d{12}\/[a-z0-9-]+$/.test(place)) &&
  new Set(value).size === value.length;

const RESTORE = "the ledger keeps allocations from moving: restore it from version control";

/**
 * The finding that a part of the ledger is not what `compile` wrote.
 *
 * @param path what is wrong, as near as it is known
 * @param wanted what would be right, or why it is not
 */
export const corrupt = (path: SpecPath, wanted: string, help = RESTORE): Diagnostic => ({
  code: "ledger-contradiction",
  message: `the ledger is not as \`landform compile\` writes it: ${wanted}`,
  help,
  at: inLedger(path, "key"),
});

const unreadable = ({ file, text }: Source, { message, at }: Diagnostic): Diagnostic => ({
  code: "ledger-contradiction",
  message: `the ledger can't be read: ${message}`,
  help: isConflict(text)
    ? `take all of it from the side that is deployed, as by \`git checkout main -- ${file}\`, and compile: what the other side added is given out anew, and nothing else moves`
    : RESTORE,
  ...(at && { at }),
});

/** The ledger's order of environments, with those of the spec that it does not have yet at the end. */
export function orderEnvironments(kept: KeptEnvironments, names: readonly string[]): string[] {
  return [...new Set([...kept.keys(), ...names])];
}

/** @returns what the ledger has, and what the spec adds to it */
export function keepPlaces(
  kept: KeptEnvironments,
  order: readonly string[],
  placements: readonly Placement[],
): KeptEnvironments {
  return new Map(
    order.map((name) => {
      const own = placements.filter(({ environment }) => environment === name).map(placeOf);
      return [name, [...new Set([...(kept.get(name) ?? []), ...own])]];
    }),
  );
}

/** @param specFile the spec's file name without directories, for the comment at the top */
export function printLedger(ledger: Ledger, specFile: string): string {
  const document: JsonObject = {
    version: LEDGER_VERSION,
    ...(ledger.name !== undefined && { name: ledger.name }),
    environments: Object.fromEntries(ledger.environments) as JsonObject,
    ...(ledger.administration && { administration: { ...ledger.administration } }),
    ...ledger.sections,
  };
  const head = `# What ${specFile} was given and keeps, such as address ranges. \`landform compile\` only adds to it; commit it.\n# By hand only what is gone is taken out: see "The ledger" in landform's README.\n`;
  return head + printYaml(document as Parameters<typeof printYaml>[0]);
}
