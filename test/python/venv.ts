/** The virtual environment with the Python tools of the tests: cfn-lint and moto. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The environment's interpreter and its other programs, or why there is none. */
export type PythonTools =
  | { readonly python: string; bin(name: string): string }
  | { readonly skipped: string };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REQUIREMENTS = join(ROOT, "test/requirements.txt");
const VENV = join(ROOT, ".venv");
/** Written last, so that an environment whose installation was cut short doesn't count. */
const STAMP = join(VENV, "stamp");
const INTERPRETERS = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/**
 * The tools, installed first where they are missing or not those of test/requirements.txt. Where that can't be done it
 * throws in CI and says why elsewhere. Not for use by two processes at a time.
 */
export function pythonTools(): PythonTools {
  const python = join(VENV, "bin/python");
  // Programs in an environment name its place, so one that was moved is not good any more either.
  const stamp = createHash("sha256").update(readFileSync(REQUIREMENTS)).update(ROOT).digest("hex");
  try {
    if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== stamp || !works(python)) install(python, stamp);
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

function install(python: string, stamp: string): void {
  const base = INTERPRETERS.find(works);
  if (!base) throw new Error("no python3 of version 3.10 or later");
  console.log("Installing the Python tools of the tests into .venv (once, about a minute)");
  rmSync(VENV, { recursive: true, force: true });
  run(base, "-m", "venv", VENV);
  run(python, "-m", "pip", "install", "-q", "--no-input", "--require-hashes", "-r", REQUIREMENTS);
  writeFileSync(STAMP, stamp);
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
