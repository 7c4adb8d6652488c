/** The command line: what there is to say, and which command answers. Commands load only when they are called. */
import { Command, InvalidArgumentError, Option } from "commander";
import { endWith } from "./ending.ts";
import { ExitCode, fail } from "./exit.ts";
import type {
  BootstrapOptions,
  CommonOptions,
  DeployCommandOptions,
  DriftOptions,
  PackOptions,
  PlanOptions,
  PublishOptions,
  ReleaseOptions,
  RemoveOptions,
  ShowOptions,
  StatusOptions,
} from "./options.ts";
import { outputTrouble } from "./system-error.ts";

/** Most of the tool: helping and complaining about the command line must not wait for it. */
const compiling = () => import("./compiling/index.ts");

/** The rest of what works offline. */
const commands = () => import("./commands/index.ts");

/** What talks to AWS stands apart: it takes the SDK, which costs more than all the rest. */
const deployCommands = () => import("./deploy/index.ts");

const SPEC = "the spec, where there are several";
const SPECS = "spec files; all of specs/*.yaml by default";

const out = () => new Option("-o, --out <directory>", "where the generated files live").default("generated");
const json = () => new Option("--json", "print one JSON document for machines");

function program(): Command {
  const landform = new Command("landform")
    .description("Compiles one architecture spec into CloudFormation templates, a stack set each.")
    .version("0.1.0")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "landform: ")) })
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError("(`landform --help` tells more, also after a command)")
    .addHelpText("after", HELP_AFTER);

  landform
    .command("compile")
    .description("compile the specs and write what changed to generated/<name>/")
    .argument("[spec...]", SPECS)
    .addOption(out())
    .addOption(json())
    .action(async (specs: string[], options: CommonOptions) => {
      process.exitCode = await (await compiling()).compileCommand(specs, options);
    });
  landform
    .command("check")
    .description(
      "say whether the specs are right and ledger and generated files are up to date; write nothing",
    )
    .argument("[spec...]", SPECS)
    .addOption(out())
    .addOption(json())
    .action(async (specs: string[], options: CommonOptions) => {
      process.exitCode = await (await compiling()).checkCommand(specs, options);
    });
  landform
    .command("lint")
    .description("lint the templates for each account and Region they go to")
    .argument("[spec...]", SPECS)
    .addOption(json())
    .action(async (specs: string[], options: CommonOptions) => {
      process.exitCode = await (await commands()).lintCommand(specs, options);
    });
  landform
    .command("show")
    .description("print the template that one environment gets, without mappings and conditions")
    .argument("<stackset>", "the stack set, such as network")
    .requiredOption("-i, --in <environment>", "the environment")
    .option("-r, --region <region>", "the Region, where the environment has several")
    .option("-s, --spec <file>", "the spec, where there are several")
    .addOption(json())
    .action(async (stackSet: string, options: ShowOptions) => {
      process.exitCode = await (await commands()).showCommand(stackSet, options);
    });
  landform
    .command("explain")
    .description("print what a setting is in each environment, and which line of the spec says so")
    .argument("<path>", "a path of the spec, such as network.nat or environments.dev.network")
    .option("-i, --in <environment>", "only this environment")
    .option("-s, --spec <file>", "the spec, where there are several")
    .addOption(json())
    .action(async (path: string, options: { in?: string; spec?: string; json?: boolean }) => {
      process.exitCode = await (await commands()).explainCommand(path, options);
    });
  landform
    .command("release")
    .description("set the version of a service's image in the spec, or of a function's, and compile it")
    .argument("<name>", "the service, or the function")
    .argument("<version>", "the image's tag, or its digest")
    .addOption(
      new Option(
        "-i, --in <environment>",
        "only this environment, or several (dev,stage); without, all that have no version of their own",
      ).argParser(collect),
    )
    .option("-s, --spec <file>", "the spec, where there are several")
    .addOption(out())
    .addOption(json())
    .action(async (name: string, version: string, options: ReleaseOptions) => {
      process.exitCode = await (await commands()).releaseCommand(name, version, options);
    });
  landform
    .command("pack")
    .description("write the archives of functions, as a deploy puts them into the artifact bucket")
    .argument("[spec]", SPEC)
    .requiredOption("--to <directory>", "the directory to write to")
    .addOption(json())
    .action(async (spec: string | undefined, options: PackOptions) => {
      process.exitCode = await (await commands()).packCommand(spec, options);
    });
  landform
    .command("init")
    .description("make a new directory with a small spec, which wants your account ids, and a CI file")
    .argument("<directory>", "the directory to make")
    .option("-n, --name <name>", "the architecture's name; the directory's by default")
    .action(async (directory: string, options: { name?: string }) => {
      process.exitCode = await (await commands()).initCommand(directory, options);
    });
  landform
    .command("watch")
    .description("compile whenever a spec or what it names changes, until interrupted")
    .argument("[spec...]", SPECS)
    .addOption(out())
    .action(async (specs: string[], options: CommonOptions) => {
      process.exitCode = await (await commands()).watchCommand(specs, options);
    });
  addDeployCommands(landform);
  return landform;
}

