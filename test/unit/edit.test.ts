/** Editing a spec's text: one value changes, and all else is byte for byte as it was. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { setText } from "../../cli/edit.ts";
import { parseSource } from "../../compiler/reading/source.ts";
import { isJsonObject, type Json, type JsonObject } from "../../compiler/schema.ts";

const BASE = ["services", "web", "version"];
const DEV = ["services", "web", "in", "dev", "version"];

/** What becomes of a text when the version at a path is set to 1.5.0. */
const edited = (text: string, path: readonly string[] = DEV, version = "1.5.0") =>
  setText(parseSource("spec", "spec.yaml", text).source, path, version, BASE);

describe("a value that is there", () => {
  test.each([
    ["double quotes", `version: "1.4.0" # now`, `version: "1.5.0" # now`],
    ["single quotes", "version: '1.4.0'", "version: '1.5.0'"],
    ["no quotes", "version: 1.4.0", "version: 1.5.0"],
    ["a block of text", "version: >-\n      1.4.0", "version: 1.5.0"],
    ["a key in quotes", `"version" :  1.4.0`, `"version" :  1.5.0`],
  ])("keeps its style: %s", (_, before, after) => {
    expect(edited(`services:\n  web:\n    ${before}\n`, BASE)).toBe(`services:\n  web:\n    ${after}\n`);
    const inLayer = (line: string) =>
      `services:\n  web:\n    in:\n      dev:\n        ${line}\n    port: 1\n`;
    expect(edited(inLayer(before.replace("\n", "\n    ")))).toBe(inLayer(after));
  });

  test.each(["1.10", "2", "1e3", "0x1f", "2026-01-01", "1_000", "no", "true", "null", "y"])(
    "gets quotes where YAML would take it for something else than text: %s",
    (version) => {
      expect(edited("services: { web: { version: 1.4.0 } }", BASE, version)).toBe(
        `services: { web: { version: "${version}" } }`,
      );
    },
  );

  test("a digest needs none", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    expect(edited("services: { web: { version: 1.4.0 } }", BASE, digest)).toBe(
      `services: { web: { version: ${digest} } }`,
    );
  });
});

