/** Everything that is generated: up to date, lawful by two evaluators, clean for two linters. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isMap, isScalar, parse, parseDocument, visit } from "yaml";
import { everyTemplate, lintEverywhere } from "../cli/lint.ts";
import { allRegions } from "../compiler/architecture.ts";
import type { PlainObject } from "../compiler/cfn/values.ts";
import { STACK_SETS_FILE, templateFile } from "../compiler/output/files.ts";
import { printYaml } from "../compiler/output/print.ts";
import { cfnLint } from "./python/cfnlint.ts";
import { resolveTemplates } from "./python/resolve.ts";
import { describePython } from "./python/tools.ts";
import { compileText, type Result } from "./support/compile.ts";
import { expectGolden, expectGoldenDirectory } from "./support/goldens.ts";
import { concreteTemplates, expectLaw } from "./support/law.ts";

/** Every whole spec of the project. */
const specs = [
  ...readdirSync("specs")
    .filter((file) => !file.endsWith(".lock.yaml"))
    .map((file) => ({ name: file.replace(".yaml", ""), directory: "specs" })),
  ...readdirSync("test/scenarios").map((scenario) => ({
    name: "spec",
    directory: `test/scenarios/${scenario}`,
  })),
].map(({ name, directory }) => ({
  id: `${directory}/${name}`,
  text: readFileSync(`${directory}/${name}.yaml`, "utf8"),
}));

const compiled = (id: string, text: string): Result => {
  const ledger = id.startsWith("specs/") ? { ledger: readFileSync(`${id}.lock.yaml`, "utf8") } : {};
  return compileText(text, { name: basename(id), directory: dirname(id), ...ledger });
};

test.each(specs.filter(({ id }) => id.startsWith("specs/")))(
  "$id is compiled and committed",
  ({ id, text }) => {
    const { architecture, files, outside, ledger } = compiled(id, text);
    expectGoldenDirectory(`generated/${architecture.name}`, files);
    for (const [file, content] of outside) expectGolden(file, content);
    expect(ledger).toBe(readFileSync(`${id}.lock.yaml`, "utf8"));
  },
);

describe.each(specs)("$id", ({ id, text }) => {
  test("is right for an editor, which knows the schema and plain YAML", () => {
    const ajv = new Ajv({ allErrors: true, strict: false });
    const validate = ajv.compile(JSON.parse(readFileSync("schema/landform.json", "utf8")));
    // Tags are what the editor must be told.
    validate(parse(text, { logLevel: "error" }));
    expect(validate.errors).toBeNull();
  });

  test("gives each placement what it would have alone", () => {
    expectLaw(compiled(id, text));
  });

  test("gives the same bytes with all keys of the spec in reverse", () => {
    const { files, outside, ledger } = compiled(id, text);
    const again = compileText(reverseKeys(text), { name: basename(id), directory: dirname(id), ledger });
    expect([again.ledger, ...again.files, ...again.outside]).toEqual([ledger, ...files, ...outside]);
  });

  test("is clean for cloudformation-validate in every account and Region", async () => {
    const { assembly, files } = compiled(id, text);
    for (const template of everyTemplate(assembly)) {
      expect(await lintEverywhere(template, files.get(templateFile(template.name)) as string)).toEqual([]);
    }
  }, 300_000);
});

describePython("by tools that are not ours", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "landform-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test("is clean for cfn-lint", async () => {
    const files = new Map<string, string>();
    const regions = new Set<string>();
    specs.forEach(({ id, text }, index) => {
      const { assembly, files: printed, architecture } = compiled(id, text);
      for (const region of allRegions(architecture.spec)) regions.add(region);
      for (const { name } of everyTemplate(assembly))
        files.set(`${index}-${templateFile(name)}`, printed.get(templateFile(name)) as string);
    });
    for (const [file, text] of files) writeFileSync(join(directory, file), text);
    expect(
      await cfnLint(
        [...files.keys()].map((file) => join(directory, file)),
        [...regions],
      ),
    ).toEqual([]);
  });

  test("moto's evaluator finds in the merged template what each placement would have alone", async () => {
    const views = specs.flatMap(({ id, text }) => {
      const result = compiled(id, text);
      return concreteTemplates(result).map((view) => ({
        ...view,
        printed: result.files.get(templateFile(view.stackSet)) as string,
      }));
    });
    const print = (template: object) => printYaml(template as PlainObject);
    const merged = await resolveTemplates(
      views.map(({ printed, account, region }) => ({ template: printed, account, region })),
    );
    const alone = await resolveTemplates(
      views.map(({ concrete, account, region }) => ({ template: print(concrete), account, region })),
    );
    for (const [index, { stackSet, account }] of views.entries()) {
      expect(merged[index], `${stackSet} in ${account}`).toEqual(alone[index]);
    }
  });
});

/** The same spec with the entries of every map in reverse order. */
function reverseKeys(text: string): string {
  const document = parseDocument(text);
  visit(document, {
    Map: (_, map) => {
      if (isMap(map)) map.items.reverse();
    },
    // Numbers keep their leading zeros.
    Scalar: (_, scalar) => {
      if (isScalar(scalar) && scalar.source?.startsWith("0")) scalar.value = scalar.source;
    },
  });
  return document.toString();
}

test("the list of stack sets names every template", () => {
  for (const name of readdirSync("generated")) {
    const listed = readFileSync(`generated/${name}/${STACK_SETS_FILE}`, "utf8").match(/(?<=template: )\S+/g);
    const templates = readdirSync(`generated/${name}`).filter(
      (file) => file.endsWith(".yaml") && !["stacksets.yaml", "provenance.yaml"].includes(file),
    );
    expect(listed?.toSorted()).toEqual(templates.toSorted());
  }
});
