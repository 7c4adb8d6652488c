/** Archives of functions as people get them: the same bytes from every checkout, and code that runs when it is unpacked. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packAll } from "../cli/code/pack.ts";
import { filesBelow } from "./support/goldens.ts";

const CLI = resolve("dist/landform.cjs");
const CODE = resolve("test/code");

const SPEC = `version: 1
name: demo
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: aws+dev@demo.example } }
environments: { dev: { account: dev } }
functions:
  plain: { code: code/plain }
  python: { code: code/python }
  typescript: { code: code/typescript }
`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "landform-pack-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (file: string, text: string) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** A directory with a spec and the code it names. */
function checkOut(name: string, functions: readonly string[] = ["plain", "python", "typescript"]): string {
  const checkout = join(directory, name);
  write(join(checkout, "specs/demo.yaml"), SPEC);
  for (const each of functions) cpSync(join(CODE, each), join(checkout, "code", each), { recursive: true });
  return checkout;
}

/** Packs what is in a checkout; @returns the bytes of each archive by its key, in Base64 for short messages */
function pack(checkout: string, options: { readonly umask?: string; readonly env?: object } = {}) {
  const { umask = "022", env = {} } = options;
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", `umask ${umask}; exec "$0" "$@"`, process.execPath, CLI, "pack", "--to", "packed"],
    { cwd: checkout, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", ...env } },
  );
  expect(status, stderr).toBe(0);
  const packed = join(checkout, "packed");
  return new Map(
    filesBelow(packed)
      .toSorted()
      .map((key) => [key, readFileSync(join(packed, key)).toString("base64")]),
  );
}

const keysOf = (archives: ReadonlyMap<string, string>, name: string): string[] =>
  [...archives.keys()].filter((key) => key.startsWith(`functions/${name}/`));

