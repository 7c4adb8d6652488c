/** `landform init`, and the way from there to templates that stand up to `check` and `lint`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { filesBelow } from "../support/goldens.ts";
import { emptyWorkplace, type Workplace } from "../support/landform.ts";

const CLI = resolve("dist/landform.cjs");
const FRESH = [
  ".circleci/config.yml",
  ".gitattributes",
  ".gitignore",
  "package.json",
  "schema/landform.json",
  "specs/fresh.yaml",
];

let place: Workplace;
beforeEach(() => {
  place = emptyWorkplace();
});
afterEach(() => place.remove());

const at = (file: string) => join(place.directory, file);

/** Runs a shell's command. npm installs the checkout as it is built: other tests run it meanwhile. */
function sh(command: string, directory = place.directory) {
  const env = { ...process.env, npm_config_ignore_scripts: "true", npm_config_offline: "true" };
  const { status, stdout, stderr } = spawnSync("sh", ["-ec", command], {
    cwd: directory,
    encoding: "utf8",
    env: { ...env, npm_config_audit: "false", XDG_CACHE_HOME: at("cache") },
  });
  return { code: status, said: stdout + stderr };
}

const putIds = () => {
  place.edit("fresh/specs/fresh.yaml", "the id of your account", "012345678904");
  place.edit("fresh/specs/fresh.yaml", "the id of another", "600000000006");
};

describe("from nothing to templates", () => {
  test("what init prints is done word for word, and then check and lint pass", async () => {
    const { code, out } = await place.landform("init", "fresh");
    expect(code).toBe(0);
    const [head, ...commands] = out.trimEnd().split("\n");
    expect(head).toBe(
      "fresh is ready. Put the ids and addresses of your accounts into fresh/specs/fresh.yaml, then:",
    );
    expect(commands).toEqual([
      "  cd fresh",
      `  npm install --save-dev ${resolve(".")}`,
      "  npx --no-install landform compile",
    ]);
    const steps = commands.map((command) => command.trim().replace(resolve("."), "../landform"));
    expect(readFileSync("README.md", "utf8")).toContain(steps.join("\n").replaceAll("fresh", "acme"));
    putIds();
    const compiled = sh(commands.join("\n"));
    expect(compiled, compiled.said).toMatchObject({
      code: 0,
      said: expect.stringContaining("specs/fresh.yaml: "),
    });
    const { jobs } = parse(place.read("fresh/.circleci/config.yml"));
    const [, ...checks] = jobs.check.steps.flatMap(({ run }: { run?: string }) => run ?? []);
    expect(checks).toEqual(["npx --no-install landform check", "npx --no-install landform lint"]);
    for (const check of checks) {
      const checked = sh(check, at("fresh"));
      expect(checked, checked.said).toMatchObject({ code: 0 });
    }
  });

  test("an id that is still to be put in is said at its line, and nothing is written", async () => {
    await place.landform("init", "fresh");
    const { code, said } = sh(`"${process.execPath}" "${CLI}" compile`, at("fresh"));
    expect(code).toBe(1);
    expect(said).toContain('specs/fresh.yaml:7:14 error bad-value: "the id of your account" does not fit');
    expect(said).toContain("specs/fresh.yaml: 2 errors");
    expect(filesBelow(at("fresh")).toSorted()).toEqual(FRESH);
  });
});

describe("init", () => {
  test("writes what is written by hand, and nothing that is compiled", async () => {
    await place.landform("init", "fresh");
    expect(filesBelow(at("fresh")).toSorted()).toEqual(FRESH);
  });

  test("works in the empty directory it is called in", () => {
    mkdirSync(at("empty"));
    const { code, said } = sh(`"${process.execPath}" "${CLI}" init .`, at("empty"));
    expect(code, said).toBe(0);
    expect(said).toContain("into specs/empty.yaml, then:\n  npm install");
    expect(existsSync(at("empty/specs/empty.yaml"))).toBe(true);
    expect(readdirSync(at("empty"))).not.toContain(".landform-init");
  });

  test("quotes a name of a directory as a shell wants it", async () => {
    const { out } = await place.landform("init", "it's mine", "--name", "fresh");
    expect(out).toContain("\n  cd 'it'\\''s mine'\n");
    expect(sh(out.split("\n")[1] as string).code).toBe(0);
  });

  test("touches no directory that has something in it, and takes no bad name", async () => {
    place.write("full/file", "mine");
    expect(await place.landform("init", "full")).toEqual({
      code: 2,
      out: "",
      err: "landform: full exists and is not empty; nothing was written\n",
    });
    expect((await place.landform("init", "Bad Name")).err).toContain("is no name for an architecture");
    expect(existsSync(at("Bad Name"))).toBe(false);
  });
});
