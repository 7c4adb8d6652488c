/** Checks a spec's value against the schema and the names it uses, and keeps what is sound of it. */
import { closest, quoteList } from "../closest.ts";
import { reportConfusable } from "../confusable-names.ts";
import { inSpec, type Place, type Report } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";
import { isIncomplete } from "../reading/read.ts";
import {
  isJsonObject,
  isNamed,
  type Json,
  type JsonObject,
  namesIn,
  type Schema,
  schemaAt,
  sectionIn,
  sectionsOf,
  walkSpec,
} from "../schema.ts";
import type { Spec } from "../spec.ts";
import { showName, singular } from "../wording.ts";
import { checkCidr } from "./cidrs.ts";
import { explainFinding } from "./explain-finding.ts";
import { findingsOf } from "./findings.ts";
import { prune } from "./prune.ts";

/**
 * Reports everything the schema forbids and every name that names nothing.
 *
 * @returns the spec without the parts that are wrong, so that later stages can still find what is wrong in the rest;
 *   undefined where too little is left
 */
export function validateSpec(value: Json, report: Report): Spec | undefined {
  if (value === null) {
    report({
      code: "empty",
      message: "the spec is empty",
      help: "`landform init` writes one to begin with",
      at: inSpec([]),
    });
    return undefined;
  }
  const findings = findingsOf(value);
  for (const finding of findings) {
    if (!finding.follows) report(explainFinding(finding, value));
  }
  if (!isJsonObject(value)) return undefined;
  const wrong = new Wrong(findings.map(({ path }) => path));
  checkNames(value, wrong, report);
  return prune(value, wrong.paths);
}

/** The parts of a spec that are wrong. */
class Wrong {
  readonly #paths: Map<string, SpecPath>;

  constructor(paths: readonly SpecPath[]) {
    this.#paths = new Map(paths.map((path) => [JSON.stringify(path), path]));
  }

  get paths(): SpecPath[] {
    return [...this.#paths.values()];
  }

  has(path: SpecPath): boolean {
    return this.#paths.size > 0 && this.#paths.has(JSON.stringify(path));
  }

  add(path: SpecPath): void {
    this.#paths.set(JSON.stringify(path), path);
  }
}

/** Names that are used must be those of something; names alike but for their hyphens would be taken for each other. */
function checkNames(spec: JsonObject, wrong: Wrong, report: Report): void {
  walkSpec(spec, (value, schema, path, isKey) => {
    if (schema.names && typeof value === "string" && value !== schema.everything) {
      const at = inSpec(path, isKey ? "key" : "value");
      if (!checkReference(value, sectionsOf(schema), at, spec, report)) wrong.add(path);
    }
    if (isKey || wrong.has(path)) return;
    if (schema.isCidr && typeof value === "string") {
      if (!checkCidr(value, path, report)) wrong.add(path);
    } else if (isJsonObject(value) && schema.propertyNames?.pattern) {
      const names = Object.keys(value).filter((name) => isName(schema, name));
      for (const name of names) {
        if (!checkTaken([...path, name], report)) wrong.add([...path, name]);
      }
      if (schema.propertyNames.isIdentifier) {
        reportConfusable(
          names.map((name) => ({ name, at: inSpec([...path, name], "key") })),
          report,
        );
      }
    } else if (Array.isArray(value) && schema.items?.isIdentifier) {
      const names = value.map((name, index) => ({ name: String(name), at: inSpec([...path, index]) }));
      reportConfusable(names, report);
    }
  });
}

const isName = (things: Schema | undefined, name: string): boolean =>
  new RegExp(things?.propertyNames?.pattern ?? "").test(name);

/** What one is called of those in a section: `people.groups` → `group`. */
const thingOf = (section: string): string => singular(section.split(".").at(-1) ?? section);

/** @returns whether there is such a thing in one of the sections */
function checkReference(
  name: string,
  sections: readonly string[],
  at: Place,
  spec: JsonObject,
  report: Report,
): boolean {
  if (isNamed(spec, sections, name)) return true;
  const known = namesIn(spec, sections);
  const near = closest(name, known);
  // The name may well be right where the things are missing, can't be read or have a wrong name themselves.
  const isUnclear = sections.some(
    (section) =>
      isIncomplete(sectionIn(spec, section)) ||
      (near !== undefined &&
        namesIn(spec, [section]).includes(near) &&
        !isName(schemaAt(section.split(".")), near)),
  );
  if (known.length === 0 || isUnclear) return false;
  report({
    code: "unknown-name",
    message: `there is no ${sections.map(thingOf).join(" or ")} ${showName(name)}`,
    help: near ? `did you mean \`${near}\`?` : `there ${known.length > 1 ? "are" : "is"} ${quoteList(known)}`,
    at,
  });
  return false;
}

/** @returns whether a name can be a key of JavaScript's objects without meaning something else */
function checkTaken(path: SpecPath, report: Report): boolean {
  const name = String(path.at(-1));
  if (!(name in Object.prototype)) return true;
  report({
    code: "bad-name",
    message: `${showName(name)} can't be a name: it means something to the language landform is written in`,
    help: "choose another name",
    at: inSpec(path, "key"),
  });
  return false;
}
