/** What the README says of the reference architecture: the stack sets and tests that it names are there. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const section = /(?<=^## The reference architecture\n).*?(?=^## )/ms.exec(readFileSync("README.md", "utf8"));
const rows = (section?.[0] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| --- "))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const { stackSets } = parse(readFileSync("generated/acme/stacksets.yaml", "utf8"));
const namesIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

describe.each(rows.filter(([title]) => title !== "system" && title !== "practice"))("%s", (...cells) => {
  const [carriers, tests] = cells.slice(-2);

  test("is carried by stack sets that are there", () => {
    const names = namesIn(carriers).filter((name) => name !== "stacksets.yaml");
    expect(names.filter((name) => !Object.hasOwn(stackSets, name))).toEqual([]);
  });

  test("is held to it by tests that are there", () => {
    expect(namesIn(tests).length).toBeGreaterThan(0);
    expect(namesIn(tests).filter((file) => !existsSync(file))).toEqual([]);
  });
});

test("every stack set of the reference architecture is named", () => {
  const named = new Set(rows.flatMap((cells) => cells.flatMap(namesIn)));
  expect(Object.keys(stackSets).filter((name) => !named.has(name))).toEqual([]);
});

test("there are fourteen systems and nine practices", () => {
  expect(rows).toHaveLength(14 + 9 + 2);
});
