/** Every template the tests compile: whole specs, scenarios and golden cases, merged and as each target gets it. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { everyTemplate, type NamedTarget } from "../../cli/lint.ts";
import type { Assembly } from "../../compiler/output/assemble.ts";
import type { JsonObject } from "../../compiler/schema.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import { compileText, type Result } from "./compile.ts";
import { goldenSpec } from "./golden-spec.ts";

/** A template in CloudFormation's long form, as `JSON.parse` gives it. */
export type PlainTemplate = JsonObject;

/** A template, and what a failure calls it: `specs/acme: network`, or `specs/acme: network in dev`. */
export interface NamedTemplate {
  readonly name: string;
  readonly template: PlainTemplate;
}

/** As they are deployed, and what each target gets of them; the same text only once in each. */
export interface Everything {
  readonly deployed: readonly NamedTemplate[];
  readonly received: readonly NamedTemplate[];
}

export function everything(): Everything {
  const deployed = new Map<string, NamedTemplate>();
  const received = new Map<string, NamedTemplate>();
  const add = (list: Map<string, NamedTemplate>, name: string, template: PlainTemplate) => {
    const text = JSON.stringify(template);
    if (!list.has(text)) list.set(text, { name, template });
  };
  for (const source of sources()) {
    const { assembly } = compileSource(source);
    for (const { name, template } of everyTemplate(assembly)) {
      add(deployed, `${source.id}: ${name}`, plain(template));
    }
    for (const { name, target, template } of receivedBy(assembly)) {
      add(received, `${source.id}: ${name} in ${target.name}`, template);
    }
  }
  return { deployed: [...deployed.values()], received: [...received.values()] };
}

/** What a target gets of a template. */
export interface Received extends NamedTemplate {
  readonly target: NamedTarget;
}

/** What each target gets of every template of a spec. */
export const receivedBy = (assembly: Assembly): Received[] =>
  everyTemplate(assembly).flatMap(({ name, template, targets }) =>
    targets.map((target) => ({
      name,
      target,
      template: plain(specialise(template, { account: target.account.id, region: target.region })),
    })),
  );

const plain = (template: object): PlainTemplate => JSON.parse(JSON.stringify(template));

/** A spec of the project. */
export interface SpecText {
  readonly id: string;
  readonly text: string;
  readonly ledger?: { readonly ledger: string };
}

export const compileSource = ({ id, text, ledger }: SpecText): Result =>
  compileText(text, { name: basename(id), directory: dirname(id), ...ledger });

/** Every spec there is: whole ones, scenarios and golden cases. */
export function sources(): SpecText[] {
  const read = (file: string) => readFileSync(file, "utf8");
  const specs = readdirSync("specs")
    .toSorted()
    .filter((file) => !file.endsWith(".lock.yaml"));
  const cases = readdirSync("test/golden")
    .toSorted()
    .flatMap((kind) =>
      readdirSync(`test/golden/${kind}`)
        .toSorted()
        .filter((file) => !file.endsWith(".expected.yaml"))
        .map((file) => `test/golden/${kind}/${file}`),
    );
  return [
    ...specs.map((file) => ({
      id: `specs/${file.replace(".yaml", "")}`,
      text: read(`specs/${file}`),
      ledger: { ledger: read(`specs/${file.replace(".yaml", ".lock.yaml")}`) },
    })),
    ...readdirSync("test/scenarios")
      .toSorted()
      .map((name) => ({
        id: `test/scenarios/${name}/spec`,
        text: read(`test/scenarios/${name}/spec.yaml`),
      })),
    ...cases.map((file) => ({ id: file.replace(".yaml", ""), text: goldenSpec(file) })),
  ];
}

/** The resources of a template by logical ID. */
export const resourcesOf = (template: PlainTemplate): [string, JsonObject][] =>
  Object.entries((template.Resources ?? {}) as JsonObject) as [string, JsonObject][];
