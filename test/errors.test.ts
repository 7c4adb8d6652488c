/**
 * Wrong specs and what people are told about them, byte for byte: `errors/<code>[-<variant>].yaml` is a spec,
 * `<case>.lock.yaml` its ledger and `<case>.template.yaml` a template of its own where they take part, and `<case>.txt`
 * what is printed. Inputs that are long or no text
 * are made here; what is printed about them stands in `errors/` too.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { packAll } from "../cli/code/pack.ts";
import { positionOf, type Sources } from "../cli/frame.ts";
import { type Compilation, compile } from "../compiler/compile.ts";
import { type Code, type Diagnostic, isError, type Place } from "../compiler/diagnostics.ts";
import { MAXIMUM_SIZE } from "../compiler/reading/source.ts";
import { compileText, diagnosticsOf } from "./support/compile.ts";
import { expectGolden } from "./support/goldens.ts";
import { libraryOf } from "./support/library.ts";

const DIRECTORY = "test/errors";

interface Input {
  readonly spec: string;
  readonly ledger?: string | undefined;
  /** The templates it names, where they are made here. */
  readonly files?: Readonly<Record<string, string>>;
}

const BASE = `version: 1
name: demo
regions: [eu-west-1]
accounts:
  dev: { id: 012345678904, email: aws+dev@demo.example }
  prod: { id: "222222222222", email: aws+prod@demo.example }
environments:
  dev: { account: dev }
  prod: { account: prod }
`;
const ACCOUNTS = {
  accounts: { dev: { id: "111111111111", email: "aws+dev@demo.example" } },
  environments: { dev: { account: "dev" } },
};
const UUID = "8a7b6c5d-0000-4000-8000-00000000000";
const windows = (text: string): string => text.replaceAll("\n", "\r\n");
const LONG = "a".repeat(200);

/** Inputs nobody wants to look at in a file. */
const made: Readonly<Record<string, Input>> = {
  "file-too-large": { spec: "# padding\n".repeat(512 * 1024) },
  "ledger-contradiction-too-large": { spec: BASE, ledger: "#".repeat(MAXIMUM_SIZE + 1) },
  "yaml-syntax-deep-lists": { spec: `${BASE}network: { endpoints: ${"[".repeat(100_000)}` },
  "yaml-syntax-deep-maps": { spec: `${BASE}${"{a: ".repeat(1_000)}${"}".repeat(1_000)}` },
  "yaml-syntax-deep-lines": {
    spec: `${BASE}network:\n${Array.from({ length: 150 }, (_, depth) => `${" ".repeat(depth + 1)}in:`).join("\n")}`,
  },
  "yaml-syntax-deep-dashes": { spec: "- ".repeat(400_000) },
  "yaml-alias-bomb": {
    spec: ["a: &a [lol, lol, lol, lol, lol]\n"]
      .concat(
        ..."bcdefghij".split("").map((name, index) => {
          const before = `*${"abcdefghi"[index]}`;
          return `${name}: &${name} [${Array(5).fill(before).join(", ")}]\n`;
        }),
      )
      .concat(BASE)
      .join(""),
  },
  "bad-name-200-characters": {
    spec: BASE.replace("prod: { id", `${LONG}: { id`)
      .replace("prod: { account: prod", `${LONG.toUpperCase()}: { account: ${LONG}`)
      .concat(`  ${"ä".repeat(200)}: { acount: dev }\n`),
  },
  "unknown-key-200-characters": { spec: `${BASE}${LONG}: ${LONG}\n` },
  "file-too-large-template": {
    spec: `${BASE}templates: { big: { file: big.yaml } }\n`,
    files: { "big.yaml": `Resources: {}\n${"# padding\n".repeat(512 * 1024)}` },
  },
  "wrong-type-windows": {
    spec: windows(`${BASE}network:\n  azs: three\n  nat: # the cheap one\n  flow-logs: [all]\n`),
  },
  "missing-key-byte-order-mark": { spec: `\uFEFF${BASE.replace("version: 1\n", "")}` },
  "bad-value-control-characters": { spec: `${BASE}network: { nat: "\u0007\\e[31m", "\\e[2J": 1 }\n` },
};

/** What is told about files, not about specs: by running the tool. */
const commanded: Readonly<
  Record<string, { files: Readonly<Record<string, string | Buffer>>; command: string }>