describe("a value that is not there is added", () => {
  test.each([
    [
      "to brackets on one line",
      `  web: { version: "1.4.0", port: 3000 } # web`,
      `  web: { version: "1.4.0", port: 3000, in: { dev: { version: "1.5.0" } } } # web`,
    ],
    [
      "to brackets without spaces inside",
      "  web: {version: 1.4.0, in: {prod: {port: 1}}}",
      "  web: {version: 1.4.0, in: {prod: {port: 1}, dev: {version: 1.5.0}}}",
    ],
    [
      "to brackets over several lines",
      `  web: {\n    version: "1.4.0", # base\n    port: 3000, # http\n  }`,
      `  web: {\n    version: "1.4.0", # base\n    port: 3000, # http\n    in: { dev: { version: "1.5.0" } },\n  }`,
    ],
    [
      "to brackets over several lines without a comma at the end",
      `  web: {\n    version: "1.4.0",\n    port: 3000 # http\n  }`,
      `  web: {\n    version: "1.4.0",\n    port: 3000, # http\n    in: { dev: { version: "1.5.0" } }\n  }`,
    ],
    [
      "to brackets that break somewhere",
      `  web: { version: "1.4.0",\n    port: 3000, uses: [a,\n    b] }`,
      `  web: { version: "1.4.0",\n    port: 3000, uses: [a,\n    b], in: { dev: { version: "1.5.0" } } }`,
    ],
    [
      "to lines, in lines where the file has no brackets",
      `  web:\n    version: "1.4.0"\n    port: 3000 # http\n\n  # the rest\n  api:\n    version: "1"`,
      `  web:\n    version: "1.4.0"\n    port: 3000 # http\n    in:\n      dev:\n        version: "1.5.0"\n\n  # the rest\n  api:\n    version: "1"`,
    ],
    [
      "to lines, in brackets where the file has some",
      `  web:\n    version: "1.4.0"\n    port: 3000 # http\n  api: { version: "1" }`,
      `  web:\n    version: "1.4.0"\n    port: 3000 # http\n    in: { dev: { version: "1.5.0" } }\n  api: { version: "1" }`,
    ],
    [
      "in the style of another that differs by environment",
      `  web:\n    version: "1.4.0"\n  api:\n    in:\n      prod: { port: 2 }`,
      `  web:\n    version: "1.4.0"\n    in:\n      dev: { version: "1.5.0" }\n  api:\n    in:\n      prod: { port: 2 }`,
    ],
    [
      "beside other environments in lines",
      "  web:\n      version: 1.4.0\n      in:\n          prod:\n              port: 2 # two\n          # qa: later\n      port: 1",
      "  web:\n      version: 1.4.0\n      in:\n          prod:\n              port: 2 # two\n          dev:\n              version: 1.5.0\n          # qa: later\n      port: 1",
    ],
    [
      "beside other settings of the environment",
      `  web:\n    version: "1.4.0"\n    in:\n      dev:\n        uses:\n          - a\n          - b # b`,
      `  web:\n    version: "1.4.0"\n    in:\n      dev:\n        uses:\n          - a\n          - b # b\n        version: "1.5.0"`,
    ],
    [
      "beside a text of several lines",
      "  web:\n    version: 1.4.0\n    command:\n      - |\n        a\n        b\n\n  api: {}",
      "  web:\n    version: 1.4.0\n    command:\n      - |\n        a\n        b\n    in:\n      dev:\n        version: 1.5.0\n\n  api: {}",
    ],
    [
      "where nothing stands behind the key",
      "  web:\n    version: 1.4.0\n    in: # by environment\n    port: 1",
      "  web:\n    version: 1.4.0\n    in: { dev: { version: 1.5.0 } } # by environment\n    port: 1",
    ],
    [
      "to empty brackets",
      "  web: { version: 1.4.0, in: { dev: {} } }",
      "  web: { version: 1.4.0, in: { dev: { version: 1.5.0 } } }",
    ],
    [
      "behind a key alone",
      "  web: { version: 1.4.0, in: { dev } }",
      "  web: { version: 1.4.0, in: { dev: { version: 1.5.0 } } }",
    ],
  ])("%s", (_, before, after) => {
    for (const end of ["\n", ""]) {
      const text = `services:\n${before}${end}`;
      expect(edited(text)).toBe(`services:\n${after}${end}`);
      expect(edited(text.replaceAll("\n", "\r\n"))).toBe(
        `services:\n${after}${end}`.replaceAll("\n", "\r\n"),
      );
    }
  });

  test("under a key in quotes where YAML 1.1 would take it for something else than text", () => {
    const path = ["services", "web", "in", "no", "version"];
    expect(edited("services: { web: { version: 1.4.0 } }", path)).toBe(
      `services: { web: { version: 1.4.0, in: { "no": { version: 1.5.0 } } } }`,
    );
  });
});

test("what it can't edit without changing more it leaves alone", () => {
  expect(edited("services:\n  ? web\n  : ? version\n    : 1.4.0\n    ? in\n")).toBeUndefined();
});

/** A part of a spec as somebody may have written it. */
type Written =
  | string
  | { readonly style: Style; readonly entries: readonly (readonly [key: string, value: Written])[] };
type Style = "lines" | "brackets" | "brackets in lines" | "brackets in lines, with a last comma";

const styles = fc.constantFrom<Style>(
  ...["lines" as const, "brackets" as const],
  ...["brackets in lines" as const, "brackets in lines, with a last comma" as const],
);
const mapOf = (...entries: fc.Arbitrary<readonly [string, Written]>[]): fc.Arbitrary<Written> =>
  fc
    .record({ style: styles, entries: fc.shuffledSubarray(entries, { minLength: 1 }) })
    .chain(({ style, entries }) => fc.tuple(...entries).map((made) => ({ style, entries: made })));
const entry = (key: string, value: fc.Arbitrary<Written>) => value.map((made) => [key, made] as const);