/** The commands that talk to AWS, under the usual credentials of the SDK. */
function addDeployCommands(landform: Command): void {
  const command = (name: string, description: string) =>
    landform
      .command(name)
      .description(description)
      .addOption(out())
      .addOption(json())
      .option("--profile <name>", "a profile of the AWS configuration files")
      .addOption(
        new Option("--endpoint-url <url>", "another address for AWS, such as a simulation's")
          .env("AWS_ENDPOINT_URL")
          .argParser((text: string) => {
            if (!/^https?:/.test(URL.canParse(text) ? text : ""))
              throw new InvalidArgumentError("It is no address such as http://localhost:5000.");
            return text;
          }),
      );
  command("bootstrap", "make the roles and artifact buckets that deploying needs, account by account")
    .argument("[spec]", SPEC)
    .addOption(
      new Option("--role <name>", "the role to assume in the other accounts")
        .default("OrganizationAccountAccessRole")
        .argParser((text: string) => {
          if (!/^[\w+=,.@-]{1,64}$/.test(text)) throw new InvalidArgumentError("It is no name of a role.");
          return text;
        }),
    )
    .addOption(poll())
    .action(async (spec: string | undefined, options: BootstrapOptions) => {
      process.exitCode = await (await deployCommands()).bootstrapCommand(spec, options);
    });
  command("plan", "say what a deploy would do, from what is live; change nothing")
    .argument("[spec]", SPEC)
    .addOption(environment())
    .addOption(only())
    .option("--save <file>", "write the JSON document to a file, whatever is printed")
    .action(async (spec: string | undefined, options: PlanOptions) => {
      process.exitCode = await (await deployCommands()).planCommand(spec, options);
    });
  command("deploy", "make AWS what the spec says; delete nothing")
    .argument("[spec]", SPEC)
    .addOption(environment())
    .addOption(only())
    .option(
      "--refresh",
      "also update stacks in which nothing differs, so that they read again what they read",
    )
    .addOption(poll())
    .action(async (spec: string | undefined, options: DeployCommandOptions) => {
      process.exitCode = await (await deployCommands()).deployCommand(spec, options);
    });
  command("status", "show each stack set in each environment")
    .argument("[spec]", SPEC)
    .option("-w, --watch", "go on showing it, until interrupted")
    .addOption(poll())
    .action(async (spec: string | undefined, options: StatusOptions) => {
      process.exitCode = await (await deployCommands()).statusCommand(spec, options);
    });
  command("drift", "find what was changed behind the back of the stack sets")
    .argument("[spec]", SPEC)
    .addOption(only())
    .addOption(poll())
    .action(async (spec: string | undefined, options: DriftOptions) => {
      process.exitCode = await (await deployCommands()).driftCommand(spec, options);
    });
  command(
    "publish",
    "upload a site's folder: only what changed, and never so that a page lacks what it needs",
  )
    .argument("<site>", "the site, such as www")
    .requiredOption("-i, --in <environment>", "the environment")
    .option("--source <directory>", "the folder, if not that of the spec")
    .option("-s, --spec <file>", SPEC)
    .addOption(poll())
    .action(async (site: string, options: PublishOptions) => {
      process.exitCode = await (await deployCommands()).publishCommand(site, options);
    });
  command("remove", "take away what is live but not in the spec any more; data only where it is named")
    .argument("[stackset...]", "stack sets by name, also those that hold data")
    .option("-s, --spec <file>", SPEC)
    .option("--all", "also what is in the spec: everything that is live under its tags")
    .option("--retain", "let go of the stacks named, in the spec or not, and leave them in their accounts")
    .addOption(
      new Option("--in <environment>", "with --retain: the environment or account").argParser(collect),
    )
    .option("-y, --yes", "do not ask")
    .addOption(poll())
    .action(async (names: string[], options: RemoveOptions & { spec?: string }) => {
      process.exitCode = await (await deployCommands()).removeCommand(names, options);
    });
}

const environment = () =>
  new Option(
    "-e, --environment <name>",
    "only this environment, or several (dev,stage); the others stay as they are",
  ).argParser(collect);
const only = () =>
  new Option(
    "--only <stackset>",
    "only this stack set, or several (keys,network), and those they depend on",
  ).argParser(collect);
/** An option that may stand several times, or once with commas. */
const collect = (text: string, before: readonly string[] = []): string[] => [...before, ...text.split(",")];
const poll = () =>
  new Option("--poll <seconds>", "how often to ask AWS while waiting")
    .default(5)
    .argParser((text: string) => {
      const seconds = Number(text);
      if (!(seconds > 0 && seconds <= 3600))
        throw new InvalidArgumentError("It is no number of seconds above 0 and up to 3600.");
      return seconds;
    });

const HELP_AFTER = `
Examples:
  $ landform init acme              begin
  $ landform compile                write generated/ after every change of the spec
  $ landform check && landform lint what CI runs
  $ landform show network --in prod what prod gets
  $ landform explain network.nat    who decided that
  $ landform release web 1.5.0 -i dev another version for one environment
  $ landform bootstrap              once: the roles and buckets that deploying needs
  $ landform plan                   what a deploy would do
  $ landform deploy -e dev          promote dev; without -e, everything
  $ landform publish www --in dev   upload the files of a site

Exit codes: 0 done, 1 the spec is wrong, something is out of date, or a deployment failed, 2 the command is wrong, or
files or AWS are out of reach, 3 a bug of ours, 4 something would change or has drifted, 5 data is at risk,
130 interrupted.`;

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = await endWith(error, async (bug) => (await commands()).reportBug(bug));
  }
}

// A reader that goes away early (`| head`) is no error; a full disk is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(
    error.code === "EPIPE" ? (process.exitCode ?? ExitCode.Done) : fail(outputTrouble(error), ExitCode.Usage),
  );
});
void main();
