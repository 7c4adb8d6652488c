/** Where the stacks of the baseline are: in which accounts and Regions, and in what order. */
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { compileText } from "../support/compile.ts";

/** An environment at home, one elsewhere, and the account for security, which hosts none. */
const spec = (baseline: object = {}, more: object = {}) =>
  stringify({
    version: 1,
    name: "demo",
    regions: ["eu-west-1"],
    accounts: {
      dev: { id: "111111111111", email: "aws+dev@demo.example" },
      far: { id: "222222222222", email: "aws+far@demo.example" },
      security: { id: "333333333333", email: "aws+security@demo.example" },
    },
    environments: { dev: { account: "dev" }, far: { account: "far", regions: ["eu-west-3"] } },
    network: { environments: ["dev"] },
    security: { baseline },
    ...more,
  });

function placesOf(name: string, baseline?: object, more?: object): string[] | undefined {
  const stackSet = compileText(spec(baseline, more)).assembly.stackSets.find((each) => each.name === name);
  return stackSet?.placements.map(({ account, region }) => `${account.name} ${region}`).toSorted();
}

const EVERYWHERE = ["dev", "far", "security"].flatMap((account) =>
  ["eu-west-1", "eu-west-3", "us-east-1"].map((region) => `${account} ${region}`),
);

test("what is regional is everywhere, what is of an account in its home Region", () => {
  expect(placesOf("baseline")).toEqual(EVERYWHERE);
  expect(placesOf("baseline-account")).toEqual(["dev eu-west-1", "far eu-west-1", "security eu-west-1"]);
});

test("what the organization's policies say is set only in the account that they don't bind", () => {
  expect(placesOf("baseline-instances")).toEqual(EVERYWHERE);
  expect(placesOf("baseline-buckets")).toEqual(placesOf("baseline-account"));
  const governed = {
    organization: "o-a1b2c3d4e5",
    accounts: {
      dev: { id: "111111111111", email: "aws+dev@demo.example" },
      far: { id: "222222222222", email: "aws+far@demo.example" },
      management: { id: "444444444444", email: "aws@demo.example" },
      security: { id: "333333333333", email: "aws+security@demo.example" },
    },
  };
  const places = ["eu-west-1", "eu-west-3", "us-east-1"].map((region) => `management ${region}`);
  expect(placesOf("baseline-instances", {}, governed)).toEqual(places);
  expect(placesOf("baseline-buckets", {}, governed)).toEqual(["management eu-west-1"]);
  expect(placesOf("baseline-buckets", { "s3-block": false })).toBeUndefined();
});

describe("the block of VPCs", () => {
  test("is everywhere, and comes after networks, which are excluded", () => {
    expect(placesOf("vpc-block")).toEqual(EVERYWHERE);
    const { stackSets } = compileText(spec()).assembly;
    const block = stackSets.find(({ name }) => name === "vpc-block");
    expect(block?.dependsOn).toEqual(["network"]);
  });

  test("is only where no environment is", () => {
    const unused = EVERYWHERE.filter((place) => !["dev eu-west-1", "far eu-west-3"].includes(place));
    expect(placesOf("vpc-block", { "vpc-block": "unused" })).toEqual(unused);
  });

  test("excludes a network whatever is asked for, since the one must not go before the other", () => {
    for (const block of ["everywhere", "unused", "nowhere"]) {
      const { stackSets } = compileText(spec({ "vpc-block": block })).assembly;
      const network = stackSets.find(({ name }) => name === "network");
      expect(Object.keys(network?.template.Resources ?? {})).toContain("PublicAccessExclusion");
    }
  });

  test("is nowhere", () => {
    expect(placesOf("vpc-block", { "vpc-block": "nowhere" })).toBeUndefined();
  });
});
