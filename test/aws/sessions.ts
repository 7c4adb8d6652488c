/** Sessions of roles, as STS tells of them. */
import { type Answer, invalid } from "./protocol.ts";
import { type Credentials, sessionArn } from "./world.ts";

/** The account and name of a role. @throws AwsError where it is no ARN of one */
export function roleAt(arn: string): { readonly account: string; readonly role: string } {
  const [, account = "", role = ""] = /^arn:[^:]+:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  if (account === "") throw invalid(`${arn} is invalid`);
  return { account, role };
}

/** What AssumeRole and its kin answer. */
export const sessionOf = (
  credentials: Credentials,
  account: string,
  role: string,
  session: string,
): Answer => ({
  Credentials: {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: new Date(Date.UTC(2099, 0, 1)),
  },
  AssumedRoleUser: {
    AssumedRoleId: `AROAEXAMPLE:${session}`,
    Arn: sessionArn(account, role.split("/").at(-1) ?? "", session),
  },
});
