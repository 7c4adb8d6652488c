/** Where the stack sets live: what the spec names, what the ledger keeps, and what is the default. */
import { expect, test } from "vitest";
import { compileText } from "../support/compile.ts";

const SPEC = `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
  hub: { id: "333333333333", email: hub@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
`;
const administrationIn = (text: string, ledger?: string) => {
  const result = compileText(text, ledger === undefined ? {} : { ledger });
  const { name, id } = result.architecture.administration;
  expect(result.ledger).toContain(`\nadministration:\n  account: '${id}'\n  region: eu-west-1\n`);
  return name;
};
const { ledger: kept } = compileText(SPEC);

test("it is the account the spec names, be there an environment or not", () => {
  expect(administrationIn(`${SPEC}administration: hub\n`)).toBe("hub");
});

test("by default it is that of the first environment", () => {
  expect(administrationIn(SPEC)).toBe("dev");
});

test("by default it is an active account", () => {
  expect(administrationIn(SPEC.replace("dev@demo.example", "$&, status: closed"))).toBe("prod");
});

test("it stays when the first environment is gone, for the ledger keeps it", () => {
  expect(administrationIn(SPEC.replace("  dev: { account: dev }\n", ""), kept)).toBe("dev");
});

test("it stays when its account has another name", () => {
  const renamed = SPEC.replace("dev: { id", "test: { id").replace("account: dev", "account: test");
  expect(administrationIn(renamed, kept)).toBe("test");
});

test("a ledger from before it was kept gets it, and nothing else changes", () => {
  const old = kept.replace(/administration:\n.*\n.*\n/, "");
  expect(old).not.toBe(kept);
  expect(compileText(SPEC, { ledger: old }).ledger).toBe(kept);
});
