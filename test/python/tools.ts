/** How test files use the Python tools that the global setup installed. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, inject } from "vitest";
import { type PythonTools, toolsBeside } from "./venv.ts";

/** Starting Python takes a second or two, and longer beside other tests. */
const TIMEOUT = 180_000;

/** A suite that needs the Python tools; without them it is reported as skipped, with the reason in its name. */
export function describePython(name: string, suite: () => void): void {
  const tools = injected();
  if ("skipped" in tools) describe.skip(`${name} (skipped: ${tools.skipped})`, suite);
  else describe(name, { timeout: TIMEOUT }, suite);
}

/** The Python tools; only to be called where a test runs. */
export function installedTools(): Extract<PythonTools, { python: string }> {
  const tools = injected();
  if ("skipped" in tools) throw new Error(tools.skipped);
  return tools;
}

/** The path of a Python script that lies beside this file. */
export function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What a program that ended has said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with `input` as its standard input. */
export function runTool(command: string, args: readonly string[], input = ""): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    // A program that ends without reading is judged by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

function injected(): PythonTools {
  const tools = inject("pythonTools");
  return "skipped" in tools ? tools : toolsBeside(tools.python);
}
