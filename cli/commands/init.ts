/** `landform init`: a new directory with a small spec that compiles, its output, and a CI file. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { compile } from "../../compiler/compile.ts";
import { Invariant } from "../../compiler/invariant.ts";
import { type Schema, specSchema } from "../../compiler/schema.ts";
import { ExitCode, UsageError } from "../exit.ts";

export async function initCommand(directory: string, options: { name?: string }): Promise<number> {
  const target = resolve(directory);
  const name = options.name ?? basename(target);
  checkName(name, options.name === undefined);
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new UsageError(`${directory} exists and is not empty; nothing was written`);
  }
  mkdirSync(target, { recursive: true });
  // Everything is made beside its place first: where that fails, the directory stays empty.
  const temporary = join(target, ".landform-init");
  try {
    for (const [file, text] of filesOf(name)) {
      mkdirSync(dirname(join(temporary, file)), { recursive: true });
      writeFileSync(join(temporary, file), text);
    }
    for (const entry of readdirSync(temporary)) renameSync(join(temporary, entry), join(target, entry));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  const enter =
    target === process.cwd()
      ? ""
      : `  cd ${/^[\w./-]+$/.test(directory) ? directory : JSON.stringify(directory)}\n`;
  process.stdout.write(
    `${directory} is ready. Put your account ids into specs/${name}.yaml, add landform to package.json, then:\n`,
  );
  process.stdout.write(`${enter}  npx landform compile\n`);
  return ExitCode.Done;
}

function checkName(name: string, isDirectory: boolean): void {
  const schema = specSchema.properties?.name as Required<
    Pick<Schema, "pattern" | "maxLength" | "patternMeaning">
  >;
  if (new RegExp(schema.pattern).test(name) && name.length <= schema.maxLength) return;
  const hint = isDirectory ? "; give another with --name" : "";
  throw new UsageError(
    `\`${name}\` is no name for an architecture: ${schema.patternMeaning}, at most ${schema.maxLength}${hint}`,
  );
}

function filesOf(name: string): Map<string, string> {
  const spec = specText(name);
  const { result } = compile({
    spec: { file: `${name}.yaml`, text: spec },
    ledger: { file: `${name}.lock.yaml` },
  });
  if (!result) throw new Invariant("the spec that init writes does not compile");
  const files = new Map([
    [`specs/${name}.yaml`, spec],
    [`specs/${name}.lock.yaml`, result.ledger],
    ["schema/landform.json", `${JSON.stringify(specSchema, null, 2)}\n`],
    [".circleci/config.yml", CI],
    [".gitattributes", "generated/** text eol=lf\nspecs/** text eol=lf\n"],
    [".gitignore", "node_modules/\n"],
    ["package.json", packageText(name)],
  ]);
  for (const [file, text] of result.files) files.set(`generated/${name}/${file}`, text);
  return files;
}

const specText = (name: string): string => `# yaml-language-server: $schema=../schema/landform.json
version: 1
name: ${name}
regions: [eu-west-1] # the first is home: the stack sets themselves live there

accounts:
  dev: { id: "111111111111", email: aws+dev@example.com }
  prod: { id: "222222222222", email: aws+prod@example.com }
  # With an account of this name all accounts are audited, watched and guarded from it:
  # security: { id: "333333333333", email: aws+security@example.com }

environments:
  dev: { account: dev, network: { azs: 2, nat: single } } # cheaper than the rest
  prod: { account: prod }

network: { supernet: 10.0.0.0/8, azs: 3, nat: per-az, flow-logs: true }
`;

const packageText = (name: string): string =>
  `${JSON.stringify({ name: `${name}-infrastructure`, private: true }, null, 2)}\n`;

const CI = `version: 2.1
jobs:
  check:
    docker: [{ image: "cimg/node:20.20" }]
    steps:
      - checkout
      - run: npm ci # landform must be among the dependencies
      - run: npx --no-install landform check
      - run: npx --no-install landform lint
workflows:
  check:
    jobs: [check]
`;
