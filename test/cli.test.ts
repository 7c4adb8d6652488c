/** The commands as people run them: what they print, what they leave on disk, how they end. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filesBelow } from "./support/goldens.ts";
import { workplace } from "./support/landform.ts";

const CLI = resolve("dist/landform.cjs");

let directory: string;
beforeEach(() => {
  ({ directory } = workplace());
});
afterEach(() => rmSync(directory, { recursive: true }));

const at = (file: string) => join(directory, file);
const read = (file: string) => readFileSync(at(file), "utf8");
const edit = (file: string, from: string, to: string) =>
  writeFileSync(at(file), read(file).replace(from, to));
const NETWORK = "generated/acme/network.yaml";

/** Runs the tool in the directory; what it prints has no color, since there is no terminal. */
function landform(...args: string[]): { code: number | null; out: string; err: string } {
  const env = { ...process.env, XDG_CACHE_HOME: at("cache"), NO_COLOR: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: directory,
    encoding: "utf8",
    env,
  });
  return { code: status, out: stdout, err: stderr };
}

describe("compile", () => {
  test("writes what changed and nothing else", () => {
    expect(landform("compile")).toEqual({
      code: 0,
      out: "specs/acme.yaml: 2 stack sets for 4 placements; up to date\n",
      err: "",
    });
    const untouched = statSync(at("generated/acme/stacksets.yaml")).mtimeMs;
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    expect(landform("compile").out).toContain("2 written, 6 unchanged");
    expect(statSync(at("generated/acme/stacksets.yaml")).mtimeMs).toBe(untouched);
    expect(landform("check").code).toBe(0);
  });

  test("gives the same bytes from nothing, in another directory and with another locale and time zone", () => {
    const expected = filesBelow(at("generated")).map((file) => read(join("generated", file)));
    const ledger = read("specs/acme.lock.yaml");
    rmSync(at("generated"), { recursive: true });
    rmSync(at("specs/acme.lock.yaml"));
    const env = { ...process.env, TZ: "Asia/Tokyo", LC_ALL: "tr_TR.UTF-8" };
    execFileSync(process.execPath, [CLI, "compile"], { cwd: directory, env });
    expect(filesBelow(at("generated")).map((file) => read(join("generated", file)))).toEqual(expected);
    expect(read("specs/acme.lock.yaml")).toBe(ledger);
  });

  test("removes what nothing makes any more, and leaves what is not ours with a warning", () => {
    writeFileSync(at("generated/acme/old.yaml"), read(NETWORK));
    writeFileSync(at("generated/acme/notes.txt"), "mine");
    const { code, out, err } = landform("compile");
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("1 removed (old.yaml)\n") });
    expect(err).toContain("generated/acme/notes.txt warning orphan: this is not landform's");
    expect(existsSync(at("generated/acme/old.yaml"))).toBe(false);
    expect(read("generated/acme/notes.txt")).toBe("mine");
  });

  test("writes nothing of a spec that is wrong", () => {
    const before = filesBelow(directory).map(read);
    edit("specs/acme.yaml", "name: acme", "nam: acme");
    const { code, err } = landform("compile");
    expect(code).toBe(1);
    expect(err).toContain("specs/acme.yaml:4:1 error unknown-key: `nam` is not a key");
    edit("specs/acme.yaml", "nam: acme", "name: acme");
    expect(filesBelow(directory).map(read)).toEqual(before);
  });

  test.each([
    [
      "a temporary file's place",
      "provenance.yaml.landform-tmp",
      /.*landform-tmp can't be opened: illegal operation on a directory/,
    ],
    ["a file's place", "provenance.yaml", /generated\/acme\/provenance.yaml is not a file/],
  ])("leaves everything as it was where a directory is in %s", (_, place, message) => {
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    rmSync(at(`generated/acme/${place}`), { force: true });
    mkdirSync(at(`generated/acme/${place}`));
    const before = filesBelow(at("generated")).map((file) => read(join("generated", file)));
    const { code, err } = landform("compile");
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(new RegExp(`^landform: ${message.source}; nothing was changed\n$`)),
    });
    expect(filesBelow(at("generated")).map((file) => read(join("generated", file)))).toEqual(before);
  });

  test("killed at any moment, it leaves whole files, and the next run sets all right", async () => {
    for (const delay of [20, 40, 50, 55, 60, 65, 70, 80, 100]) {
      edit(
        "specs/acme.yaml",
        read("specs/acme.yaml").includes("azs: 3") ? "azs: 3" : "azs: 4",
        read("specs/acme.yaml").includes("azs: 3") ? "azs: 4" : "azs: 3",
      );
      const child = spawn(process.execPath, [CLI, "compile"], { cwd: directory, stdio: "ignore" });
      const timer = setTimeout(() => child.kill("SIGKILL"), delay);
      await new Promise((done) => child.on("exit", done));
      clearTimeout(timer);
      expect(read(NETWORK).endsWith("\n")).toBe(true);
      expect(landform("compile").code).toBe(0);
      expect(landform("check").code).toBe(0);
      expect(readdirSync(at("generated/acme")).filter((file) => file.includes("tmp"))).toEqual([]);
    }
  });
});

