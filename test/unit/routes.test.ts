/** Priorities of listener rules: what the ledger keeps of them, and what happens where a length of path has no more. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../support/compile.ts";

const specWith = (services: readonly string[]): string => `version: 1
name: demo
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: dev@demo.example } }
environments: { dev: { account: dev, domain: dev.demo.example } }
domains: { dev.demo.example: { environment: dev } }
services:
${services.join("")}`;

/** A service for a branch that is looked at for a while: each has the path \`/*\`, under a host of its own. */
const preview = (index: number): string =>
  `  pr-${index}: { image: acme/web, version: "1.0.0", port: 8080, public: { path: /*, host: pr-${index} } }\n`;
const previews = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => preview(from + index));

const prioritiesIn = (ledger: string): Record<string, number> =>
  (parse(ledger) as { "listener-rules": { public: Record<string, number> } })["listener-rules"].public;

test("what comes and goes never uses up the numbers of a path's length, and moves no rule that stays", () => {
  const staying = preview(0);
  let ledger: string | undefined;
  const first = prioritiesIn(compileText(specWith([staying])).ledger)["services.pr-0 pr-0/*"];
  for (let round = 0; round < 8; round++) {
    const services = [staying, ...previews(1 + 40 * round, 41 + 40 * round)];
    ({ ledger } = compileText(specWith(services), ledger === undefined ? {} : { ledger }));
    const priorities = prioritiesIn(ledger);
    expect(priorities["services.pr-0 pr-0/*"]).toBe(first);
    expect(Object.keys(priorities)).toEqual(
      expect.arrayContaining([`services.pr-${40 * round + 40} pr-${40 * round + 40}/*`]),
    );
    expect(new Set(Object.values(priorities)).size).toBe(Object.keys(priorities).length);
    // What it writes it reads again, and changes nothing.
    expect(compileText(specWith(services), { ledger }).ledger).toBe(ledger);
  }
});

test("more rules than a path's length has numbers for are an error of the spec", () => {
  expect(() => compileText(specWith(previews(0, 195)))).not.toThrow();
  expect(() => compileText(specWith(previews(0, 196)))).toThrow(
    "spec.yaml:107:67 error limit-exceeded: the public load balancer has more than 195 rules for paths as long as `/*`",
  );
});
