/** Trust policies of the roles that people take: who, and how surely it is them. */
import { rootOf } from "../../cfn/security.ts";
import type { PlainObject } from "../../cfn/values.ts";
import { policyOf } from "../workload/statements.ts";

/** How IAM writes the name of whoever asks. It is no reference of CloudFormation's. */
export const ASKING = "$" + "{aws:username}";

/**
 * Users can't be had by their groups: IAM takes no group as principal. They are named, so that who is taken out of the
 * spec can take no role from then on, whatever else is left of them. A name can be there before its user is.
 *
 * The age of the sign-in is not said for a code that comes with the very call, so it counts where it is said. That it
 * is so was not tried on AWS here.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 *
 * @param account the account that users live in
 * @param mfaHours how long ago the code may have been given
 */
export const trustOf = (account: string, users: readonly string[], mfaHours: number): PlainObject =>
  policyOf([
    {
      Sid: "ByNameAndMfa",
      Effect: "Allow",
      Principal: { AWS: rootOf(account) },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:username": users, "sts:RoleSessionName": ASKING },
        Bool: { "aws:MultiFactorAuthPresent": "true" },
        NumericLessThanEqualsIfExists: { "aws:MultiFactorAuthAge": String(mfaHours * 3600) },
      },
    },
  ]);
