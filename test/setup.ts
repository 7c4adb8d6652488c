/** Runs once before all suites: builds what the sources import, the schema bundle and the validator. */
import { execFileSync } from "node:child_process";

export default function setup(): void {
  execFileSync(process.execPath, ["scripts/run.mjs", "scripts/build.ts"], { stdio: "inherit" });
}
