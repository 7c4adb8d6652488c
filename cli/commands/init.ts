/** `landform init`: a new directory with a small spec, which wants the ids of accounts, and a CI file. */
import { readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Schema, specSchema } from "../../compiler/schema.ts";
import { isDirectory, makeDirectory, writeFile } from "../disk.ts";
import { ExitCode, UsageError } from "../exit.ts";
import { unbroken } from "../unbroken.ts";

export async function initCommand(directory: string, options: { name?: string }): Promise<number> {
  const target = resolve(directory);
  const name = options.name ?? basename(target);
  checkName(name, options.name === undefined);
  if (isDirectory(target) && readdirSync(target).length > 0) {
    throw new UsageError(`${directory} exists and is not empty; nothing was written`);
  }
  makeDirectory(target);
  await unbroken(() => writeFiles(target, filesOf(name)), `${directory} is ready all the same`);
  process.stdout.write(nextSteps(directory, name));
  return ExitCode.Done;
}

/** Everything is made beside its place first: where that fails, the directory stays empty. */
function writeFiles(target: string, files: ReadonlyMap<string, string>): void {
  const temporary = join(target, ".landform-init");
  try {
    for (const [file, text] of files) {
      makeDirectory(dirname(join(temporary, file)));
      writeFile(join(temporary, file), text);
    }
    for (const entry of readdirSync(temporary)) renameSync(join(temporary, entry), join(target, entry));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
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

/** What is to be done by hand, and then the commands to run, word for word. */
function nextSteps(directory: string, name: string): string {
  const commands = [
    ...(resolve(directory) === process.cwd() ? [] : [`cd ${quoted(directory)}`]),
    `npm install --save-dev ${quoted(resolve(__dirname, ".."))}`,
    "npx --no-install landform compile",
  ];
  return [
    `${directory} is ready. Put the ids and addresses of your accounts into ${join(directory, "specs", `${name}.yaml`)}, then:`,
    ...commands.map((command) => `  ${command}`),
    "",
  ].join("\n");
}

/** A word of a shell's command. */
const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Neither a ledger nor anything generated: they would be for accounts that nobody has. */
const filesOf = (name: string): ReadonlyMap<string, string> =>
  new Map([
    [`specs/${name}.yaml`, specText(name)],
    ["schema/landform.json", `${JSON.stringify(specSchema, null, 2)}\n`],
    [".circleci/config.yml", CI],
    [".gitattributes", "generated/** text eol=lf\nspecs/** text eol=lf\n"],
    [".gitignore", "node_modules/\n*.landform-tmp\n"],
    ["package.json", packageText(name)],
  ]);

const specText = (name: string): string => `# yaml-language-server: $schema=../schema/landform.json
version: 1
name: ${name}
regions: [eu-west-1] # the first is home: the stack sets themselves live there

accounts:
  dev: { id: the id of your account, email: aws+dev@example.com }
  prod: { id: the id of another, email: aws+prod@example.com }
  # With an account of this name all accounts are audited, watched and guarded from it:
  # security: { id: the id of a third, email: aws+security@example.com }

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
      - run: npm ci # package.json must name landform by a git URL: a directory of yours is not here
      - run: npx --no-install landform check
      - run: npx --no-install landform lint
workflows:
  check:
    jobs: [check]
`;