describe("Ctrl-C while files are written", () => {
  /** Runs a command that gets the signal at its first call of one of Node's functions. */
  const interrupted = (call: string, ...args: string[]) => {
    writeFileSync(
      at("interrupt.cjs"),
      `const fs = require("node:fs");
       const { ${call}: real } = fs;
       fs.${call} = (...args) => (process.kill(process.pid, "SIGINT"), (fs.${call} = real), real(...args));`,
    );
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", at("interrupt.cjs"), CLI, ...args],
      { cwd: directory, encoding: "utf8" },
    );
    return { code: status, out: stdout, err: stderr };
  };
  const unfinished = () => filesBelow(directory).filter((file) => file.includes("landform-"));

  test.each(["writeFileSync", "renameSync"])("compile is through first, at %s", (call) => {
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    expect(interrupted(call, "compile")).toEqual({
      code: 130,
      out: "",
      err: "landform: interrupted; what specs/acme.yaml compiles to is written; `landform compile` does the rest\n",
    });
    expect(unfinished()).toEqual([]);
    expect(landform("check").code).toBe(0);
  });

  test.each(["writeFileSync", "renameSync"])("init is through first, at %s", (call) => {
    const { code, err } = interrupted(call, "init", "fresh");
    expect({ code, err }).toEqual({ code: 130, err: "landform: interrupted; fresh is ready all the same\n" });
    expect(unfinished()).toEqual([]);
    expect(existsSync(at("fresh/specs/fresh.yaml"))).toBe(true);
  });

  test("what a run left that was killed is left over, and the next one removes it", () => {
    const left = ["specs/acme.lock.yaml.landform-tmp", "generated/acme/network.yaml.landform-tmp"];
    for (const file of left) writeFileSync(at(file), "half");
    const { err } = landform("check");
    for (const file of left) expect(err).toContain(`${file} error orphan`);
    expect(landform("compile").code).toBe(0);
    expect(unfinished()).toEqual([]);
  });
});

describe("check", () => {
  test("says which files are out of date, without touching them", () => {
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    edit("generated/acme/keys.yaml", "Encrypts", "Reveals");
    const { code, out, err } = landform("check");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.match(/^\S+ error \S+:/gm)).toEqual([
      "generated/acme/keys.yaml error out-of-date:",
      "generated/acme/network.yaml error out-of-date:",
      "generated/acme/provenance.yaml error out-of-date:",
    ]);
    expect(err).toContain("help: run `landform compile` and commit what it writes");
  });

  test("fails where files are left over", () => {
    writeFileSync(at("generated/acme/old.yaml"), read(NETWORK));
    writeFileSync(at("generated/acme/notes.txt"), "mine");
    const { code, err } = landform("check");
    expect(code).toBe(1);
    expect(err).toContain("generated/acme/old.yaml error orphan: nothing in the specs makes this any more");
    expect(err).toContain("generated/acme/notes.txt error orphan");
  });

  test("speaks JSON to machines, errors included", () => {
    edit("specs/acme.yaml", "nat: per-az", "nat: per-zone");
    const { code, out, err } = landform("check", "--json");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      specs: [
        {
          spec: "specs/acme.yaml",
          ok: false,
          diagnostics: [
            { code: "bad-value", severity: "error", file: "specs/acme.yaml", line: 22, column: 47 },
          ],
        },
      ],
    });
  });
});