const versions = fc.constantFrom("1.4.0", '"1.4.0"', "'1.4.0'", '"1.10"', "v1");
const nothing = fc.constantFrom("", "{}", "~", "{ }");
const layer = fc.oneof(
  nothing,
  mapOf(entry("version", versions), entry("port", fc.constant("80")), entry("scale", fc.constant("4-20"))),
);
const service = mapOf(
  entry("image", fc.constantFrom("acme/web", "'acme/web'")),
  entry("public", fc.constantFrom("/*", '"/a, b"', "[/a, /b]")),
  entry("uses", fc.constantFrom("[main]", "[]", "[ a, b ]")),
  entry("in", fc.oneof(nothing, mapOf(entry("dev", layer), entry("prod", layer)))),
).chain((rest) =>
  versions.map((version) => {
    const { style, entries } = rest as Exclude<Written, string>;
    return { style, entries: [["version", version] as const, ...entries] };
  }),
);
const spec = mapOf(entry("services", mapOf(entry("web", service), entry("api", service))));

/** How the rest of a text is written. */
interface Manner {
  readonly eol: string;
  readonly pad: string;
  readonly indent: number;
  /** Comments and empty lines, one for each line end. */
  readonly trimmings: readonly string[];
  readonly isEnded: boolean;
}

const manners = fc.record<Manner>({
  eol: fc.constantFrom("\n", "\r\n"),
  pad: fc.constantFrom("", " "),
  indent: fc.integer({ min: 1, max: 4 }),
  trimmings: fc.array(fc.constantFrom("", "", " # why: { a: [", "\t# b }", "\n", " # c\n  # d\n"), {
    minLength: 40,
    maxLength: 40,
  }),
  isEnded: fc.boolean(),
});

function write(root: Written, { eol, pad, indent, trimmings, isEnded }: Manner): string {
  let count = 0;
  const lineEnd = () => `${trimmings[count++ % trimmings.length]}\n`;
  const value = (written: Written, depth: number, isInBrackets: boolean): string => {
    if (typeof written === "string") return written === "" ? "" : ` ${written}`;
    const { style, entries } = written;
    const before = " ".repeat(indent * depth);
    const inner = (inBrackets: boolean) =>
      entries.map(([key, own]) => `${key}:${value(own, depth + 1, inBrackets)}`);
    if (style === "lines" && !isInBrackets)
      return inner(false)
        .map((line) => `${lineEnd()}${before}${line}`)
        .join("");
    if (style === "brackets" || style === "lines") return ` {${pad}${inner(true).join(", ")}${pad || " "}}`;
    const lines = inner(true).map((line, index) => {
      const isLast = index === entries.length - 1 && style === "brackets in lines";
      return `${before} ${line}${isLast ? "" : ","}${lineEnd()}`;
    });
    return ` {${lineEnd()}${lines.join("")}${before}}`;
  };
  const text = `${value(root, 0, false).replace(/^ (?=\{)/, "")}${isEnded ? lineEnd() : ""}`;
  return text.replaceAll("\n", eol);
}

function set(value: Json | undefined, [key, ...rest]: readonly string[], text: string): Json {
  if (key === undefined) return text;
  const outer = isJsonObject(value) ? value : {};
  return { ...outer, [key]: set(outer[key], rest, text) };
}

/** Text stays text, as landform reads it. */
const read = (text: string): Json => parse(text, { schema: "failsafe" });

test("however a spec is written, one value changes and every other byte stays", () => {
  let additions = 0;
  const paths = fc.constantFrom(BASE, DEV, ["services", "web", "in", "prod", "version"]);
  fc.assert(
    fc.property(spec, manners, paths, (root, manner, path) => {
      const before = write(root, manner);
      fc.pre(read(before) !== null && "web" in ((read(before) as JsonObject).services as JsonObject));
      const after = edited(before, path);
      if (after === undefined) throw new Error("it can't be edited");
      expect(read(after)).toEqual(set(read(before), path, "1.5.0"));
      const removed = middle(before, after);
      // The old value, or a comment that a comma came before.
      expect(removed).toMatch(/^(["']?v?[\d.]*["']?|\{ ?\}?|\}|~|[ \t]*#.*| ?)$/);
      if (removed === "") additions++;
      expect(after.match(/#[^\r\n]*/g)).toEqual(before.match(/#[^\r\n]*/g));
      if (manner.eol === "\r\n") expect(after.replaceAll("\r\n", "")).not.toContain("\n");
    }),
    { numRuns: 2_000 },
  );
  expect(additions).toBeGreaterThan(200);
});

/** What of a text is not in another, between what both begin and end with. */
function middle(before: string, after: string): string {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return before.slice(start, before.length - end);
}
