/** Ranges in CIDR notation: whether they are ranges, and ranges a network can have. */
import { networkOf, overlaps, rangeOfCidr } from "../cidr.ts";
import { type Diagnostic, inSpec, type Report } from "../diagnostics.ts";
import type { SpecPath } from "../path.ts";

/** Ranges that no network can have: https://www.iana.org/assignments/iana-ipv4-special-registry */
const SPECIAL: readonly (readonly [string, string])[] = [
  ["0.0.0.0/8", "this network"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local addresses"],
  ["224.0.0.0/3", "multicast and reserved addresses"],
];

/** @returns whether the text, which has the form of a range, is one that a network can have */
export function checkCidr(cidr: string, path: SpecPath, report: Report): boolean {
  const trouble = troubleWith(cidr);
  if (!trouble) return true;
  report({ ...trouble, at: inSpec(path) });
  return false;
}

function troubleWith(cidr: string): Omit<Diagnostic, "at"> | undefined {
  const plain = cidr.replace(/(^|\.)0+(?=\d)/g, "$1");
  const network = networkOf(plain);
  if (plain !== cidr) {
    return {
      code: "bad-value",
      message: `${cidr} has a number with a leading zero, which some read as octal`,
      help: `without them it is ${network}`,
    };
  }
  if (network !== cidr) {
    return {
      code: "cidr-host-bits",
      message: `${cidr} is an address inside a range, not a range`,
      help: `the range is ${network}`,
    };
  }
  const special = SPECIAL.find(([range]) => overlaps(rangeOfCidr(range), rangeOfCidr(cidr)));
  if (!special) return undefined;
  return {
    code: "bad-value",
    message: `${cidr} has addresses of ${special[0]}, which is for ${special[1]}`,
    help: "take one of the private ranges: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
  };
}
