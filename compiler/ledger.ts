/** The ledger beside a spec: allocations that never move. Append-only; written by `compile`, never by hand. */
import { type Placement, placeOf } from "./architecture.ts";
import { type Diagnostic, inLedger, type Report } from "./diagnostics.ts";
import { printYaml } from "./output/print.ts";
import type { SpecPath } from "./path.ts";
import { readValue } from "./reading/read.ts";
import { parseSource, type Source } from "./reading/source.ts";
import { isJsonObject, type Json, type JsonObject } from "./schema.ts";
import { upgrade } from "./upgrade-ledger.ts";

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
  for (const diagnostic of diagnostics) report(corrupt([], diagnostic));
  const value = readValue(source, undefined, report);
  const nothing = { ledger: { environments: new Map(), sections: {} }, source };
  if (value === null || diagnostics.length > 0) return nothing;
  if (!isJsonObject(value)) {
    report(corrupt([]));
    return nothing;
  }
  if (value.version !== 1 && value.version !== LEDGER_VERSION) {
    report(corrupt(["version"]));
    return nothing;
  }
  const current = value.version === 1 ? upgrade(value) : value;
  const { version: _, name, environments: places, administration, ...kept } = current;
  const isNamed = typeof name === "string";
  if (name !== undefined && !isNamed) report(corrupt(["name"]));
  for (const key of Object.keys(kept)) if (!sections.includes(key)) report(corrupt([key]));
  const environments = readEnvironments(places, report);
  if (!environments) return nothing;
  const isKnown = isAdministration(administration);
  if (administration !== undefined && !isKnown) report(corrupt(["administration"]));
  return {
    ledger: { ...(isNamed && { name }), environments, ...(isKnown && { administration }), sections: kept },
    source,
  };
}

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
    report(corrupt(["environments"]));
    return undefined;
  }
  const wrong = Object.keys(value).filter((name) => !isPlaces(value[name]));
  for (const name of wrong) report(corrupt(["environments", name]));
  return wrong.length > 0 ? undefined : new Map(Object.entries(value as Record<string, string[]>));
}

const isPlaces = (value: Json | undefined): boolean =>
  Array.isArray(value) &&
  value.every((place) => typeof place === "string" && /^\d{12}\/[a-z0-9-]+$/.test(place)) &&
  new Set(value).size === value.length;

/** The finding that a part of the ledger is not what `compile` wrote. */
export function corrupt(path: SpecPath, cause?: Diagnostic): Diagnostic {
  return {
    code: "ledger-contradiction",
    message: cause
      ? `the ledger can't be read: ${cause.message}`
      : "this part of the ledger is not as `landform compile` writes it",
    help: "the ledger keeps allocations from moving: restore it from version control",
    at: cause?.at ?? inLedger(path, "key"),
  };
}

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
  const head = `# What ${specFile} was given and keeps: order, address ranges. Written by \`landform compile\`; commit it, do not edit.\n`;
  return head + printYaml(document as Parameters<typeof printYaml>[0]);
}
