/**
 * What is generated for CircleCI: the files, byte for byte, by its published schema, and by rules that the schema can't
 * say.
 *
 * `circleci.schema.json` is `schema.json` of https://github.com/CircleCI-Public/circleci-yaml-language-server at c9a13f5.
 */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../support/compile.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { expectGoldenDirectory } from "../support/goldens.ts";
import { mistakesIn } from "./mistakes.ts";

const CASES = "test/golden/ci";

const validate = new Ajv({ strict: false, formats: { uri: true } }).compile(
  JSON.parse(readFileSync("test/ci/circleci.schema.json", "utf8")),
);

/** The documents of a case, by where they lie. */
function documentsOf(name: string): Map<string, string> {
  const { files, outside } = compileText(goldenSpec(`${CASES}/${name}.yaml`));
  const inside = [...files].filter(([file]) => file.startsWith("circleci-"));
  return new Map([
    ...[...outside].map(([file, text]) => [file.replaceAll("../", ""), text] as const),
    ...inside,
  ]);
}

const cases = readdirSync(CASES)
  .filter((file) => !file.endsWith(".expected.yaml"))
  .map((file) => file.replace(".yaml", ""));

test.each(cases)("%s", (name) => {
  expectGoldenDirectory(`test/ci/expected/${name}`, documentsOf(name));
});

test("every expected directory has its case", () => {
  expect(readdirSync("test/ci/expected").toSorted()).toEqual(cases.toSorted());
});

describe.each([
  [".circleci/config.yml", readFileSync(".circleci/config.yml", "utf8")],
  ["generated/acme/circleci-orb.yml", readFileSync("generated/acme/circleci-orb.yml", "utf8")],
  ...cases.flatMap((name) => [...documentsOf(name)].map(([file, text]) => [`${name}: ${file}`, text])),
])("%s", (_, text = "") => {
  test("is right by CircleCI's schema", () => {
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test("names only what is there", () => {
    expect(mistakesIn(parse(text))).toEqual([]);
  });
});

describe("what is wrong", () => {
  const config = () => parse(readFileSync(".circleci/config.yml", "utf8"));

  test("by the schema is found", () => {
    validate({ ...config(), workflows: { acme: { jobs: [{ deploy: { "serial-group": "" } }] } } });
    expect(validate.errors).not.toBeNull();
  });

  test.each([
    ["a job that is not there", "- plan\n", "- plann\n", "acme: there is no job plann"],
    [
      "a job that is required and not there",
      "[check, test, plan]",
      "[check, pln]",
      "deploy-shared-services requires pln",
    ],
    [
      "a circle",
      "requires: [check, test, plan]",
      "requires: [deploy-prod]",
      "deploy-shared-services comes after itself",
    ],
    ["a command that is not there", "- prepare\n", "- prepair\n", "check: there is no step prepair"],
    [
      "an argument that is not there",
      "environment: dev\n",
      "environ: dev\n",
      "deploy-dev: deploy takes no environ",
    ],
    [
      "an argument that is missing",
      "          environment: dev\n",
      "",
      "deploy-dev: deploy needs environment",
    ],
    [
      "a parameter that is not there",
      "<< parameters.sites >>",
      "<< parameters.site >>",
      "deploy: there is no parameter site",
    ],
    ["two in one serial group", "acme/stage", "acme/dev", "acme/dev is the serial group of two jobs"],
    [
      "a job that others of its branch wait for",
      "only: main\n          serial-group: acme/dev",
      "only: x\n          serial-group: acme/dev",
      "deploy-stage is for another branch than deploy-dev, which it requires",
    ],
  ])("by the rules is found: %s", (_, from, to, mistake) => {
    const text = readFileSync(".circleci/config.yml", "utf8");
    expect(text).toContain(from);
    expect(mistakesIn(parse(text.replace(from, to)))).toContain(mistake);
  });
});
