/** The packs that come as Python packages, in an environment of their own. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PythonTools, pythonTools } from "../../python/venv.ts";

const REQUIREMENTS = ["test/rules/packs/requirements.txt", "test/rules/packs/registry.txt"];

let tools: PythonTools | undefined;

/** Installs them where they are not there yet. */
export function packTools(): PythonTools {
  tools ??= pythonTools({ directory: ".venv-packs", requirements: REQUIREMENTS });
  return tools;
}

/** Only where `packTools` found them. */
export function installed(): Extract<PythonTools, { python: string }> {
  const found = packTools();
  if ("skipped" in found) throw new Error(found.skipped);
  return found;
}

/** The version of a package in the requirements. */
export function pinned(name: string): string {
  const text = REQUIREMENTS.map((file) => readFileSync(file, "utf8")).join("\n");
  const line = text.split("\n").find((each) => each.startsWith(`${name}==`));
  if (!line) throw new Error(`${name} is not pinned`);
  return (line.split(" ")[0] as string).slice(name.length + 2);
}

/** Where a file of an installed package is. */
export function installedFile(path: string): string {
  const { stdout } = spawnSync(
    installed().python,
    ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
    {
      encoding: "utf8",
    },
  );
  return join(stdout.trim(), path);
}
