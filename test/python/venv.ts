/** The virtual environments with the Python tools of the tests. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The environment's interpreter and its other programs, or why there is none. */
export type PythonTools =
  | { readonly python: string; bin(name: string): string }
  | { readonly skipped: string };

/** What is installed together. */
export interface Environment {
  readonly directory: string;
  /** Files that name every package, also those that others need, with version and hashes. */
  readonly requirements: readonly string[];
}

/** cfn-lint and moto. */
const TOOLS: Environment = { directory: ".venv", requirements: ["test/requirements.txt"] };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const INTERPRETERS = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/**
 * The tools, installed first where they are missing or not those of the requirements. Where that can't be done it
 * throws in CI and says why elsewhere. Not for use by two processes at a time.
 */
export function pythonTools(environment: Environment = TOOLS): PythonTools {
  const python = join(ROOT, environment.directory, "bin/python");
  try {
    if (!isCurrent(environment) || !works(python)) install(environment, python);
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    if (process.env.CI) throw new Error(`The Python tools of the tests are not to be had: ${skipped}`);
    return { skipped };
  }
  return toolsBeside(python);
}

/** The tools of an environment that is known to be good. */
export function toolsBeside(python: string): Extract<PythonTools, { python: string }> {
  return { python, bin: (name) => join(dirname(python), name) };
}

/** Written last, so that an environment whose installation was cut short doesn't count. */
const stampOf = ({ directory }: Environment): string => join(ROOT, directory, "stamp");

/** What the stamp says of a good environment. Its programs name its place, so one that was moved is not good any more. */
function contentOf({ requirements }: Environment): string {
  const hash = createHash("sha256");
  for (const file of requirements) hash.update(readFileSync(join(ROOT, file)));
  return hash.update(ROOT).digest("hex");
}

function isCurrent(environment: Environment): boolean {
  const stamp = stampOf(environment);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === contentOf(environment);
}

function install(environment: Environment, python: string): void {
  const base = INTERPRETERS.find(works);
  if (!base) throw new Error("no python3 of version 3.10 or later");
  const { directory, requirements } = environment;
  console.log(`Installing Python tools of the tests into ${directory} (once, about a minute)`);
  rmSync(join(ROOT, directory), { recursive: true, force: true });
  run(base, "-m", "venv", join(ROOT, directory));
  const files = requirements.flatMap((file) => ["-r", join(ROOT, file)]);
  run(python, "-m", "pip", "install", "-q", "--no-input", "--no-deps", "--require-hashes", ...files);
  writeFileSync(stampOf(environment), contentOf(environment));
}

function works(python: string): boolean {
  return spawnSync(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0;
}

function run(command: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return;
  const lines = (error?.message ?? `${stdout}\n${stderr}`).trim().split("\n");
  throw new Error(`python ${args.slice(0, 2).join(" ")} failed: ${lines.slice(-2).join(" ")}`);
}
