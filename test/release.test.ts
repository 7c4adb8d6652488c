/** Releases as people make them: the spec edited in place, compiled, and nothing else touched. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, readdirSync, renameSync, statSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileText } from "./support/compile.ts";
import { emptyWorkplace, type Workplace } from "./support/landform.ts";

const SPEC = `# Two services.
version: 1
name: demo
regions: [eu-west-1]
accounts:
  tools: { id: "111111111111", email: tools@demo.example }
  dev: { id: "222222222222", email: dev@demo.example }
  stage: { id: "333333333333", email: stage@demo.example }
  prod: { id: "444444444444", email: prod@demo.example }
environments:
  tools: { account: tools, workloads: false }
  dev: { account: dev, services: { api: { version: '2.1.0-rc.1' } } } # ahead
  stage: { account: stage }
  prod: { account: prod }

services:
  web:
    image: acme/web
    version: "1.4.0" # released on Monday
    in: { dev: { version: "1.5.0-rc.1" }, prod: { scale: 4-20 } }

  # The other one.
  api: { image: acme/api, version: 2.0.1, in: { dev: { version: 2.0.9 } } }
  worker:
    image: acme/worker
    version: "1"
    environments: [prod]
`;
const FILE = "specs/demo.yaml";

let place: Workplace;
beforeEach(() => {
  place = emptyWorkplace();
  place.write(FILE, SPEC);
  const { files: generated, ledger } = compileText(SPEC, { name: "demo" });
  place.write("specs/demo.lock.yaml", ledger);
  for (const [file, text] of generated) place.write(`generated/demo/${file}`, text);
});
afterEach(() => place.remove());

/** The spec with other lines. */
const specWith = (...edits: readonly (readonly [from: string, to: string])[]) =>
  edits.reduce((text, [from, to]) => text.replace(from, to), SPEC);
const files = () =>
  readdirSync(place.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, statSync(file).mtimeMs]);

test("an environment that says its own version gets another, and what it compiles to is there", async () => {
  const before = place.read("generated/demo/service-web.yaml");
  expect(await place.landform("release", "web", "1.5.0-rc.2", "--in", "dev")).toEqual({
    code: 0,
    out: `services.web in dev: 1.5.0-rc.1 → 1.5.0-rc.2
${FILE}: 7 stack sets for 4 placements; 2 written, 12 unchanged
next: commit it, then \`landform deploy -e dev\`
`,
    err: "",
  });
  expect(place.read(FILE)).toBe(specWith([`"1.5.0-rc.1"`, `"1.5.0-rc.2"`]));
  expect(place.read("generated/demo/service-web.yaml")).toBe(before.replaceAll("1.5.0-rc.1", "1.5.0-rc.2"));
  expect((await place.landform("check")).code).toBe(0);
});

test("environments without a version of their own get one, and the others stay as they are", async () => {
  const { code, out } = await place.landform("release", "web", "1.5.0", "-i", "stage,prod", "-i", "dev");
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining(`services.web in stage: 1.4.0 → 1.5.0
services.web in prod: 1.4.0 → 1.5.0
services.web in dev: 1.5.0-rc.1 → 1.5.0
`),
  });
  expect(place.read(FILE)).toBe(
    specWith([
      `in: { dev: { version: "1.5.0-rc.1" }, prod: { scale: 4-20 } }`,
      `in: { dev: { version: "1.5.0" }, prod: { scale: 4-20, version: "1.5.0" }, stage: { version: "1.5.0" } }`,
    ]),
  );
});

test("what wins is what changes: what stands in the environment", async () => {
  const { out } = await place.landform("release", "api", "2.1.0", "--in", "dev");
  expect(out).toContain("services.api in dev: 2.1.0-rc.1 → 2.1.0\n");
  expect(place.read(FILE)).toBe(specWith(["'2.1.0-rc.1'", "'2.1.0'"]));
});

test("without an environment, all change that say no version of their own; the others are named", async () => {
  const { out } = await place.landform("release", "web", "1.4.1");
  expect(out).toContain(`services.web in stage, prod: 1.4.0 → 1.4.1
services.web in dev: keeps 1.5.0-rc.1
`);
  expect(out).toContain("then `landform deploy`\n");
  expect(place.read(FILE)).toBe(specWith([`"1.4.0"`, `"1.4.1"`]));
});

