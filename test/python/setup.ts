/** Vitest's global setup: installs the Python tools once for all test files and hands them on. */
import type { TestProject } from "vitest/node";
import { pythonTools } from "./venv.ts";

declare module "vitest" {
  interface ProvidedContext {
    pythonTools: { readonly python: string } | { readonly skipped: string };
  }
}

export default function setup(project: TestProject): void {
  const tools = pythonTools();
  if ("skipped" in tools) console.warn(`Tests that need Python tools are skipped: ${tools.skipped}`);
  project.provide("pythonTools", "skipped" in tools ? tools : { python: tools.python });
}
