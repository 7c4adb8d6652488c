/** Who may take a role by a token of CircleCI's: jobs of one organization, one project and, where it says so, one branch. */
import type { PlainObject, Value } from "../../cfn/values.ts";
import { policyOf } from "../workload/statements.ts";
import type { Jobs } from "./settings.ts";

/** The issuer of the organization's tokens, without its scheme. */
export const issuerOf = (organization: string): string => `oidc.circleci.com/org/${organization}`;

/** A UUID: so long, and no longer. */
const SOMEBODY = "????????-????-????-????-????????????";

/**
 * Condition keys have the issuer in their names, so they stand here literally. The subject is that of
 * `CIRCLE_OIDC_TOKEN_V2`, which ends in the repository and the ref:
 * https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 *
 * In a pattern `*` is also `/`, so a branch called `x/vcs-ref/refs/heads/main` would pass for `main`: what has
 * `/vcs-ref/` twice is nobody's.
 *
 * @param provider the ARN of the organization's identity provider
 */
export function trustJobs(provider: Value, organization: string, jobs: Jobs): PlainObject {
  const { project, repository, branch } = jobs;
  const issuer = issuerOf(organization);
  const subject = `${issuer}:sub`;
  return policyOf([
    {
      Effect: "Allow",
      Principal: { Federated: provider },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${issuer}:aud`]: organization,
          [`${issuer}:oidc.circleci.com/project-id`]: project,
        },
        StringLike: {
          [subject]: `org/${organization}/project/${project}/user/${SOMEBODY}${sourceOf(repository, branch)}`,
        },
        ...(branch !== undefined && { StringNotLike: { [subject]: "*/vcs-ref/*/vcs-ref/*" } }),
      },
    },
  ]);
}

/** What stands in the subject behind the user. A pipeline that a custom webhook triggers has neither. */
function sourceOf(repository: string | undefined, branch: string | undefined): string {
  if (repository === undefined && branch === undefined) return "*";
  return `/vcs-origin/${repository ?? "*"}/vcs-ref/${branch === undefined ? "*" : `refs/heads/${branch}`}`;
}
