/** Values that stacks publish as SSM parameters, as people name them in overrides and in templates of their own. */
import type { Placement } from "../architecture.ts";
import type { StackFamily } from "../build.ts";
import type { Template } from "../cfn/template.ts";
import { closest, quoteList } from "../closest.ts";
import type { Diagnostic, Place, Report } from "../diagnostics.ts";
import { isPresent } from "../merge/align.ts";
import type { SpecPath } from "../path.ts";
import { isJsonObject, type Json } from "../schema.ts";
import { specialise } from "../specialise/specialise.ts";
import { showName } from "../wording.ts";

/** A parameter by its name: in the reading stack's own account and Region, or elsewhere by ARN. */
export interface Reading {
  readonly name: string;
  readonly at?: { readonly account: string; readonly region: string };
}

/** A reading, and where in what is read. */
export interface FoundReading {
  readonly reading: Reading;
  readonly path: SpecPath;
}

const ARN = /^arn:[\w-]+:ssm:([\w-]+):(\d{12}):parameter(\/.+)$/;

/** What the name or the ARN of a parameter means, without the version behind it. */
export function readingOf(text: string): Reading {
  const [, region, account, path] = ARN.exec(text) ?? [];
  const name = (path ?? text).replace(/:\d+$/, "");
  return { name, ...(region && account && { at: { account, region } }) };
}

/** What dynamic references such as `{{resolve:ssm:/acme/network/vpc-id}}` read, in all texts of a value. */
export function dynamicReadings(json: Json | undefined, path: SpecPath = []): FoundReading[] {
  if (typeof json === "string") {
    const found = json.matchAll(/\{\{resolve:ssm:([^}:]+)(?::\d+)?\}\}/g);
    return [...found].map(([, name = ""]) => ({ reading: { name }, path }));
  }
  if (Array.isArray(json)) return json.flatMap((item, index) => dynamicReadings(item, [...path, index]));
  if (!isJsonObject(json)) return [];
  return Object.entries(json).flatMap(([key, inner]) => dynamicReadings(inner, [...path, key]));
}

/** A template of one's own with the placements that have it. */
interface PlacedTemplate {
  readonly name: string;
  readonly template: Template;
  readonly placements: readonly Placement[];
}

/** The stack set that publishes a value, and the accounts and Regions in which it does. */
interface Publication {
  readonly stackSet: string;
  readonly places: Set<string>;
}

/** Everything that is published. */
export class Publications {
  readonly #specName: string;
  readonly #stackSets: ReadonlySet<string>;
  readonly #byName = new Map<string, Publication>();
  /** Stack sets that publish what only CloudFormation can name. */
  readonly #unforeseeable = new Set<string>();

  constructor(specName: string, families: readonly StackFamily[], templates: readonly PlacedTemplate[]) {
    this.#specName = specName;
    this.#stackSets = new Set([
      ...families.map(({ stackSet }) => stackSet),
      ...templates.map(({ name }) => name),
    ]);
    for (const { stackSet, stacks, placements } of families) {
      stacks.forEach(({ resources }, index) => {
        const own = placements.slice(index, index + 1);
        for (const { type, properties } of resources.filter(isPresent))
          this.#add(stackSet, type, properties.Name, own);
      });
    }
    for (const { name, template, placements } of templates) {
      for (const placement of placements) {
        const at = { account: placement.account.id, region: placement.region };
        // What can't be looked up is reported elsewhere.
        const { Resources } = specialise(template, at, () => {});
        for (const { Type, Properties } of Object.values(Resources))
          this.#add(name, Type, Properties.Name, [placement]);
      }
    }
  }

  #add(stackSet: string, type: string, name: unknown, placements: readonly Placement[]): void {
    if (type !== "AWS::SSM::Parameter") return;
    if (typeof name !== "string") {
      this.#unforeseeable.add(stackSet);
      return;
    }
    const known = this.#byName.get(name) ?? { stackSet, places: new Set() };
    this.#byName.set(name, known);
    for (const { account, region } of placements) known.places.add(placeOf(account.id, region));
  }

  /**
   * The stack set whose value is read; undefined where it is none of this spec's.
   *
   * @param placements where the reader is
   * @param report takes what is not published, or not wherever it is read
   */
  producerOf(
    reading: Reading,
    placements: readonly Placement[],
    at: Place,
    report: Report,
  ): string | undefined {
    const { name } = reading;
    const publication = this.#byName.get(name);
    if (!publication) {
      // Whatever else lies under the spec's name may be somebody's own.
      const [, spec, stackSet = "", ...rest] = name.split("/");
      if (spec !== this.#specName || rest.length === 0 || !this.#stackSets.has(stackSet)) return undefined;
      if (!this.#unforeseeable.has(stackSet)) report({ ...this.#unpublished(name, stackSet), at });
      return stackSet;
    }
    const missing = placements.filter(({ account, region }) => {
      const where = reading.at ?? { account: account.id, region };
      return !publication.places.has(placeOf(where.account, where.region));
    });
    if (missing.length > 0) report({ ...absent(reading, missing), at });
    return publication.stackSet;
  }

  #unpublished(name: string, stackSet: string): Diagnostic {
    const known = [...this.#byName].filter(([, own]) => own.stackSet === stackSet).map(([each]) => each);
    const near = closest(name, known);
    const all = known.length > 0 ? `it publishes ${quoteList(known)}` : "it publishes nothing";
    return {
      code: "unknown-name",
      message: `\`${stackSet}\` publishes no ${showName(name)}`,
      help: near ? `did you mean \`${near}\`?` : all,
    };
  }
}

const placeOf = (account: string, region: string): string => `${account}/${region}`;

function absent({ name, at }: Reading, missing: readonly Placement[]): Diagnostic {
  const environments = [...new Set(missing.map(({ environment }) => environment))];
  return {
    code: "unknown-name",
    message: at
      ? `${showName(name)} is not published in account ${at.account} and ${at.region}`
      : `${showName(name)} is not published in ${quoteList(environments)}, where this holds too`,
    help: "it can be read only where it is published: name the environments that do",
  };
}