describe("what is left over", () => {
  test.each(["compile", "check"])("%s does not give out anew what a lost ledger kept", (command) => {
    for (const lose of [
      () => writeFileSync(at("specs/acme.lock.yaml"), ""),
      () => rmSync(at("specs/acme.lock.yaml")),
    ]) {
      lose();
      const { code, err } = landform(command);
      expect(code).toBe(1);
      expect(err).toContain(
        "specs/acme.lock.yaml error ledger-missing: the ledger is gone, but generated/acme/ is there",
      );
      expect(filesBelow(at("specs"))).not.toContain("acme.lock.yaml.landform-tmp");
    }
  });

  test("directories and ledgers of specs that are gone", () => {
    cpSync(at("generated/acme"), at("generated/old"), { recursive: true });
    writeFileSync(at("specs/old.lock.yaml"), "version: 1\n");
    const { code, err } = landform("check");
    expect(code).toBe(1);
    expect(err).toContain("generated/old error orphan: nothing in the specs makes this any more");
    expect(err).toContain("specs/old.lock.yaml error orphan: there is no spec beside this ledger");
    const compiled = landform("compile");
    expect(compiled.err).toContain("specs/old.lock.yaml warning orphan");
    expect(compiled.out).toMatch(
      /^generated: \d+ files removed that nothing in the specs makes any more: generated\/old$/m,
    );
    expect(existsSync(at("generated/old"))).toBe(false);
    expect(existsSync(at("specs/old.lock.yaml"))).toBe(true);
  });

  test("a directory that is somebody else's", () => {
    mkdirSync(at("generated/old/below"), { recursive: true });
    const { code, err } = landform("check");
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining("generated/old error orphan: no spec has this directory"),
    });
    const compiled = landform("compile");
    expect(compiled.err).toContain("generated/old warning orphan: no spec has this directory");
    expect(existsSync(at("generated/old/below"))).toBe(true);
  });

  test("a directory that generated files share with others is nobody's alone", () => {
    expect(landform("compile", "--out", ".").code).toBe(0);
    rmSync(at("generated"), { recursive: true });
    expect(landform("check", "--out", ".")).toMatchObject({ code: 0, err: "" });
  });

  test("nothing is compiled yet, whatever else is there", () => {
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    rmSync(at("generated"), { recursive: true });
    const { err } = landform("check");
    expect(err).toBe(
      "generated/acme error out-of-date: nothing of it is compiled yet\n  help: run `landform compile` and commit what it writes\n\nspecs/acme.yaml: 1 error\n",
    );
  });
});

describe("lint", () => {
  test("remembers what it has linted", () => {
    expect(landform("lint").out).toBe(
      "specs/acme.yaml: 5 templates linted, 0 unchanged since; no findings\n",
    );
    expect(landform("lint").out).toBe(
      "specs/acme.yaml: 0 templates linted, 5 unchanged since; no findings\n",
    );
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    expect(landform("lint").out).toBe("specs/acme.yaml: 1 template linted, 4 unchanged since; no findings\n");
  });
});