> = {
  "file-not-utf8": {
    files: { "specs/demo.yaml": Buffer.from(BASE.replace("demo", "d\u00e9mo"), "latin1") },
    command: "check",
  },
  "file-not-utf8-utf16": {
    files: { "specs/demo.yaml": Buffer.from(`\uFEFF${BASE}`, "utf16le") },
    command: "check",
  },
  "file-not-utf8-ledger": {
    files: { "specs/demo.yaml": BASE, "specs/demo.lock.yaml": Buffer.from([0xff, 0xfe, 0x31, 0x00]) },
    command: "compile",
  },
  "file-not-utf8-template": {
    files: {
      "specs/demo.yaml": `${BASE}templates: { topic: { file: templates/topic.yaml }, none: { file: templates } }\n`,
      "specs/templates/topic.yaml": Buffer.from([0xff, 0xfe, 0x31, 0x00]),
    },
    command: "check",
  },
  "out-of-date": { files: { "specs/demo.yaml": BASE }, command: "check" },
  "file-taken": {
    files: {
      "specs/demo.yaml": `${BASE}ci:\n  circleci: { organization: ${UUID}1, project: ${UUID}2 }\n`,
      ".circleci/config.yml": "version: 2.1\n",
    },
    command: "compile",
  },
  orphan: {
    files: {
      "specs/demo.yaml": BASE,
      "generated/demo/notes.txt": "what I know about this\n",
      "generated/demo/old.yaml": "# Generated by landform from demo.yaml; do not edit.\n",
    },
    command: "check",
  },
};

/** Codes that no spec of a few lines leads to, and the tests they have instead. */
const elsewhere: Partial<Record<Code, string>> = {
  "dependency-cycle": "test/unit/link.test.ts",
  "unreachable-value": "test/unit/link.test.ts",
  "limit-near": "test/unit/limits.test.ts",
  "name-in-use": "test/unit/overrides.test.ts",
  "data-left-behind": "test/unit/databases.test.ts",
  "replaces-data": "test/unit/overrides.test.ts",
  "ledger-missing": "test/cli.test.ts",
  "duplicate-name": "test/cli.test.ts",
  lint: "test/unit/lint.test.ts",
  "deployment-failed": "test/e2e/deploying.test.ts",
};

const files = readdirSync(DIRECTORY);
const isTemplate = (file: string): boolean => /\.template\.(yaml|json)$/.test(file);
const committed = files
  .filter((file) => file.endsWith(".yaml") && !file.endsWith(".lock.yaml") && !isTemplate(file))
  .map((file) => file.replace(/\.yaml$/, ""));
const cases = [...committed, ...Object.keys(made), ...Object.keys(commanded)];

const codes = [...sourceOf("compiler/diagnostics.ts").matchAll(/^ {2}\| "([a-z0-9-]+)"/gm)].map(
  ([, code]) => code,
);

/** The code a case is about: the longest its name begins with. */
const codeOf = (name: string): string | undefined =>
  codes
    .filter((code) => name === code || name.startsWith(`${code}-`))
    .sort((a = "", b = "") => b.length - a.length)[0];

function sourceOf(file: string): string {
  return readFileSync(file, "utf8");
}

/** The input of a case that is a file, read as the command line reads it: without a byte order mark. */
function inputOf(name: string): Input {
  const read = (file: string) =>
    new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(join(DIRECTORY, file)));
  const ledger = `${name}.lock.yaml`;
  return { spec: read(`${name}.yaml`), ledger: files.includes(ledger) ? read(ledger) : undefined };
}

function compileCase(name: string): Compilation {
  const { spec, ledger, files: templates } = made[name] ?? inputOf(name);
  return compile({
    spec: { file: `${name}.yaml`, text: spec },
    ledger: { file: `${name}.lock.yaml`, text: ledger },
    library: {
      ...libraryOf(DIRECTORY),
      pack: packAll,
      ...(templates && { file: (file) => ({ file, text: templates[file] ?? "" }) }),
    },
  });
}

