/** The ledger: what it keeps of the whole architecture, and what becomes of one of an older version. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../support/compile.ts";

const SPEC = `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
`;
const { ledger: kept } = compileText(SPEC);
const placesIn = (text: string, ledger?: string) =>
  (parse(compileText(text, ledger === undefined ? {} : { ledger }).ledger) as { environments: unknown })
    .environments;

const moved = SPEC.replace("222222222222", "333333333333");
const trouble = "`prod` is in account 222222222222: in 333333333333 all of it would be made anew";

test("it keeps each environment's places, networks or not", () => {
  const places = { dev: ["111111111111/eu-west-1"], prod: ["222222222222/eu-west-1"] };
  expect(placesIn(SPEC)).toEqual(places);
  const { ledger } = compileText(`${SPEC}network: { environments: [dev] }\n`);
  expect(placesIn(SPEC, ledger)).toEqual(places);
  expect(() => compileText(moved, { ledger })).toThrow(trouble);
});

test("another Region beside those that an environment has is added, and stays when it leaves the spec", () => {
  const wider = SPEC.replace("{ account: prod }", "{ account: prod, regions: [us-east-1, eu-west-1] }");
  const { ledger } = compileText(wider, { ledger: kept });
  const prod = ["222222222222/eu-west-1", "222222222222/us-east-1"];
  expect(placesIn(wider, kept)).toMatchObject({ prod });
  expect(placesIn(SPEC, ledger)).toMatchObject({ prod });
});

test("an environment whose lines were taken out may be anywhere", () => {
  expect(() => compileText(moved, { ledger: kept })).toThrow(trouble);
  const without = kept.replace(/\n {2}prod: .*/, "").replace(/\n {2}prod\/eu-west-1:(\n {4}.*)*/, "");
  expect(placesIn(moved, without)).toMatchObject({ prod: ["333333333333/eu-west-1"] });
});

test("a name that was taken out of it may become another", () => {
  const renamed = SPEC.replace("name: demo", "name: demos");
  expect(() => compileText(renamed, { ledger: kept })).toThrow(
    "this is called `demo`: as `demos` all its stack sets",
  );
  const { ledger } = compileText(renamed, { ledger: kept.replace("name: demo\n", "") });
  expect(ledger).toBe(kept.replace("name: demo\n", "name: demos\n"));
});

test("with the ledger of one side of a merge, what the other side added comes after it, and nothing else moves", () => {
  const adding = (text: string, name: string, id: string) =>
    text
      .replace("environments:", `  ${name}: { id: "${id}", email: ${name}@demo.example }\nenvironments:`)
      .concat(`  ${name}: { account: ${name} }\n`);
  const stage = adding(SPEC, "stage", "333333333333");
  const { ledger: deployed } = compileText(stage, { ledger: kept });
  const { ledger: merged } = compileText(adding(stage, "test", "444444444444"), { ledger: deployed });
  expect(merged.split("\n")).toEqual(expect.arrayContaining(deployed.split("\n")));
  expect(parse(merged)).toMatchObject(parse(deployed));
  expect(parse(merged).networks["test/eu-west-1"].vpc).toBe("10.3.0.0/16");
});

/** The same ledger as version 1 had it. */
const old = `version: 1
environments: [dev, prod]
administration:
  account: '111111111111'
  region: eu-west-1
${kept
  .slice(kept.indexOf("networks:"))
  .replace("dev/eu-west-1:", "$&\n    account: '111111111111'")
  .replace("prod/eu-west-1:", "$&\n    account: '222222222222'")}`;

test("one of version 1 becomes one of today, and nothing in it moves", () => {
  expect(compileText(SPEC, { ledger: old }).ledger).toBe(kept);
  expect(kept).toContain("\nname: demo\n");
});

test("one of version 1 knows what has moved by the accounts of its networks", () => {
  expect(() => compileText(moved, { ledger: old })).toThrow(trouble);
});
