/** When something runs: which times there are, and which there are not. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { libraryOf } from "../support/library.ts";

/** What is wrong with a function that runs at that time, in short. */
function wrongWith(expression: string): readonly string[] {
  const text = `
version: 1
name: demo
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: a@demo.example } }
environments: { dev: { account: dev } }
functions: { timed: { code: test/code/plain, schedule: "${expression}" } }
`;
  const input = {
    spec: { file: "spec.yaml", text },
    ledger: { file: "spec.lock.yaml" },
    library: libraryOf("."),
  };
  return compile(input).diagnostics.map(({ message }) => message.replace(/^.* and there are no /, ""));
}

test.each([
  "cron(0 3 * * ? *)",
  "cron(0/15 8-18 ? * MON-FRI *)",
  "cron(*/5 0,12 1-7,15 JAN,jun-Aug ? 2027-2030)",
  "cron(59 23 L * ? 2199)",
  "cron(0 0 LW * ? *)",
  "cron(0 0 L-3 * ? *)",
  "cron(0 0 15W 12 ? 1970)",
  "cron(0 0 ? * 6L *)",
  "cron(0 0 ? * FRIL *)",
  "cron(0 0 ? * TUE#2 *)",
  "rate(5 minutes)",
  "at(2028-02-29T03:00:00)",
])("%s is a time", (expression) => {
  expect(wrongWith(expression)).toEqual([]);
});

test.each([
  ["cron(60 3 * * ? *)", "minutes `60`"],
  ["cron(0 24 * * ? *)", "hours `24`"],
  ["cron(? 3 * * ? *)", "minutes `?`"],
  ["cron(0 3 0 * ? *)", "days of the month `0`"],
  ["cron(0 3 32W * ? *)", "days of the month `32W`"],
  ["cron(0 3 1 JANUARY ? *)", "months `JANUARY`"],
  ["cron(0 3 1 1-13 ? *)", "months `1-13`"],
  ["cron(0 3 ? * 0 *)", "days of the week `0`"],
  ["cron(0 3 ? * MON#6 *)", "days of the week `MON#6`"],
  ["cron(0 3 ? * FOOL *)", "days of the week `FOOL`"],
  ["cron(0 3 * * ? 1969)", "years `1969`"],
  ["cron(0/0 3 * * ? *)", "minutes `0/0`"],
  ["cron(1, 3 * * ? *)", "minutes ``"],
  ["cron(1-2-3 3 * * ? *)", "minutes `1-2-3`"],
  ["at(2027-02-29T03:00:00)", "`timed` runs at 2027-02-29T03:00:00, which is no time"],
  ["at(2027-01-01T24:00:00)", "`timed` runs at 2027-01-01T24:00:00, which is no time"],
  ["at(2027-13-01T03:00:00)", "`timed` runs at 2027-13-01T03:00:00, which is no time"],
])("%s is none", (expression, wrong) => {
  expect(wrongWith(expression)).toEqual([wrong]);
});
