/** A stack that several environments need, in an account of none of them: repositories of images. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Aws, startAws } from "../aws/server.ts";
import { emptyWorkplace, loggedIn, type Workplace } from "../support/landform.ts";

const TOOLS = "111111111111";
const SPEC = `version: 1
name: demo
regions: [eu-west-1]
administration: tools
accounts:
  tools: { id: "${TOOLS}", email: tools@demo.example }
  dev: { id: "222222222222", email: dev@demo.example }
  prod: { id: "333333333333", email: prod@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
services:
  web: { image: acme/web, version: "1", environments: [dev] }
  api: { image: acme/api, version: "1", environments: [prod] }
`;
const REGISTRY = "generated/demo/registry.yaml";

let aws: Aws;
let place: Workplace;
beforeAll(async () => {
  aws = await startAws({ instanceMilliseconds: 1 });
  place = emptyWorkplace();
  place.env = await loggedIn(aws, TOOLS);
  place.write("specs/demo.yaml", SPEC);
});
afterAll(async () => {
  place.remove();
  await aws.stop();
});

const landform = async (...args: string[]) => {
  const ended = await place.landform(...args);
  expect(ended.code, ended.err).toBe(0);
  return ended;
};
const deploy = (...args: string[]) => landform("deploy", "--poll", "0.02", ...args);
const registry = () => aws.stackSets.get("demo-registry");
const accounts = () => [...(registry()?.instances.values() ?? [])].map(({ account }) => account);

test("it is deployed with whichever environment comes first, before what needs it", async () => {
  await landform("compile");
  const { err } = await deploy("-e", "prod", "--only", "service-api");
  expect(accounts()).toEqual([TOOLS]);
  expect(registry()?.template).toBe(place.read(REGISTRY));
  expect(err.indexOf("registry: deployed")).toBeGreaterThan(0);
  expect(err.indexOf("registry: deployed")).toBeLessThan(err.indexOf("service-api: creating"));
  expect(err).toContain("registry: account tools eu-west-1 SUCCEEDED");
});

test("it is brought up to date with each that it serves", async () => {
  await deploy();
  place.edit("specs/demo.yaml", 'image: acme/api, version: "1"', 'image: acme/backend, version: "1"');
  await landform("compile");
  const { out } = await deploy("-e", "dev");
  expect(out).not.toContain("outdated: registry");
  expect(registry()?.template).toBe(place.read(REGISTRY));
  place.edit("specs/demo.yaml", "acme/backend", "acme/api");
  await landform("compile");
  await deploy("-e", "prod");
  expect(registry()?.template).toBe(place.read(REGISTRY));
});

test("status shows it once, by its account", async () => {
  const { code, out } = await place.landform("status");
  expect(code).toBe(0);
  const [head = "", ...rows] = out.split("\n");
  expect(head).toMatch(/STACK SET.*dev.*prod.*account tools eu-west-1/);
  expect(rows.find((row) => row.includes("registry"))?.match(/current/g)).toHaveLength(1);
});

test("each environment it serves can be asked for it", async () => {
  const views = await Promise.all(["dev", "prod"].map((name) => landform("show", "registry", "--in", name)));
  expect(views[0]?.out).toContain("RepositoryName: acme/web");
  expect(views[1]?.out).toBe(views[0]?.out);
  expect((await place.landform("show", "registry", "--in", "qa")).err).toContain(
    "there are `dev` and `prod`",
  );
});