describe("what people are told", () => {
  test.each([...committed, ...Object.keys(made)])("%s", (name) => {
    const compilation = compileCase(name);
    const { diagnostics, sources } = compilation;
    expectGolden(join(DIRECTORY, `${name}.txt`), diagnosticsOf(compilation));
    expect(diagnostics.filter(isError).length, "the spec is not wrong").toBeGreaterThan(0);
    expect(diagnostics.map(({ code }) => code)).toContain(codeOf(name));
    for (const diagnostic of diagnostics) expectPlaces(diagnostic, sources);
  });

  test.each(Object.entries(commanded))("%s", (name, { files: given, command }) => {
    const directory = mkdtempSync(join(tmpdir(), "landform-errors-"));
    try {
      for (const [file, text] of Object.entries(given)) {
        mkdirSync(join(directory, dirname(file)), { recursive: true });
        writeFileSync(join(directory, file), text);
      }
      const { stderr, status } = spawnSync(process.execPath, [resolve("dist/landform.cjs"), command], {
        cwd: directory,
        encoding: "utf8",
      });
      expectGolden(join(DIRECTORY, `${name}.txt`), stderr);
      expect(stderr).toContain(` ${codeOf(name)}: `);
      expect(status).toBe(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

/** Every place must be one that an editor can go to, and every text one that fits on a line. */
function expectPlaces({ message, help, at, related = [] }: Diagnostic, sources: Sources): void {
  for (const text of [message, help ?? "", ...related.map((other) => other.message)]) {
    expect(text).not.toMatch(
      /[\p{Cc}]|undefined|\[object|must NOT|must (have required|match pattern|be equal)/u,
    );
    expect(text.length, text).toBeLessThan(300);
  }
  const places: Place[] = [...(at ? [at] : []), ...related.map((other) => other.at)];
  expect(places.length, message).toBeGreaterThan(0);
  for (const place of places) {
    const { file, line, column, endLine, endColumn } = positionOf(sources, place);
    const lines = textOf(sources, file).split(/\r?\n/);
    expect(line, message).toBeGreaterThanOrEqual(1);
    expect(endLine, message).toBeGreaterThanOrEqual(line);
    expect(endLine, message).toBeLessThanOrEqual(lines.length);
    expect(column, message).toBeGreaterThanOrEqual(1);
    expect(column, message).toBeLessThanOrEqual([...(lines[line - 1] as string)].length + 1);
    if (endLine === line) expect(endColumn, message).toBeGreaterThanOrEqual(column);
  }
}

const textOf = (sources: Sources, file: string): string =>
  Object.values(sources).find((source) => source.file === file)?.text ?? "";

describe("the corpus", () => {
  test("has only cases, and what is printed about them", () => {
    const known = cases.flatMap((name) => [
      `${name}.yaml`,
      `${name}.lock.yaml`,
      `${name}.template.yaml`,
      `${name}.template.json`,
      `${name}.txt`,
    ]);
    expect(
      files.filter((file) => !known.includes(file)),
      "these belong to no case: remove them",
    ).toEqual([]);
  });

  test("has a name for each case that begins with a code", () => {
    expect(cases.filter((name) => codeOf(name) === undefined)).toEqual([]);
    expect(new Set(cases).size).toBe(cases.length);
  });

  test("knows every code", () => {
    expect(codes.length).toBeGreaterThan(30);
    expect(Object.keys(elsewhere).filter((code) => !codes.includes(code))).toEqual([]);
  });

  test.each(codes)("has a case of %s, or it is tested elsewhere", (code = "") => {
    const own = cases.filter((name) => codeOf(name) === code);
    const other = elsewhere[code as Code];
    if (other === undefined) expect(own.length, `add ${DIRECTORY}/${code}.yaml`).toBeGreaterThan(0);
    else {
      expect(own, "it is tested here after all").toEqual([]);
      expect(sourceOf(other)).toMatch(new RegExp(`(error|warning) ${code}:`));
    }
  });

  test("has a spec with many mistakes, all of which are reported at once", () => {
    const found = compileCase("bad-value-and-others").diagnostics.map(({ code }) => code);
    expect(new Set(found).size).toBeGreaterThanOrEqual(8);
  });
});

describe("what is right", () => {
  test("the digits of an account id stay twelve, in quotes or not", () => {
    const { architecture } = compileText(BASE);
    expect(architecture.placements.map(({ account }) => account.id)).toEqual([
      "012345678904",
      "222222222222",
    ]);
  });

  test.each([
    ["Windows line ends", windows(BASE)],
    ["a byte order mark", `\uFEFF${BASE}`],
    ["a byte order mark and Windows line ends", `\uFEFF${windows(BASE)}`],
    ["no line end at the end", BASE.trimEnd()],
    ["a document start and end", `---\n${BASE}...\n`],
    ["brackets in texts and comments", `${BASE}# ${"[{".repeat(500)}\n`],
    [
      "null in a delta",
      `${BASE.replace("account: dev", "account: dev, network: { azs: null, flow-logs: ~ }")}network: { azs: 2, flow-logs: false }\n`,
    ],
    ["empty maps", `${BASE}network: { reserved: {}, in: {}, endpoints: [] }\n`],
    ["JSON", JSON.stringify({ version: 1, name: "demo", regions: ["eu-west-1"], ...ACCOUNTS })],
  ])("%s", (_, text) => {
    expect(compileText(text).files.size).toBeGreaterThan(0);
  });
});