describe("show", () => {
  test("prints what an environment gets, without mappings and conditions", () => {
    const { code, out } = landform("show", "network", "--in", "dev");
    expect(code).toBe(0);
    expect(out).toContain("      CidrBlock: 10.1.0.0/16\n");
    expect(out).toContain("  PrivateSubnet2:");
    expect(out).not.toMatch(/PrivateSubnet3|FindInMap|^ {4}Condition:|NoValue/m);
  });

  test("prints JSON for machines, in CloudFormation's long form", () => {
    const template = JSON.parse(landform("show", "network", "--in", "dev", "--json").out);
    expect(template.Resources.PublicRoute.Properties.GatewayId).toEqual({ Ref: "InternetGateway" });
  });

  test.each([
    [["show", "netwrok", "--in", "dev"], "there is no stack set `netwrok`: did you mean `network`?"],
    [
      ["show", "network", "--in", "live"],
      "there is no environment with this stack set `live`: there are `shared-services`, `dev`, `stage` and `prod`",
    ],
    [
      ["show", "network", "--in", "dev", "--region", "eu-west-2"],
      "there is no Region of `dev` `eu-west-2`: did you mean `eu-west-1`?",
    ],
  ])("%j ends with 2", (args, message) => {
    expect(landform(...args)).toEqual({ code: 2, out: "", err: `landform: ${message}\n` });
  });
});

describe("explain", () => {
  test("says what a setting is in each environment and what decides it", () => {
    expect(landform("explain", "network.azs").out).toBe(`network.azs
The number of Availability Zones; a Region may have fewer than six. Zones are taken by index, in the order in which the account lists those with a default subnet (all, where none has one): keep default subnets in every zone or in none, and the number can grow without moving a subnet.

  shared-services  2  by specs/acme.yaml:17:64 (delta)
  dev              2  by specs/acme.yaml:18:54 (delta)
  stage            3  by specs/acme.yaml:22:39
  prod             3  by specs/acme.yaml:22:39
`);
  });

  test("tells defaults from what the spec says", () => {
    const { out } = landform("explain", "network.flow-logs", "--in", "prod");
    expect(out).toContain("prod  network.flow-logs.retention-days  90    by default\n");
    expect(out).toContain("prod  network.flow-logs.enabled         true  by specs/acme.yaml:22:");
  });

  test.each([
    ["environments.dev.network.nat", "single"],
    ["accounts.dev.id", "012345678904"],
    ["regions", '["eu-west-1"]'],
    ["regions[0]", "eu-west-1"],
    ["network.in.prod.azs", "3"],
    ["network.cidr", "not set"],
    ["network.endpoints", "[]"],
    ["accounts.dev.status", "active  by default"],
    ["security.baseline.vpc-block", "by default"],
  ])("%s", (path, value) => {
    expect(landform("explain", path).out).toContain(value);
  });

  test("a path that is none is an error with the nearest", () => {
    expect(landform("explain", "network.nats").err).toBe(
      "landform: there is no key in `network` `nats`: did you mean `nat`?\n",
    );
  });
});

describe("explain, where not every environment has it", () => {
  beforeEach(() => {
    const worker = `  worker: { image: acme/worker, version: "1", in: { dev: { version: "2" } } }\n`;
    edit("specs/acme.yaml", "nat: single } }", "nat: single }, workloads: false }");
    writeFileSync(at("specs/acme.yaml"), `${read("specs/acme.yaml")}services:\n${worker}`);
  });
  const where = () => landform("explain", "services.worker.version").out.split("\n\n")[1];

  test("says why one does not", () => {
    edit("specs/acme.yaml", "stage@acme.example }", "stage@acme.example, status: closed }");
    expect(
      where(),
    ).toBe(`  shared-services  not here: the environment says \`workloads: false\`  by specs/acme.yaml:17:93
  dev              2                                                  by specs/acme.yaml:24:69 (delta)
  stage            not here: the account \`stage\` is closed            by specs/acme.yaml:13:79
  prod             1                                                  by specs/acme.yaml:24:42
`);
  });

  test("says what it is restricted to", () => {
    edit("specs/acme.yaml", "acme/worker,", "acme/worker, environments: [dev, prod],");
    expect(where()).toMatch(/^ {2}stage +not here: only in `dev` and `prod` +by specs\/acme.yaml:24:47$/m);
  });

  test("says what has no domain, where others have one", () => {
    edit("specs/acme.yaml", "{ account: dev,  ", "{ account: dev, workloads: true,");
    edit("specs/acme.yaml", "{ account: prod }", "{ account: prod, domain: acme.example }");
    edit("specs/acme.yaml", "\nnetwork:", "\ndomains: { acme.example: { environment: prod } }\nnetwork:");
    expect(where()).toMatch(
      /^ {2}stage +not here: the environment has no domain, and others have one +by specs\/acme.yaml:19:20$/m,
    );
  });

  test("tells machines too, with no value", () => {
    const { settings } = JSON.parse(
      landform("explain", "services.worker.version", "--in", "shared-services", "--json").out,
    );
    expect(settings).toEqual([
      {
        path: "services.worker.version",
        environment: "shared-services",
        absent: "the environment says `workloads: false`",
        from: "specs/acme.yaml:17:93",
      },
    ]);
  });
});

