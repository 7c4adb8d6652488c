/**
 * One component at a time: `golden/<kind>/<case>.yaml` is a piece of spec over a small base, and
 * `<case>.expected.yaml` the templates of that kind's stack sets.
 */
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { templateFile } from "../compiler/output/files.ts";
import { compileText } from "./support/compile.ts";
import { goldenSpec } from "./support/golden-spec.ts";
import { expectGolden } from "./support/goldens.ts";

/** The kinds, each with a directory of cases. A new kind is a word here. */
const kinds = [
  "access-findings",
  "aggregator",
  "alerts",
  "baseline",
  "budget",
  "certificate",
  "chat",
  "ci",
  "cluster",
  "dashboard",
  "delegation",
  "detector",
  "distribution",
  "edge",
  "findings",
  "function",
  "keys",
  "load-balancer-internal",
  "load-balancer-logs",
  "load-balancer-public",
  "log-archive",
  "monitoring",
  "network",
  "network-vpn",
  "organization",
  "outages",
  "patching",
  "people",
  "private-access",
  "recorder",
  "registry",
  "roles",
  "rules",
  "secrets",
  "security-hub",
  "service",
  "sessions",
  "site",
  "store",
  "trail",
  "trail-alarms",
  "transit",
  "vpc-block",
  "vpn",
  "web-acl",
  "zone",
];

const DIRECTORY = "test/golden";

test("every directory of cases belongs to a kind", () => {
  expect(readdirSync(DIRECTORY).toSorted()).toEqual(kinds);
});

describe.each(kinds)("%s", (kind) => {
  const files = existsSync(`${DIRECTORY}/${kind}`) ? readdirSync(`${DIRECTORY}/${kind}`) : [];
  const cases = files
    .filter((file) => !file.endsWith(".expected.yaml"))
    .map((file) => file.replace(".yaml", ""));

  test.each(cases)("%s", (name) => {
    const file = `${DIRECTORY}/${kind}/${name}`;
    const { assembly, files: printed } = compileText(goldenSpec(`${file}.yaml`));
    const own = assembly.stackSets.filter(
      (stackSet) => stackSet.name === kind || stackSet.name.startsWith(`${kind}-`),
    );
    const texts = own.map((stackSet) => printed.get(templateFile(stackSet.name)));
    expectGolden(`${file}.expected.yaml`, texts.join("---\n"));
  });

  test("every expected file has its case", () => {
    const expected = files.filter((file) => file.endsWith(".expected.yaml"));
    expect(expected.toSorted()).toEqual(cases.map((name) => `${name}.expected.yaml`).toSorted());
    expect(cases.length).toBeGreaterThan(0);
  });
});