describe("the bytes", () => {
  test("are the same from two checkouts, whatever their times, rights, order and litter, and wherever it is", () => {
    const first = pack(checkOut("first"));
    const second = checkOut("second", ["typescript", "python", "plain"]);
    for (const [file, text] of [
      ["code/plain/.env", "TOKEN=1234"],
      ["code/plain/node_modules/left/index.js", "left"],
      ["code/python/__pycache__/index.cpython-314.pyc", "compiled"],
      ["code/python/words/stale.pyc", "compiled"],
      ["code/typescript/index.test.ts", "nobody imports this"],
    ] as const)
      write(join(second, file), text);
    filesBelow(join(second, "code")).forEach((file, index) => {
      chmodSync(join(second, "code", file), index % 2 ? 0o600 : 0o777);
      utimesSync(join(second, "code", file), 1_000_000_000, 1_000_000_000 + index * 86_400);
    });
    const env = { TZ: "Pacific/Apia", LC_ALL: "tr_TR.UTF-8", NODE_PATH: join(second, "code") };
    expect(pack(second, { umask: "077", env })).toEqual(first);
    expect([...first.keys()].map((key) => key.replace(/[0-9a-f]{64}/, "…"))).toEqual([
      "functions/plain/….zip",
      "functions/python/….zip",
      "functions/typescript/….zip",
    ]);
  });

  test("change with the code, in the function it is of and in no other", () => {
    const checkout = checkOut("one");
    const before = pack(checkout);
    write(join(checkout, "code/typescript/greet.ts"), "export const greet = (name: string) => name;\n");
    rmSync(join(checkout, "packed"), { recursive: true });
    const after = pack(checkout);
    expect(keysOf(after, "typescript")).not.toEqual(keysOf(before, "typescript"));
    for (const other of ["plain", "python"]) expect(keysOf(after, other)).toEqual(keysOf(before, other));
  });

  test("of a bundle are the same alone and beside others", () => {
    const code = (name: string) => ({ path: `test/code/${name}`, handler: "index.handler" });
    const together = packAll([
      code("plain"),
      code("typescript"),
      { ...code("typescript"), runtime: "nodejs22.x" },
    ]);
    expect(packAll([code("typescript")])).toEqual([together[1]]);
    expect(together[1]).not.toHaveProperty("reason");
  });

  test("are no link's: it would be another thing in another checkout", () => {
    const checkout = checkOut("linked");
    symlinkSync("/etc/hostname", join(checkout, "code/plain/host.txt"));
    const { status, stderr } = spawnSync(process.execPath, [CLI, "pack", "--to", "packed"], {
      cwd: checkout,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain("`plain` can't be packed: code/plain/host.txt is a link");
    expect(readdirSync(checkout)).not.toContain("packed");
  });
});

describe("what can't be packed is said", () => {
  const reasonOf = (files: Readonly<Record<string, string>>, handler = "index.handler") => {
    for (const [file, text] of Object.entries(files)) write(join(directory, "code", file), text);
    const [packed] = packAll([{ path: relative(".", join(directory, "code")), handler }]);
    return packed && "reason" in packed ? packed.reason.replaceAll(relative(".", directory), "…") : "packed";
  };

  test("a file that is larger than Lambda takes, before it is read", () => {
    write(join(directory, "code/model.bin"), "");
    truncateSync(join(directory, "code/model.bin"), 3 * 1024 ** 3);
    const reason = reasonOf({ "index.js": "exports.handler = async () => 1;" });
    expect(reason).toBe("its files have 3073 MiB, and Lambda takes 250");
  });

  test.each([
    ["index.ts", "there is no index.ts or index.js or index.py in …/code"],
    ["index.py", "there is no index.ts or index.js or index.py in …/code"],
  ])("a pipe in the place of %s, which is not read", (file, reason) => {
    mkdirSync(join(directory, "code"));
    execFileSync("mkfifo", [join(directory, "code", file)]);
    expect(reasonOf({})).toBe(reason);
  });

  test("a pipe", () => {
    execFileSync("mkfifo", [join(directory, "index.ts")]);
    const path = relative(".", join(directory, "index.ts"));
    expect(packAll([{ path, handler: "index.handler" }])).toEqual([
      { reason: `${path} is no file`, help: "name a file or a folder" },
    ]);
  });

  test("what the system refuses to open", () => {
    symlinkSync("code", join(directory, "code"));
    const [packed] = packAll([{ path: relative(".", join(directory, "code")), handler: "index.handler" }]);
    expect(packed).toMatchObject({ reason: expect.stringMatching(/code can't be read: ELOOP$/) });
  });

  test.each(["null", "[]", "{}", '{ "dependencies": null }'])(
    "a package.json with %s names no packages",
    (text) => {
      expect(reasonOf({ "index.js": "exports.handler = async () => 1;", "package.json": text })).toBe(
        "packed",
      );
    },
  );

  test("a package.json that is none", () => {
    const files = { "index.js": "exports.handler = async () => 1;", "package.json": "{" };
    expect(reasonOf(files)).toBe("…/code/package.json is no JSON");
  });

  const missing = "…/code/index.ts has no `handler` that Lambda could call";
  test.each([
    ["nothing exported", "async function handler() {}", missing],
    ["a default export", "export default async () => 1;", missing],
    ["a type of that name", "export type handler = string; export const other = 1;", missing],
    ["another name that contains it", "export const handlers = 1;", missing],
    ["an export", "export const handler = async () => 1;", "packed"],
    ["an export among others", "const a = 1; export { a as z, a as handler, a as b };", "packed"],
    ["an export of another module", 'export * from "./other.ts";', "packed"],
    ["whatever the SDK exports", 'export * from "@aws-sdk/client-s3";', "packed"],
    ["CommonJS", "exports.handler = async () => 1;", "packed"],
  ])("a handler that is not there: %s", (_, text, reason) => {
    expect(reasonOf({ "index.ts": text, "other.ts": "export function handler() {}" })).toBe(reason);
  });

  test("the default export can be the handler", () => {
    expect(reasonOf({ "index.ts": "export default async () => 1;" }, "index.default")).toBe("packed");
  });

  test.each([
    ["def main(event, context): pass", "…/code/index.py has no `handler` that Lambda could call"],
    ["from words import *", "packed"],
    ["from words import main as handler", "packed"],
  ])("a handler in Python: %s", (text, reason) => {
    expect(reasonOf({ "index.py": text })).toBe(reason);
  });

  test("a package may ask where it is: it may have another way", () => {
    const files = {
      "index.ts": 'import { here } from "place"; export const handler = async () => here;',
      "package.json": '{ "dependencies": { "place": "1" } }',
      "node_modules/place/package.json": '{ "name": "place", "type": "module", "main": "index.js" }',
      "node_modules/place/index.js":
        'export const here = typeof __dirname === "string" ? __dirname : import.meta.url;',
    };
    expect(reasonOf(files)).toBe("packed");
  });
});

describe("unpacked", () => {
  /** Unpacks the archive of a function by a tool that is not ours. */
  function unpack(name: string): string {
    const checkout = checkOut("unpacked");
    const [key = ""] = keysOf(pack(checkout), name);
    execFileSync("unzip", ["-q", join(checkout, "packed", key), "-d", join(directory, "task")]);
    return join(directory, "task");
  }

  const node = (task: string): unknown =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [
          "-e",
          `require("./index").handler({ name: "Ada" }).then((answer) => console.log(JSON.stringify(answer)))`,
        ],
        { cwd: task, encoding: "utf8" },
      ),
    );

  test("files as they are: everybody can read and run them, and they are of the first noon there is", () => {
    const task = unpack("plain");
    expect(filesBelow(task).toSorted()).toEqual(["index.js", "words.json"]);
    expect(readFileSync(join(task, "index.js"))).toEqual(readFileSync(join(CODE, "plain/index.js")));
    const [key = ""] = readdirSync(join(directory, "unpacked/packed/functions/plain"));
    const listed = execFileSync("unzip", ["-ZT", join(directory, "unpacked/packed/functions/plain", key)], {
      encoding: "utf8",
    });
    expect(listed).toMatch(/^-rwxr-xr-x .* stor 19800101\.120000 index\.js$/m);
    expect(node(task)).toEqual({ greeting: "Hello", to: "Ada" });
  });

  test("a bundle: one module, with what it imports", () => {
    const task = unpack("typescript");
    expect(filesBelow(task)).toEqual(["index.js"]);
    expect(node(task)).toEqual({ text: "Hello Ada" });
  });

  test("Python: its modules and packages", () => {
    const task = unpack("python");
    expect(filesBelow(task).toSorted()).toEqual(["index.py", "words/__init__.py", "words/greeting.py"]);
    const script = `import index, json; print(json.dumps(index.handler({"name": "Ada"}, None)))`;
    const answer = execFileSync("python3", ["-B", "-c", script], { cwd: task, encoding: "utf8" });
    expect(JSON.parse(answer)).toEqual({ text: "Hello Ada" });
  });
});
