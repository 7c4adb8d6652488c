// Runs a TypeScript file of this project: `node scripts/run.mjs FILE [ARGUMENT…]`.
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { rawFiles } from "./raw-files.mjs";

const [file, ...rest] = process.argv.slice(2);
mkdirSync("node_modules/.cache", { recursive: true });
const outfile = resolve("node_modules/.cache", `run-${process.pid}.mjs`);
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  plugins: [rawFiles],
  // The compiled validator is CommonJS and requires parts of ajv.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
});
process.argv = [process.argv[0], file, ...rest];
try {
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile);
}