test("a version of its own stays its own, even where it is that of the others", async () => {
  await place.landform("release", "web", "1.4.0", "--in", "dev");
  expect(place.read(FILE)).toBe(specWith([`"1.5.0-rc.1"`, `"1.4.0"`]));
  const { out } = await place.landform("release", "web", "1.6.0");
  expect(out).toContain("services.web in dev: keeps 1.4.0\n");
});

test("where a service has the version already, nothing is written", async () => {
  const before = files();
  expect(await place.landform("release", "web", "1.5.0-rc.1", "--in", "dev")).toEqual({
    code: 0,
    out: `services.web in dev: 1.5.0-rc.1 already\n${FILE}: nothing to change\n`,
    err: "",
  });
  expect((await place.landform("release", "web", "1.4.0")).out).toContain(
    "services.web in stage, prod: 1.4.0 already\nservices.web in dev: keeps 1.5.0-rc.1\n",
  );
  expect(files()).toEqual(before);
});

test("for machines it says where, from what and to what", async () => {
  const { out } = await place.landform("release", "web", "1.4.1", "--json");
  expect(JSON.parse(out)).toEqual({
    ok: true,
    specs: [
      {
        spec: FILE,
        ok: true,
        stackSets: 7,
        placements: 4,
        changed: [FILE, "generated/demo/service-web.yaml"],
        removed: [],
        service: "web",
        releases: [
          { path: "services.web.version", environments: ["stage", "prod"], from: "1.4.0", to: "1.4.1" },
        ],
        kept: [{ path: "services.web.in.dev.version", environments: ["dev"], version: "1.5.0-rc.1" }],
        diagnostics: [],
      },
    ],
  });
});

test("a function with an image gets another version too, and one with code has none", async () => {
  const functions = `
functions:
  render: { image: acme/render, version: "3.0", in: { dev: { version: "3.1" } } }
  resize: { image: acme/resize, in: { dev: { version: "1" }, stage: { version: "1" }, prod: { version: "2" } } }
  report: { code: report }
`;
  place.write(FILE, SPEC + functions);
  place.write("report/index.js", "exports.handler = async () => 1;");
  expect((await place.landform("compile")).code).toBe(0);

  expect((await place.landform("release", "render", "3.2", "--json")).out).toContain(`"function": "render"`);
  expect(place.read(FILE)).toBe(SPEC + functions.replace(`"3.0"`, `"3.2"`));
  expect((await place.landform("release", "render", "3.2", "-i", "dev")).out).toContain(
    "functions.render in dev: 3.1 → 3.2\n",
  );
  expect(place.read("generated/demo/function-render.yaml")).toContain("acme/render:3.2");
  expect((await place.landform("release", "resize", "3")).out).toContain(`functions.resize: nothing → 3
functions.resize in dev: keeps 1
functions.resize in stage: keeps 1
functions.resize in prod: keeps 2
`);
  const { code, err } = await place.landform("release", "report", "2");
  expect({ code, err }).toEqual({
    code: 2,
    err: "landform: there is no service or function with an image `report`: there are `api`, `web`, `worker`, `render` and `resize`\n",
  });
});

