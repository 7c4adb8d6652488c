/** The validator that the build makes of the schema. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { validateSpec } from "../../compiler/validate/validate.ts";

test("lists are not searched for items that come twice by comparing each with each", () => {
  expect(readFileSync("dist/spec-validator.cjs", "utf8")).not.toContain("runtime/equal");
});

test("an item of a shared definition that is in a list twice is found", () => {
  const codes: string[] = [];
  const spec = {
    version: 1,
    name: "acme",
    regions: ["eu-west-1"],
    accounts: { dev: { id: "123456789012", email: "dev@acme.example" } },
    environments: { dev: { account: "dev" } },
    network: { endpoints: ["ecr.api", "sqs", "ecr.api"] },
  };
  validateSpec(spec, ({ code }) => codes.push(code));
  expect(codes).toEqual(["bad-value"]);
});
