/** Sets of traffic against sets of numbers; ranges of addresses against the addresses in them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../unit/families.ts";
import { addressesOf, contains, isPublic } from "./addresses.ts";
import {
  describeTraffic,
  difference,
  everything,
  intersection,
  nothing,
  type Traffic,
  tcp,
  traffic,
  union,
} from "./traffic.ts";

/** Ports of tcp that may overlap, touch or be apart. */
const port = fc.nat(30);
const ports: fc.Arbitrary<Traffic> = fc
  .array(fc.tuple(port, port), { maxLength: 4 })
  .map((pairs) => union(...pairs.map(([a, b]) => tcp(Math.min(a, b), Math.max(a, b)))));

const numbersIn = (set: Traffic): Set<number> =>
  new Set(
    set.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index)),
  );

describe("sets of traffic", () => {
  test.each([
    ["union", union, (a: Set<number>, b: Set<number>) => [...a, ...b]],
    ["intersection", intersection, (a: Set<number>, b: Set<number>) => [...a].filter((each) => b.has(each))],
    ["difference", difference, (a: Set<number>, b: Set<number>) => [...a].filter((each) => !b.has(each))],
  ] as const)("%s", (_, ofSets, ofNumbers) => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        expect(numbersIn(ofSets(a, b))).toEqual(new Set(ofNumbers(numbersIn(a), numbersIn(b))));
      }),
      runs(500),
    );
  });

  test("that are equal are written alike", () => {
    expect(union(tcp(1, 5), tcp(6), tcp(3, 4))).toEqual(tcp(1, 6));
    expect(difference(tcp(1, 6), tcp(1, 6))).toEqual(nothing);
  });

  test.each([
    [everything, "everything"],
    [union(tcp(80), tcp(443, 445)), "tcp 80, 443-445"],
    [union(traffic("udp"), tcp(22)), "tcp 22; udp"],
    [traffic("50"), "protocol 50"],
    [nothing, ""],
  ])("in words: %o", (set, words) => {
    expect(describeTraffic(set)).toBe(words);
  });

  test("of no protocol or port are errors", () => {
    expect(() => traffic("256")).toThrow("no IP protocol 256");
    expect(() => traffic("tcp", 1, 65_536)).toThrow("no ports 1 to 65536");
    expect(() => traffic("tcp", Number.NaN, 1)).toThrow("no ports NaN to 1");
  });
});

describe("ranges of addresses", () => {
  test("contain others, and addresses", () => {
    expect(contains("10.0.0.0/8", "10.1.0.0/16")).toBe(true);
    expect(contains("10.1.0.0/16", "10.0.0.0/8")).toBe(false);
    expect(contains("10.1.0.0/16", "10.1.255.255")).toBe(true);
    expect(contains("10.1.0.0/16", "10.2.0.0")).toBe(false);
    expect(contains("0.0.0.0/0", "255.255.255.255")).toBe(true);
  });

  test.each(["10.0.0.0", "10.0.0.0/33", "10.0/8", "::/0", "<dev small Vpc CidrBlock>"])(
    "%s is none",
    (text) => {
      expect(() => contains(text, "10.0.0.0")).toThrow("is not an IPv4 range");
    },
  );

  test("are cut so that nothing tells the addresses of a part apart", () => {
    expect(addressesOf("10.0.0.0/24", [])).toEqual(["10.0.0.0"]);
    expect(addressesOf("10.0.0.0/24", ["10.0.0.0/16", "10.0.1.0/24"])).toEqual(["10.0.0.0"]);
    expect(addressesOf("10.0.0.0/24", ["10.0.0.128/25"])).toEqual(["10.0.0.0", "10.0.0.128"]);
    expect(addressesOf("10.0.0.0/30", ["10.0.0.2/32"])).toEqual(["10.0.0.0", "10.0.0.2", "10.0.0.3"]);
  });

  test("of the internet are those that nobody has for himself", () => {
    const all = [
      "8.8.8.8",
      "9.255.255.255",
      "10.0.0.1",
      "127.0.0.1",
      "172.31.0.1",
      "192.168.1.1",
      "224.0.0.1",
    ];
    expect(all.filter(isPublic)).toEqual(["8.8.8.8", "9.255.255.255"]);
  });
});
