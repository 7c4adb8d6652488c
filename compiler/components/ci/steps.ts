/** Steps as CircleCI reads them. */
import type { PlainObject } from "../../cfn/values.ts";

/** A step that runs a command under a name that people see; several lines make a script. */
export const run = (
  name: string,
  command: string | readonly string[],
  more: PlainObject = {},
): PlainObject => ({
  run: { name, command: typeof command === "string" ? command : `${command.join("\n")}\n`, ...more },
});

/** Only what is installed is run: `npx` would fetch a stranger of that name. */
export const LANDFORM = "npx --no-install landform";

/** Where the token lies that AWS gives credentials for. */
const TOKEN_FILE = "/tmp/circleci-oidc-token";

/** What the SDK and the AWS CLI need to take a role by themselves, but for the token. */
export const roleEnvironment = (roleArn: string): PlainObject => ({
  AWS_ROLE_ARN: roleArn,
  AWS_WEB_IDENTITY_TOKEN_FILE: TOKEN_FILE,
});

/** Puts the job's own token where they look for it; in CloudTrail the session has the job's number. */
export const signIn: PlainObject = run("Sign in to AWS", [
  '(umask 077 && printf %s "$CIRCLE_OIDC_TOKEN_V2" > "$AWS_WEB_IDENTITY_TOKEN_FILE")',
  'echo "export AWS_ROLE_SESSION_NAME=circleci-$CIRCLE_BUILD_NUM" >> "$BASH_ENV"',
]);

/** One value or several, as a list. */
export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;
