/** CloudFormation's limits: headroom before they are hit, an error when they are. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { diagnosticsOf } from "../support/compile.ts";

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** What is said about a spec of so many environments, or interface endpoints, and at least as many accounts. */
function saidAbout({ environments = 1, endpoints = 0, accounts: more = 0 }): string {
  const accounts = range(Math.max(environments, more)).map(
    (index) => `  a${index}: { id: "${100_000_000_000 + index}", email: a@limits.example }\n`,
  );
  const text = `version: 1
name: limits
regions: [eu-west-1]
accounts:
${accounts.join("")}environments:
${range(environments)
  .map((index) => `  e${index}: { account: a${index} }\n`)
  .join("")}network:
  vpc-prefix: 20
  endpoints: [${range(endpoints)
    .map((index) => `service${index}`)
    .join(", ")}]
`;
  return diagnosticsOf(
    compile({ spec: { file: "limits.yaml", text }, ledger: { file: "limits.lock.yaml" } }),
  );
}

test("far from every limit, nothing is said", () => {
  expect(saidAbout({ environments: 100, endpoints: 100 })).toBe("");
});

test("near a limit, the headroom is said, and the spec still compiles", () => {
  expect(saidAbout({ endpoints: 380 })).toMatchInlineSnapshot(`
    "limits.yaml:8:1 warning limit-near: the stack set \`network\` has 431 resources; 69 more are allowed
        |
      8 | network:
        | ^^^^^^^
      help: ask for less of it, or spread it over several specs

    "
  `);
});

test("over a limit, it is an error", () => {
  expect(saidAbout({ endpoints: 480 })).toMatchInlineSnapshot(`
    "limits.yaml:8:1 error limit-exceeded: the stack set \`network\` has 531 resources; at most 500 are allowed
        |
      8 | network:
        | ^^^^^^^
      help: ask for less of it, or spread it over several specs

    "
  `);
  expect(saidAbout({ environments: 201 })).toContain("has 201 rows in a mapping; at most 200 are allowed");
});

test("a bucket that is read from as many accounts as there are has a limit too", () => {
  expect(saidAbout({ environments: 199, accounts: 451 })).toMatch(
    /error limit-exceeded: the stack `bootstrap-artifacts` has \d+ characters in a bucket policy; at most 20480 are allowed/,
  );
});

/** What is said about a service that uses so many buckets, where each is in the environments named. */
function saidAboutUses(buckets: number, environmentsOf = (_: number) => "dev, prod"): string {
  const names = range(buckets).map((index) => `bucket-${String(index).padStart(2, "0")}`);
  const stores = names.map(
    (name, index) => `  ${name}: { engine: s3, environments: [${environmentsOf(index)}] }\n`,
  );
  const lists = ["dev", "prod"].map((environment) => {
    const used = names.filter((_, index) => environmentsOf(index).includes(environment));
    return `${environment}: { uses: [${used.join(", ")}] }`;
  });
  const text = `version: 1
name: limits
regions: [ap-southeast-1]
accounts:
  dev: { id: "111111111111", email: dev@limits.example }
  prod: { id: "222222222222", email: prod@limits.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
cluster: { capacity: fargate }
services:
  api: { image: limits/api, version: "1", in: { ${lists.join(", ")} } }
stores:
${stores.join("")}`;
  return diagnosticsOf(
    compile({ spec: { file: "limits.yaml", text }, ledger: { file: "limits.lock.yaml" } }),
  );
}

test("all rights of a role have one limit, as long as they are when they are resolved", () => {
  expect(saidAboutUses(11)).toBe("");
  expect(saidAboutUses(14)).toContain("warning limit-near");
  expect(saidAboutUses(15)).toMatchInlineSnapshot(`
    "limits.yaml:12:3 error limit-exceeded: the stack set \`service-api\` has 10950 characters in a role's own policies; at most 10240 are allowed
         |
      12 |   api: { image: limits/api, version: "1", in: { dev: { uses: [bucket-00, bucket-01, bucket-02, bucke…
         |   ^^^
      help: let it use fewer things, or split it in two

    "
  `);
});

test("what a role may do in one environment only has its limit there", () => {
  const spread = (index: number) => (index < 7 ? "dev" : index < 14 ? "prod" : "dev, prod");
  expect(saidAboutUses(18, spread)).not.toContain("policies");
  expect(saidAboutUses(22, spread)).toContain(
    "error limit-exceeded: the stack set `service-api` has 10950 char",
  );
});
