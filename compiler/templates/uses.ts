/** What the functions of a template name: each must be something that the template has. */
import { expressionOf, namedBy } from "../cfn/functions.ts";
import { type ReadCall, type ReportAt, UNKNOWN, unfitCall } from "../cfn/read-value.ts";
import type { ResourceSchemas } from "../cfn/resource-schemas.ts";
import { isList, isObject, type Value } from "../cfn/values.ts";
import { closest, quoteList } from "../closest.ts";
import type { SpecPath } from "../path.ts";
import { showName } from "../wording.ts";
import { isForeign } from "./resource-types.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const PSEUDO = [
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

/** The sections that names are of, by what is named. */
const KINDS = {
  condition: ["Conditions"],
  mapping: ["Mappings"],
  resource: ["Resources"],
  "resource or parameter": ["Resources", "Parameters"],
} as const;

interface Use {
  readonly kind: keyof typeof KINDS;
  readonly name: string;
  readonly attribute?: string;
  readonly path: SpecPath;
}

type Section = Readonly<Record<string, Value>>;

export class Uses {
  readonly #report: ReportAt;
  readonly #uses: Use[] = [];

  constructor(report: ReportAt) {
    this.#report = report;
  }

  /** Reads a function and remembers what it names. */
  readonly readCall: ReadCall = (name, argument, path) => {
    // Elsewhere it is a key like any other.
    if (name === "Condition" && path[0] !== "Conditions") return { Condition: argument };
    const unfit = unfitCall(name, argument);
    if (unfit) {
      this.#report(path, unfit);
      return UNKNOWN;
    }
    for (const named of namedBy(name, argument)) {
      const kind = named.attribute === undefined ? "resource or parameter" : "resource";
      this.#uses.push({ kind, ...named, path });
    }
    const first = isList(argument) ? argument[0] : argument;
    if (name === "Fn::If" || name === "Condition") this.condition(first as Value, path);
    if (name === "Fn::FindInMap" && typeof first === "string")
      this.#uses.push({ kind: "mapping", name: first, path });
    return expressionOf(name, argument);
  };

  condition(name: Value, path: SpecPath): void {
    this.#name("condition", name, path);
  }

  resource(name: Value, path: SpecPath): void {
    this.#name("resource", name, path);
  }

  #name(kind: Use["kind"], name: Value, path: SpecPath): void {
    if (typeof name === "string") this.#uses.push({ kind, name, path });
    else this.#report(path, { code: "wrong-type", message: `the name of a ${kind} is wanted here` });
  }

  /** Reports what the template does not have. */
  check(template: Section, schemas: ResourceSchemas): void {
    for (const { kind, name, attribute, path } of this.#uses) {
      const known = KINDS[kind].flatMap((section) => namesIn(template[section]));
      if (kind === "resource or parameter") known.push(...PSEUDO);
      if (!known.includes(name)) this.#unknown(`there is no ${kind} ${showName(name)}`, name, known, path);
      else if (attribute !== undefined) this.#checkAttribute(template, name, attribute, schemas, path);
    }
  }

  #checkAttribute(
    template: Section,
    name: string,
    attribute: string,
    schemas: ResourceSchemas,
    path: SpecPath,
  ): void {
    const { Type } = ((template.Resources as Section)[name] ?? {}) as Section;
    const known = typeof Type === "string" && !isForeign(Type) ? schemas.of(Type)?.attributes : undefined;
    if (!known || known.includes(attribute)) return;
    this.#unknown(`${showName(name)} has no attribute ${showName(attribute)}`, attribute, known, path);
  }

  #unknown(message: string, name: string, known: readonly string[], path: SpecPath): void {
    const near = closest(name, known);
    const own = known.filter((each) => !PSEUDO.includes(each));
    const all =
      own.length > 0 ? `there ${own.length > 1 ? "are" : "is"} ${quoteList(own)}` : "there are none";
    this.#report(path, { code: "unknown-name", message, help: near ? `did you mean \`${near}\`?` : all });
  }
}

const namesIn = (section: Value | undefined): string[] =>
  section !== undefined && isObject(section) ? Object.keys(section) : [];
