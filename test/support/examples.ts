/** The functions of examples and tests in a directory of a test's own, with the packages they need, as `npm ci` has them. */
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FUNCTIONS = "examples/functions";
const OF_TESTS = "test/code";

export function placeExamples(directory: string): void {
  cpSync(FUNCTIONS, join(directory, FUNCTIONS), { recursive: true });
  cpSync(OF_TESTS, join(directory, OF_TESTS), { recursive: true });
  // It says how TypeScript is meant, to esbuild too.
  cpSync("tsconfig.json", join(directory, "tsconfig.json"));
  const packages = readdirSync(FUNCTIONS).flatMap((name) => packagesOf(join(FUNCTIONS, name)));
  for (const name of new Set(packages)) {
    const from = join("node_modules", name);
    cpSync(from, join(directory, from), { recursive: true });
  }
}

/** All that a package or folder depends on, installed at the top. */
function packagesOf(folder: string): string[] {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return [];
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly dependencies?: object;
    readonly optionalDependencies?: object;
  };
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  return names.flatMap((name) => [name, ...packagesOf(join("node_modules", name))]);
}