describe("nothing is written where", () => {
  test.each([
    [["wbe", "1"], "there is no service or function with an image `wbe`: did you mean `web`?"],
    [["web", "1", "-i", "pord"], "there is no environment `pord`: did you mean `prod`?"],
    [
      ["web", "1", "-i", "dev,qa"],
      "there is no environment `qa`: there are `tools`, `dev`, `stage` and `prod`",
    ],
    [["worker", "2", "-i", "dev"], "`worker` is not in `dev`; it is in `prod`"],
    [
      ["web", "1 2"],
      `"1 2" can't be a version; one is a tag, such as 1.4.0, or a digest that begins with sha256:`,
    ],
    [
      ["web", "../1"],
      `"../1" can't be a version; one is a tag, such as 1.4.0, or a digest that begins with sha256:`,
    ],
    [["web", "1", "--spec", "specs/other.yaml"], "specs/other.yaml: there is no such file"],
  ])("the command is wrong: %j", async (args, message) => {
    const before = files();
    expect(await place.landform("release", ...args)).toEqual({
      code: 2,
      out: "",
      err: `landform: ${message}\n`,
    });
    expect(files()).toEqual(before);
  });

  test("the spec is wrong", async () => {
    place.edit(FILE, "image: acme/worker", "imgae: acme/worker");
    const before = files();
    const { code, out, err } = await place.landform("release", "web", "1.5.0");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("error unknown-key: `imgae` is not a key");
    expect(files()).toEqual(before);
  });

  test("the ledger is gone", async () => {
    renameSync(join(place.directory, "specs/demo.lock.yaml"), join(place.directory, "ledger.yaml"));
    const before = files();
    const { code, err } = await place.landform("release", "web", "1.5.0");
    expect(code).toBe(1);
    expect(err).toContain("error ledger-missing");
    expect(err).toContain("nothing was changed\n");
    expect(files()).toEqual(before);
  });

  test("the spec is written in a way that can't be edited", async () => {
    const text = SPEC.replace(
      "  worker:\n    image: acme/worker\n",
      "  worker:\n    ? image\n    : acme/worker\n",
    );
    place.write(
      FILE,
      text.replace(
        `    version: "1"\n    environments: [prod]\n`,
        `    version: "1"\n    ? environments\n    : [prod]\n`,
      ),
    );
    const before = files();
    const { code, err } = await place.landform("release", "worker", "2", "-i", "prod");
    expect({ code, err }).toEqual({
      code: 2,
      err: `landform: ${FILE} is written in a way that landform does not edit: write \`services.worker.in.prod.version\` by hand; nothing was changed\n`,
    });
    expect(files()).toEqual(before);
  });

  test("there are several specs and none is named", async () => {
    place.write("specs/second.yaml", SPEC.replace("name: demo", "name: second"));
    const { code, err } = await place.landform("release", "web", "1.5.0");
    expect({ code, err }).toEqual({
      code: 2,
      err: "landform: there are several specs: name one of specs/demo.yaml, specs/second.yaml\n",
    });
    expect((await place.landform("release", "web", "1.5.0", "--spec", FILE)).code).toBe(0);
    expect(place.read("specs/second.yaml")).toContain(`"1.4.0"`);
  });

  test("the spec can't be written", () => {
    const path = join(place.directory, FILE);
    chmodSync(path, 0o444);
    // Nothing is read-only for root.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
    for (const entry of user ? ["", "specs", "generated", "generated/demo"] : [])
      chownSync(join(place.directory, entry), 65534, 65534);
    const before = files();
    const { status, stderr } = spawnSync(
      process.execPath,
      [resolve("dist/landform.cjs"), "release", "web", "1.5.0"],
      {
        cwd: place.directory,
        encoding: "utf8",
        env: { PATH: process.env.PATH, HOME: place.directory },
        ...user,
      },
    );
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `landform: ${FILE} can't be written; nothing was changed\n`,
    });
    expect(files()).toEqual(before);
  });
});

test("line ends, a byte order mark, a missing last line end and the file's mode stay", async () => {
  const text = `\uFEFF${SPEC.trimEnd().replaceAll("\n", "\r\n")}`;
  place.write(FILE, text);
  chmodSync(join(place.directory, FILE), 0o640);
  expect((await place.landform("release", "web", "1.5.0", "-i", "stage")).code).toBe(0);
  expect(place.read(FILE)).toBe(
    text.replace("prod: { scale: 4-20 } }", `prod: { scale: 4-20 }, stage: { version: "1.5.0" } }`),
  );
  expect((await place.landform("release", "worker", "2", "-i", "prod")).code).toBe(0);
  expect(place.read(FILE).endsWith(`environments: [prod]\r\n    in: { prod: { version: "2" } }`)).toBe(true);
  expect(statSync(join(place.directory, FILE)).mode & 0o777).toBe(0o640);
});

test("a spec that is a link stays one, and what it leads to changes", async () => {
  renameSync(join(place.directory, FILE), join(place.directory, "elsewhere.yaml"));
  symlinkSync("../elsewhere.yaml", join(place.directory, FILE));
  expect((await place.landform("release", "web", "1.5.0", "-i", "dev")).code).toBe(0);
  expect(lstatSync(join(place.directory, FILE)).isSymbolicLink()).toBe(true);
  expect(place.read("elsewhere.yaml")).toBe(specWith([`"1.5.0-rc.1"`, `"1.5.0"`]));
});
