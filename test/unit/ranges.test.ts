/** Address ranges: what was given once never moves, and nothing ever overlaps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { overlaps, rangeOfCidr } from "../../compiler/cidr.ts";
import {
  type NetworkAllocation,
  type NetworkRanges,
  subnetsOf,
} from "../../compiler/components/network/ranges.ts";
import { compileText } from "../support/compile.ts";

test("a VPC is divided for six zones: an eighth for each private subnet, a 64th for each of the others", () => {
  const ranges = subnetsOf("10.1.0.0/16");
  expect(ranges.private).toEqual([
    "10.1.0.0/19",
    "10.1.32.0/19",
    "10.1.64.0/19",
    "10.1.96.0/19",
    "10.1.128.0/19",
    "10.1.160.0/19",
  ]);
  expect(ranges.public[0]).toBe("10.1.192.0/22");
  expect(ranges.isolated[5]).toBe("10.1.244.0/22");
});

test("the smallest subnet of the smallest VPC has room for a load balancer", () => {
  expect(subnetsOf("10.1.0.0/21").public[0]).toBe("10.1.6.0/27");
});

interface EnvironmentSpec {
  azs: number;
  prefix: number;
  regions: string[];
}

const environment = fc.record<EnvironmentSpec>({
  azs: fc.integer({ min: 1, max: 6 }),
  prefix: fc.integer({ min: 16, max: 21 }),
  // One that it keeps: an environment that is in none of its Regions any more has moved, which is an error.
  regions: fc.subarray(["us-east-1", "eu-north-1"]).map((others) => ["eu-west-1", ...others]),
});

const name = fc.constantFrom("dev", "stage", "prod", "qa", "load", "demo");

/** A spec of environments, in the order of the entries. */
const specOf = (environments: [string, EnvironmentSpec][]) =>
  stringify({
    version: 1,
    name: "demo",
    regions: ["eu-west-1"],
    accounts: Object.fromEntries(
      ["dev", "stage", "prod", "qa", "load", "demo"].map((account, index) => [
        account,
        { id: String(index + 1).repeat(12), email: `${account}@demo.example` },
      ]),
    ),
    environments: Object.fromEntries(
      environments.map(([key, { azs, prefix, regions }]) => [
        key,
        { account: key, regions, network: { azs, "vpc-prefix": prefix } },
      ]),
    ),
  });

const networksOf = (ledger: string) => (parse(ledger) as { networks: NetworkAllocation }).networks;

describe("whatever becomes of a spec", () => {
  test("no range that was given moves, and none overlaps another", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(name, environment), { minLength: 1, maxLength: 6 }), {
          minLength: 2,
          maxLength: 5,
        }),
        (versions) => {
          let ledger: string | undefined;
          for (const environments of versions) {
            const unique = [...new Map(environments)];
            const before = ledger === undefined ? {} : networksOf(ledger);
            const result = compileText(specOf(unique), ledger === undefined ? {} : { ledger });
            ledger = result.ledger;
            const after = networksOf(ledger);
            expect(after).toMatchObject(before);
            for (const [key, { regions }] of unique)
              for (const region of regions) expect(after).toHaveProperty([`${key}/${region}`]);
            expectDisjoint(Object.values(after).map(({ vpc }) => vpc));
            for (const ranges of Object.values(after)) expectSubnetsDisjoint(ranges);
          }
        },
      ),
      { seed: 20261123, numRuns: 60 },
    );
  });
});

function expectSubnetsDisjoint(ranges: NetworkRanges): void {
  expectDisjoint([...ranges.public, ...ranges.private, ...ranges.isolated]);
}

function expectDisjoint(cidrs: readonly string[]): void {
  const sorted = cidrs.map(rangeOfCidr).toSorted((a, b) => a.first - b.first);
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next) expect(overlaps(range, next)).toBe(false);
  }
}
