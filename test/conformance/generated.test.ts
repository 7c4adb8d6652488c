/**
 * Everything that is generated conforms to the current resource schemas, so that the types it is written in, which end
 * in 2023, can't mislead. What the schemas don't know is not judged here:
 *
 * - the inside of policy documents, which is JSON to them (test/rules looks there), and the text of SSM documents;
 * - patterns, lengths and ranges, and which properties go together (the linters know those);
 * - whether the list or number that `Ref`, `Fn::GetAtt` or `Fn::FindInMap` gives is of the right type: each concrete
 *   template has the value itself in place of the look-up;
 * - the allowed values below, each text without a list in the schemas.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { everything } from "../support/everything.ts";
import { mistakesIn, schemas } from "./mistakes.ts";

/** Properties with a fixed set of values in AWS's documentation that the schemas have as any text. */
const WITHOUT_ENUM = [["AWS::EC2::EIP", "Domain"]];

const { deployed, received } = everything();

test.each([...deployed, ...received].map(({ name, template }) => [name, template] as const))(
  "%s",
  (_, template) => {
    expect(mistakesIn(template)).toEqual([]);
  },
);

test("for these properties the schemas have no allowed values", () => {
  for (const [type = "", property = ""] of WITHOUT_ENUM)
    expect([type, property, schemas.of(type)?.properties[property]]).toEqual([type, property, "string"]);
});

describe("the resource types in use", () => {
  const file = readFileSync("compiler/cfn/resources.ts", "utf8");
  const lines = [...file.matchAll(/^ {2}"(AWS::\w+::\w+)": Type<([^;]*)>;$/gm)].map(
    ([, type = "", parameters = ""]) => ({
      type,
      attributes: [
        ...(/,((?:\s*\|?\s*"[\w.]+")+),?\s*$/.exec(parameters)?.[1] ?? "").matchAll(/[\w.]+/g),
      ].flat(),
    }),
  );

  test("are all read from the file", () => {
    expect(lines.length).toBe(file.match(/^ {2}"AWS::/gm)?.length);
    expect(lines).toContainEqual({ type: "AWS::EC2::EIP", attributes: ["AllocationId", "PublicIp"] });
  });

  test.each(lines)("$type", ({ type, attributes }) => {
    const known = schemas.of(type)?.attributes;
    expect(known, "there is no such type").toBeDefined();
    expect(attributes.filter((name) => !known?.includes(name))).toEqual([]);
  });
});