describe("explain, asked for what is not there", () => {
  test.each([
    [["network.in"], "name an environment: `network.in.shared-services`"],
    [["environments.dev.network.azs", "--in", "prod"], "the path is about `dev`, --in about `prod`"],
    [
      ["network.azs", "--in", "live"],
      "there is no environment `live`: there are `shared-services`, `dev`, `stage` and `prod`",
    ],
    [
      ["accounts.constructor"],
      "there is no key in `accounts` `constructor`: there are `management`, `backup`, `shared-services`, `dev`, `stage` and `prod`",
    ],
    [['network."'], '`network."` is no path; one looks like network.flow-logs or regions[0]'],
    [["accounts.dev.mail"], "there is no key in `accounts.dev` `mail`: did you mean `email`?"],
  ])("%j", (args, message) => {
    expect(landform("explain", ...args)).toEqual({ code: 2, out: "", err: `landform: ${message}\n` });
  });
});

/** Watches the specs of the directory. */
function watching() {
  const child = spawn(process.execPath, [CLI, "watch"], { cwd: directory });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  /** Waits for text in what it says. */
  const until = (text: string) =>
    new Promise<void>((done) => {
      const look = () => out.includes(text) && done();
      child.stdout.on("data", look);
      look();
    });
  /** Interrupts it; gives its exit code. */
  const end = () => {
    child.kill("SIGINT");
    return new Promise((done) => child.on("exit", done));
  };
  return { until, end };
}

describe("watch", () => {
  test("goes on when something is in its way", async () => {
    rmSync(at("generated"), { recursive: true });
    rmSync(at("specs/acme.lock.yaml"));
    writeFileSync(at("generated"), "a file");
    const child = spawn(process.execPath, [CLI, "watch"], { cwd: directory });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
    await new Promise<void>((done) => {
      child.stdout.on("data", (chunk: Buffer) => chunk.includes("Ctrl-C") && done());
    });
    expect(said).toMatch(/^landform: .*; nothing was changed$/m);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    await new Promise((done) => child.on("exit", done));
  });

  test("compiles again when the spec changes", async () => {
    const { until, end } = watching();
    await until("Ctrl-C ends it");
    edit("specs/acme.yaml", "azs: 3", "azs: 4");
    await until("2 written");
    expect(await end()).toBe(0);
  });

  test("compiles again when code changes that the spec names", async () => {
    mkdirSync(at("functions/report"), { recursive: true });
    writeFileSync(at("functions/report/index.py"), "def handler(event, context): return 1\n");
    writeFileSync(
      at("specs/acme.yaml"),
      `${read("specs/acme.yaml")}functions: { report: { code: functions/report } }\n`,
    );
    landform("compile");
    const { until, end } = watching();
    await until("Ctrl-C ends it");
    const before = read("generated/acme/function-report.yaml");
    edit("functions/report/index.py", "return 1", "return 2");
    await until(" written");
    expect(read("generated/acme/function-report.yaml")).not.toBe(before);
    expect(await end()).toBe(0);
  });
});

