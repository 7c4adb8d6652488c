/** Builds the command line tool: the schema bundle, its validator, the bundled tool, and the schemas beside it. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { type BuildOptions, build } from "esbuild";
import { bundleSchema } from "./bundle-schema.ts";
import { rawFiles } from "./raw-files.mjs";
import { printReference } from "./reference.ts";
import { writeResourceSchemas } from "./resource-schemas.ts";
import { shareSchemas } from "./share-schemas.ts";

const MARKS = [
  "patternMeaning",
  "names",
  "everything",
  "isCidr",
  "isIdentifier",
  "shorthand",
  "range",
  "workload",
  "isTemplate",
];

mkdirSync("dist", { recursive: true });
// Code that V8 made of an older text goes before that text does: V8 knows a text by its length alone.
for (const file of readdirSync("dist")) if (file.endsWith(".code")) rmSync(join("dist", file));

const schema = bundleSchema("schema");
writeIfChanged("schema/landform.json", schema);
writeIfChanged("schema/README.md", printReference(JSON.parse(schema)));

const ajv = new Ajv({
  allErrors: true,
  verbose: false,
  strict: true,
  allowUnionTypes: true,
  inlineRefs: false,
  code: { source: true, lines: true },
});
ajv.addVocabulary(MARKS);
const validator = (standaloneCode as unknown as { default: typeof standaloneCode }).default(
  ajv,
  ajv.compile(shareSchemas(JSON.parse(schema))),
);
writeIfChanged("dist/spec-validator.cjs", validator);

const options: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  // `import()` becomes `require()`, which costs a third of it.
  supported: { "dynamic-import": false },
  // What `createRequire` begins at.
  define: { "import.meta.url": "__filename" },
  logLevel: "warning",
  plugins: [rawFiles],
};

// Four files: V8 reads all of a file before it runs any. `--help` needs but a tenth, compiling no linter and no watcher,
// and only what talks to AWS its SDK.
const parts = {
  compiling: "cli/compiling/index.ts",
  commands: "cli/commands/index.ts",
  deploy: "cli/deploy/index.ts",
};
await build({
  ...options,
  entryPoints: ["cli/main.ts"],
  outfile: "dist/landform.cjs",
  banner: { js: "#!/usr/bin/env node" },
  plugins: [
    rawFiles,
    {
      name: "parts apart",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^\.\/(compiling|commands|deploy)\/index\.ts$/ }, ({ path }) => ({
          path: path.split("/")[1] as string,
          namespace: "part",
        }));
        onLoad({ filter: /.*/, namespace: "part" }, ({ path }) => ({
          contents: `module.exports = require("./part.ts").loadPart("${path}");`,
          resolveDir: "cli",
        }));
      },
    },
  ],
});
for (const [part, entry] of Object.entries(parts)) {
  await build({
    ...options,
    entryPoints: [entry],
    outfile: `dist/${part}.cjs`,
    external: ["@aws/cloudformation-validate"],
    define: { ...options.define, VALIDATOR: JSON.stringify(`${validatorVersion()} ${exceptionsDigest()}`) },
  });
}
chmodSync("dist/landform.cjs", 0o755);
await writeResourceSchemas("dist/resource-schemas.txt");
// It prints what commands do, which is of interest only where it ends badly.
const { status, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", "scripts/code-cache.ts"]);
if (status !== 0) throw new Error(`no code of the parts could be kept: ${stderr}`);

/** Leaves an unchanged file alone, so that a build in one place does not wake watchers in another. */
function writeIfChanged(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

/** What of its findings we leave out is part of how it judges. */
function exceptionsDigest(): string {
  return createHash("sha256").update(readFileSync("cli/lint.ts")).digest("hex").slice(0, 12);
}

function validatorVersion(): string {
  const { name, version } = JSON.parse(
    readFileSync("node_modules/@aws/cloudformation-validate/package.json", "utf8"),
  ) as Record<string, string>;
  return `${name}@${version}`;
}
