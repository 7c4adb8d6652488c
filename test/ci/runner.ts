/** Runs the jobs of a pipeline on this machine as CircleCI does in its own: steps in order, by bash, in a fresh checkout. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Config } from "./config.ts";
import { jobsOn, type Planned } from "./workflow.ts";

/** Where and by whom jobs are run. */
export interface Machine {
  /** A directory for all it writes; each job has a home and a `/tmp` of its own in it. */
  readonly directory: string;
  /** Programs that take the place of those in an image, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A commit that a pipeline is for. */
export interface Commit {
  readonly repository: string;
  readonly branch: string;
  readonly sha: string;
  /** The job's OIDC token, by the number of the job. */
  readonly token?: (build: number) => string;
}

/** What became of a job. */
export interface Ran {
  readonly name: string;
  readonly outcome: "success" | "failed" | "on hold" | "not run";
  readonly output: string;
  /** Where its artifacts lie. */
  readonly artifacts: string;
}

/** A pipeline as far as it got; approving what it waits for lets it go on. */
export class Pipeline {
  readonly #ran = new Map<string, Ran>();
  readonly #approved = new Set<string>();
  readonly #jobs: readonly Planned[];

  constructor(
    private readonly machine: Machine,
    private readonly commit: Commit,
    config: Config,
  ) {
    this.#jobs = jobsOn(commit.branch, config);
  }

  /** Runs what can be run. @returns the outcome of each job */
  async run(): Promise<Record<string, Ran["outcome"]>> {
    for (const job of this.#jobs) {
      const before = this.#ran.get(job.name);
      if (before?.outcome === "success" || before?.outcome === "failed") continue;
      this.#ran.set(job.name, await this.#attempt(job));
    }
    return Object.fromEntries([...this.#ran].map(([name, { outcome }]) => [name, outcome]));
  }

  approve(name: string): void {
    this.#approved.add(name);
  }

  /** What those that failed had to say: for the message of a test that fails. */
  failures(): string {
    return [...this.#ran.values()]
      .map(({ outcome, output }) => (outcome === "failed" ? output : ""))
      .join("");
  }

  of(name: string): Ran {
    return this.#ran.get(name) as Ran;
  }

  async #attempt(job: Planned): Promise<Ran> {
    const idle = { name: job.name, output: "", artifacts: "" };
    const isReady = job.requires.every((name) => this.#ran.get(name)?.outcome === "success");
    if (!isReady) return { ...idle, outcome: "not run" };
    if (job.kind === "approval")
      return { ...idle, outcome: this.#approved.has(job.name) ? "success" : "on hold" };
    return runJob(this.machine, this.commit, job);
  }
}

let builds = 0;

export async function runJob(machine: Machine, commit: Commit, job: Planned): Promise<Ran> {
  const build = ++builds;
  const home = join(machine.directory, `${build}-${job.name}`);
  const tmp = join(home, "tmp");
  const bin = join(home, "bin");
  for (const directory of [tmp, bin]) mkdirSync(directory, { recursive: true });
  for (const [name, script] of Object.entries(machine.programs ?? {})) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${script}`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(home, "bash-env"), "");
  // Directories of the tests' own lie there too.
  const place = (path: string) => path.replaceAll(/\/tmp\/(?!landform-)/g, `${tmp}/`).replace(/^~/, home);
  const env = {
    HOME: home,
    PATH: [bin, process.env.PATH].join(delimiter),
    BASH_ENV: join(home, "bash-env"),
    CI: "true",
    CIRCLECI: "true",
    CIRCLE_BRANCH: commit.branch,
    CIRCLE_SHA1: commit.sha,
    CIRCLE_BUILD_NUM: String(build),
    CIRCLE_OIDC_TOKEN_V2: commit.token?.(build) ?? "",
    ...machine.env,
    ...Object.fromEntries(Object.entries(job.environment).map(([name, value]) => [name, place(value)])),
  };
  const ran = { name: job.name, artifacts: join(home, "artifacts") };
  const cwd = place(job.directory);
  let output = "";
  for (const step of job.steps) {
    const [[name = "", settings = {}] = []] =
      typeof step === "string" ? [[step] as const] : Object.entries(step);
    if (name === "checkout") checkOut(commit, place((settings as { path?: string }).path ?? job.directory));
    if (name === "store_artifacts") store(place((settings as { path: string }).path), ran.artifacts);
    if (name === "add_ssh_keys") addKey(home);
    if (name !== "run") continue;
    const { command } = settings as { command: string };
    const ended = await bash(place(command), cwd, env);
    output += ended.output;
    if (ended.isHalted) return { ...ran, outcome: "success", output };
    if (ended.code !== 0) return { ...ran, outcome: "failed", output };
  }
  return { ...ran, outcome: "success", output };
}

/** What ends a job early and well, as `circleci-agent step halt` does. */
export const HALT = 'touch "$HOME/halted"';

async function bash(command: string, cwd: string, env: Readonly<Record<string, string>>) {
  // With a socket as its input, which Node gives, bash takes itself for a remote shell and does not read BASH_ENV.
  const child = spawn("bash", ["-eo", "pipefail", "-c", command], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = `$ ${command}\n`;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, output, isHalted: existsIn(env.HOME ?? "", "halted") };
}

const existsIn = (directory: string, file: string): boolean =>
  spawnSync("test", ["-e", join(directory, file)]).status === 0;

function checkOut({ repository, sha }: Commit, directory: string): void {
  git(".", "clone", "--quiet", repository, directory);
  git(directory, "checkout", "--quiet", sha);
}

/** What CircleCI calls a key that was added, though nobody is let in by it here. */
function addKey(home: string): void {
  mkdirSync(join(home, ".ssh"), { recursive: true });
  writeFileSync(join(home, ".ssh", "id_rsa_0a1b"), "");
}

function store(path: string, artifacts: string): void {
  cpSync(path, artifacts, { recursive: true });
}

/** Runs Git as somebody. @returns what it prints */
export function git(directory: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@demo.example"];
  const { status, stdout, stderr } = spawnSync("git", ["-C", directory, ...who, ...args], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/**
 * `npm ci` where the tool is the only package: this checkout's own build. All have one cache, `CACHE`, so that templates are
 * linted once, which takes longer than all the rest.
 */
export const NPM = `[ "$1" = ci ] || exit 0
mkdir -p node_modules/.bin "$CACHE"
ln -sf ${resolve("dist/landform.cjs")} node_modules/.bin/landform
ln -sfn "$CACHE" node_modules/.cache
`;