describe("the escape hatch", () => {
  const TEMPLATE =
    "Resources:\n  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: alias/aws/sns } } # mine\n";
  beforeEach(() => {
    mkdirSync(at("specs/own"));
    writeFileSync(at("specs/own/topic.yaml"), TEMPLATE);
    edit(
      "specs/acme.yaml",
      "\nnetwork:",
      "\ntemplates: { topic: { file: own/topic.yaml, environments: [dev] } }\noverrides: { keys: { LogsKey: { Properties: { PendingWindowInDays: 7 } } } }\nnetwork:",
    );
  });

  test("a template is compiled, and checked like all that is an input", () => {
    expect(landform("compile").out).toContain("3 stack sets for 4 placements; 4 written");
    expect(read("generated/acme/topic.yaml")).toBe(
      `# Generated by landform from own/topic.yaml; edit that instead.\n${TEMPLATE}`,
    );
    expect(read("generated/acme/keys.yaml")).toContain("PendingWindowInDays: 7");
    expect(landform("check").code).toBe(0);
    edit("specs/own/topic.yaml", "mine", "mine!");
    expect(landform("check").err).toContain("generated/acme/topic.yaml error out-of-date");
    edit("specs/own/topic.yaml", "Properties", "Property");
    const { code, err } = landform("check");
    expect(code).toBe(1);
    expect(err).toContain("specs/own/topic.yaml:2:35 error unknown-key: `Property` is not an attribute");
  });

  test("it is shown, linted and explained as others are", () => {
    landform("compile");
    expect(landform("show", "topic", "--in", "dev").out).toContain("KmsMasterKeyId: alias/aws/sns");
    expect(landform("show", "topic", "--in", "prod").err).toContain(
      "no environment with this stack set `prod`",
    );
    expect(landform("explain", "templates.topic.file").out).toContain("own/topic.yaml  by specs/acme.yaml:");
    expect(
      landform("explain", "overrides.keys.LogsKey.Properties.PendingWindowInDays", "--in", "dev").out,
    ).toMatch(/dev {2}7 {2}by specs\/acme.yaml:\d+:\d+\n/);
    edit(
      "specs/own/topic.yaml",
      "Resources",
      "Parameters: { Unused: { Type: String, Default: a } }\nResources",
    );
    expect(landform("lint").err).toMatch(
      /^specs\/own\/topic.yaml:1:15 error lint: W2001 .*topic.yaml, Unused/m,
    );
  });

  test("a spec is watched with the templates it names, wherever they lie", async () => {
    mkdirSync(at("elsewhere"));
    writeFileSync(at("elsewhere/topic.yaml"), TEMPLATE);
    edit("specs/acme.yaml", "own/topic.yaml", "../elsewhere/topic.yaml");
    const { until, end } = watching();
    await until("Ctrl-C ends it");
    edit("elsewhere/topic.yaml", "mine", "ours");
    await until("1 written");
    expect(read("generated/acme/topic.yaml")).toContain("# ours");
    expect(await end()).toBe(0);
  });
});

