/** The command line: what there is to say, and which command answers. Commands load only when they are called. */
import { Command, CommanderError, Option } from "commander";
import { ExitCode, fail, isUsageError } from "./exit.ts";
import type { CommonOptions, ShowOptions } from "./options.ts";

/** Most of the tool: helping and complaining about the command line must not wait for it. */
const commands = () => import("./commands/index.ts");

const SPECS = "spec files; all of specs/*.yaml by default";

const out = () => new Option("-o, --out <directory>", "where the generated files live").default("generated");
const json = () => new Option("--json", "print one JSON document for machines");

function program(): Command {
  const landform = new Command("landform")
    .description("Compiles one architecture spec into CloudFormation templates, a stack set each.")
    .version("0.1.0")
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .showHelpAfterError("(`landform --help` tells more)")
    .addHelpText("after", HELP_AFTER);

  landform
    .command("compile")
    .description("compile the specs and write what changed to generated/<name>/")
    .argument("[spec...]", SPECS)
    .addOption(out())
    .addOption(json())
    .action(async (specs: string[], options: CommonOptions) => {
      process.exitCode = await (await commands()).compileCommand(specs, options);
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
      process.exitCode = await (await commands()).checkCommand(specs, options);
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
    .command("init")
    .description("make a new directory with a small working spec, what it compiles to, and a CI file")
    .argument("<directory>", "the directory to make")
    .option("-n, --name <name>", "the architecture's name; the directory's by default")
    .action(async (directory: string, options: { name?: string }) => {
      process.exitCode = await (await commands()).initCommand(directory, options);
    });
  landform
    .command("watch")
    .description("compile whenever a spec changes, until interrupted")
    .argument("[spec...]", SPECS)
    .addOption(out())
    .action(async (specs: string[], options: CommonOptions) => {
      process.exitCode = await (await commands()).watchCommand(specs, options);
    });
  return landform;
}

const HELP_AFTER = `
Examples:
  $ landform init acme              begin
  $ landform compile                write generated/ after every change of the spec
  $ landform check && landform lint what CI runs
  $ landform show network --in prod what prod gets
  $ landform explain network.nat    who decided that

Exit codes: 0 done, 1 the spec is wrong or something is out of date, 2 the command is wrong, 3 a bug of ours.`;

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError)
      process.exitCode = error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
    else if (isUsageError(error)) process.exitCode = fail(error.message, ExitCode.Usage);
    else process.exitCode = (await commands()).reportBug(error);
  }
}

// A reader that goes away early (`| head`) is no error; a full disk is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(
    error.code === "EPIPE" ? (process.exitCode ?? ExitCode.Done) : fail(error.message, ExitCode.Usage),
  );
});
void main();
