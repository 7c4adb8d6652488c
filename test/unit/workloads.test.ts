/** Where applications live when the spec does not name their environments. */
import { expect, test } from "vitest";
import { compileText } from "../support/compile.ts";

const spec = (environments: string, store = "{ engine: s3 }") => `
version: 1
name: demo
regions: [eu-west-1]
accounts:
  shared: { id: "111111111111", email: a@demo.example }
  dev: { id: "222222222222", email: b@demo.example }
environments: { ${environments} }
domains: { demo.example: { environment: dev } }
stores: { uploads: ${store} }
`;

const placesOf = (text: string) =>
  compileText(text)
    .assembly.stackSets.find(({ name }) => name === "store-uploads")
    ?.placements.map(({ environment }) => environment);

const dev = "dev: { account: dev, domain: demo.example }";

test("they live where there is a domain", () => {
  expect(placesOf(spec(`shared: { account: shared }, ${dev}`))).toEqual(["dev"]);
});

test("they live everywhere where there is no domain at all", () => {
  const text = spec("shared: { account: shared }, dev: { account: dev }").replace(/^domains.*$/m, "");
  expect(placesOf(text)).toEqual(["shared", "dev"]);
});

test("an environment says whether they live in it", () => {
  expect(placesOf(spec(`shared: { account: shared, workloads: true }, ${dev}`))).toEqual(["shared", "dev"]);
  expect(
    placesOf(
      spec(`shared: { account: shared, workloads: true }, ${dev.replace("}", ", workloads: false }")}`),
    ),
  ).toEqual(["shared"]);
});

test("a store that names its environments lives in those", () => {
  expect(
    placesOf(spec(`shared: { account: shared }, ${dev}`, "{ engine: s3, environments: [shared] }")),
  ).toEqual(["shared"]);
});