describe("how it ends", () => {
  test.each([
    [["--help"], 0],
    [["--version"], 0],
    [["compile", "--help"], 0],
    [["complie"], 2],
    [["compile", "--otu", "x"], 2],
    [["show", "network"], 2],
    [["compile", "specs/none.yaml"], 2],
    [["compile", "specs/acme.lock.yaml"], 2],
    [["compile", "specs"], 2],
  ])("%j ends with %i", (args, code) => {
    const result = landform(...args);
    expect(result.code, result.err).toBe(code);
    expect(result.err).not.toMatch(/^ +at /m);
    expect(code === 0 ? result.out : result.err).not.toBe("");
  });

  test.each([
    ["an unknown command", ["complie"], "unknown command 'complie'"],
    ["an unknown option", ["compile", "--otu", "x"], "unknown option '--otu'"],
    [
      "an option that is missing",
      ["show", "network"],
      "required option '-i, --in <environment>' not specified",
    ],
    ["a wrong value", ["deploy", "--poll", "never"], "argument 'never' is invalid"],
    ["a spec that is not there", ["check", "specs/none.yaml"], "specs/none.yaml: there is no such file"],
    ["an unknown stack set", ["show", "netwrok", "--in", "dev"], "did you mean `network`?"],
    ["an unknown path", ["explain", "nope"], "there is no key `nope`"],
    ["an unknown service", ["release", "web", "2"], "there is no service or function"],
    ["no credentials", ["status", "--profile", "nobody"], "nobody"],
    ["files out of reach", ["compile", "--out", "/proc/landform"], "/proc/landform can't be made: no such"],
  ])("%s ends with 2, for machines in JSON too", (_, args, message) => {
    const { code, out, err } = landform(...args, "--json");
    expect(code, out + err).toBe(2);
    expect(JSON.parse(out)).toEqual({ ok: false, message: expect.stringContaining(message) });
    expect(err).toMatch(/^landform: /);
  });

  test("no specs at all", () => {
    rmSync(at("specs"), { recursive: true });
    expect(landform("compile")).toMatchObject({ code: 2, err: expect.stringContaining("no spec in specs/") });
  });

  test.each([
    ["mkfifo specs/pipe.yaml", "specs/pipe.yaml is not a file"],
    ["ln -s /dev/zero specs/zero.yaml", "specs/zero.yaml is not a file"],
    ["ln -s nowhere specs/link.yaml", "specs/link.yaml is a link to nothing"],
    ["rm specs/acme.lock.yaml && mkfifo specs/acme.lock.yaml", "specs/acme.lock.yaml is not a file"],
    [
      "rm generated/acme/stacksets.yaml && mkfifo generated/acme/stacksets.yaml",
      "stacksets.yaml is not a file",
    ],
  ])("where there is no regular file it reads none: %s", (command, message) => {
    execFileSync("sh", ["-ec", command], { cwd: directory });
    const { status, stderr } = spawnSync(process.execPath, [CLI, "compile"], {
      cwd: directory,
      encoding: "utf8",
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
  });

  test.each([
    ["init", "/proc/landform"],
    ["compile", "--out", "/proc/landform"],
  ])("%s in a directory where none can be made", (...args) => {
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: directory,
      encoding: "utf8",
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("/proc/landform") });
  });

  test("a spec that is not UTF-8", () => {
    writeFileSync(at("specs/acme.yaml"), Buffer.from([0x6e, 0xff, 0xfe]));
    expect(landform("check")).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        "specs/acme.yaml:1:2 error file-not-utf8: the file is not UTF-8 from here on",
      ),
    });
  });

  test("two specs of one name", () => {
    cpSync(at("specs/acme.yaml"), at("specs/twin.yaml"));
    expect(landform("compile")).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        "specs/twin.yaml:4:7 error duplicate-name: specs/acme.yaml has the name `acme` too",
      ),
    });
  });

  test.each([
    [["init", "file"], "landform: {}/file is not a directory\n"],
    [["init", "file/below"], "landform: {}/file is not a directory\n"],
    [["compile", "--out", "file"], "landform: file is not a directory; nothing was changed\n"],
  ])("a file where a directory is wanted: %j", (args, message) => {
    writeFileSync(at("file"), "");
    expect(landform(...args)).toEqual({ code: 2, out: "", err: message.replace("{}", directory) });
  });

  test("a full disk", () => {
    const { stderr, status } = spawnSync(
      "sh",
      ["-c", `"${process.execPath}" "${CLI}" show network --in dev > /dev/full`],
      {
        cwd: directory,
        encoding: "utf8",
      },
    );
    expect({ stderr, status }).toEqual({
      stderr: "landform: standard output can't be written: no space left on device\n",
      status: 2,
    });
    rmSync(at("generated/acme/network.yaml"));
    symlinkSync("/dev/full", at("generated/acme/network.yaml.landform-tmp"));
    expect(landform("compile")).toEqual({
      code: 2,
      out: "",
      err: "landform: generated/acme/network.yaml.landform-tmp can't be written: no space left on device; nothing was changed\n",
    });
  });

  test("a reader that goes away", () => {
    const { stderr, status } = spawnSync(
      "sh",
      ["-c", `"${process.execPath}" "${CLI}" show network --in dev | head -1`],
      { cwd: directory, encoding: "utf8" },
    );
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });
});
