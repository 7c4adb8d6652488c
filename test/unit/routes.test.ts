/** Priorities of listener rules: what the ledger keeps of them, and what happens where a length of path has no more. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { compile } from "../../compiler/compile.ts";
import { compileText, diagnosticsOf } from "../support/compile.ts";

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

/** Two services of which one has the path. */
const shared = (owner: "shop" | "cart"): string =>
  specWith(
    ["shop", "cart"].map((name) => {
      const paths = name === owner ? `[/${name}, /pay/*]` : `/${name}`;
      return `  ${name}: { image: acme/${name}, version: "1", port: 80, public: ${paths} }\n`;
    }),
  );

/** What is told of a spec, and the ledger after it. */
function compileWith(
  text: string,
  ledger?: string,
): { told: string; priorities: Record<string, number>; ledger: string } {
  const compilation = compile({
    spec: { file: "spec.yaml", text },
    ledger: { file: "spec.lock.yaml", text: ledger },
  });
  const told = diagnosticsOf(compilation);
  const after = compilation.result?.ledger ?? "";
  return { told, priorities: after === "" ? {} : prioritiesIn(after), ledger: after };
}

test("who gets a path comes after who had it, there and back, and is told of it once", () => {
  const first = compileWith(shared("shop"));
  const there = compileWith(shared("cart"), first.ledger);
  const back = compileWith(shared("shop"), there.ledger);
  const numbers = [
    first.priorities["services.shop /pay/*"],
    there.priorities["services.cart /pay/*"],
    back.priorities["services.shop /pay/*"],
  ];
  expect(numbers[1]).toBeGreaterThan(Number(numbers[0]));
  expect(numbers[2]).toBeGreaterThan(Number(numbers[1]));
  expect(first.told).toBe("");
  expect(there.told).toContain(
    "`/pay/*` of the public load balancer goes from `services.shop` to `services.cart`",
  );
  expect(there.told).toContain("`landform deploy --only service-cart`");
  expect(back.told).toContain(
    "`/pay/*` of the public load balancer goes from `services.cart` to `services.shop`",
  );
  expect(compileWith(shared("cart"), there.ledger)).toEqual({ ...there, told: "" });
  expect(compileWith(shared("shop"), back.ledger)).toEqual({ ...back, told: "" });
});

test("it comes after even where a smaller number is free", () => {
  const { ledger, priorities } = compileWith(shared("shop"));
  const number = Number(priorities["services.shop /pay/*"]);
  const later = ledger.replace(`'services.shop /pay/*': ${number}`, `'services.shop /pay/*': ${number + 7}`);
  expect(compileWith(shared("cart"), later).priorities["services.cart /pay/*"]).toBe(number + 8);
  const last = ledger.replace(`'services.shop /pay/*': ${number}`, `'services.shop /pay/*': ${number + 194}`);
  expect(compileWith(shared("cart"), last).told).toContain(
    "error limit-exceeded: the public load balancer has no number left for `/pay/*` that is larger",
  );
});

test("a service with another name gets its requests when the old one is removed, and is told so", () => {
  const { ledger } = compileWith(specWith([preview(1)]));
  const renamed = specWith([preview(1).replace("  pr-1:", "  new:")]);
  const { told, priorities } = compileWith(renamed, ledger);
  expect(told).toContain("`services.pr-1` has left the spec, but its rule stays live");
  expect(told).toContain("`landform remove service-pr-1`");
  expect(priorities["services.new pr-1/*"]).toBeGreaterThan(Number(priorities["services.pr-1 pr-1/*"]));
});

test("two that have a path in different environments keep their numbers, and nobody is told", () => {
  const inEach = (names: readonly string[]) =>
    specWith(
      names.map(
        (name) =>
          `  ${name}: { image: acme/a, version: "1", port: 80, public: /*, environments: [${name}] }\n`,
      ),
    )
      .replace("accounts: {", 'accounts: { prod: { id: "222222222222", email: prod@demo.example },')
      .replace("environments: {", "environments: { prod: { account: prod, domain: prod.demo.example },")
      .replace("domains: {", "domains: { prod.demo.example: { environment: prod },");
  const first = compileWith(inEach(["dev"]));
  const both = compileWith(inEach(["dev", "prod"]), first.ledger);
  expect(both.told).toBe("");
  expect(both.priorities).toMatchObject(first.priorities);
  expect(compileWith(inEach(["dev", "prod"]), both.ledger)).toEqual(both);
});

test("of three that had a path, one that nobody wants any more moves those that are deployed after it", () => {
  const service = (name: string, environment: string, more = "") =>
    `  ${name}: { image: acme/web, version: "1.0.0", port: 8080, environments: ${environment}, ${more} }\n`;
  const spec = (services: readonly string[]) =>
    specWith(services)
      .replace(
        'dev: { id: "111111111111", email: dev@demo.example } }\nenvironments: { dev: { account: dev, domain: dev.demo.example } }',
        'dev: { id: "111111111111", email: dev@demo.example }, prod: { id: "222222222222", email: prod@demo.example }, stage: { id: "333333333333", email: stage@demo.example } }\nenvironments: { dev: { account: dev, domain: dev.demo.example }, prod: { account: prod, domain: prod.demo.example }, stage: { account: stage, domain: stage.demo.example } }',
      )
      .replace(
        "domains: { dev.demo.example: { environment: dev } }",
        "domains: { dev.demo.example: { environment: dev }, prod.demo.example: { environment: prod }, stage.demo.example: { environment: stage } }",
      );
  const path = "public: /x/*";
  const before = compileText(
    spec([service("a", "[dev]", path), service("b", "[prod]", path), service("c", "[stage]", path)]),
  );
  const after = compileText(
    spec([
      service("a", "[dev]", path),
      service("b", "[prod, stage]", path),
      service("c", "[stage]", "internal: /c"),
    ]),
    { ledger: before.ledger },
  );
  const [was, is] = [prioritiesIn(before.ledger), prioritiesIn(after.ledger)];
  // What is live of it in stage goes on getting the requests until b answers there.
  expect(is["services.b /x/*"]).toBeGreaterThan(was["services.c /x/*"] as number);
  expect(is["services.c /x/*"]).toBe(was["services.c /x/*"]);
});
