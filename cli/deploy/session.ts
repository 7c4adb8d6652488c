/** What all commands that talk to AWS share: the spec, the connection, and one line where either is missing. */
import { type Aws, connectToAdministration } from "../../deploy/aws.ts";
import { explain } from "../../deploy/errors.ts";
import { ExitCode, fail, UsageError } from "../exit.ts";
import type { DeployOptions } from "../options.ts";
import { outputTrouble } from "../system-error.ts";
import { type Opened, openSpec } from "./spec.ts";

// The SDK warns on every start that its versions of 2027 will need a newer Node; ours is pinned to one that does not.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

export interface Session extends Opened {
  readonly aws: Aws;
}

/**
 * Opens the spec, connects, and runs.
 *
 * @param check looks at the command line before AWS is asked
 * @param connect as which account; the administration account by default
 * @param changesNothing whether it may go on while the generated files are out of date
 * @returns the exit code
 */
export async function inSession(
  named: string | undefined,
  options: DeployOptions,
  run: (session: Session) => Promise<number>,
  {
    check = () => {},
    connect = connectToAdministration,
    changesNothing = false,
  }: {
    readonly changesNothing?: boolean;
    readonly check?: (opened: Opened) => void;
    readonly connect?: typeof connectToAdministration;
  } = {},
): Promise<number> {
  const opened = openSpec(named, options, changesNothing);
  if (!opened) return ExitCode.WrongSpec;
  check(opened);
  // A reader that goes away early must not end what is under way in AWS.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners("error").on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") process.exitCode = fail(outputTrouble(error), ExitCode.Usage);
    });
  try {
    const aws = await connect(opened.manifest, options);
    return await run({ ...opened, aws });
  } catch (error) {
    const message = explain(error);
    if (message === undefined) throw error;
    throw new UsageError(message);
  }
}
