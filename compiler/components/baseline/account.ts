/** What is of an account as a whole, whichever Region it is set from: so it is set from home alone. */
import { accountId } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { addRunbook, DAILY } from "../runbook.ts";
import { baselinePath } from "./settings.ts";

export function buildAccount(name: string): ConcreteStack {
  const stack = new Stack(name, "baseline-account", "What every account has as a whole", baselinePath);
  setPasswordPolicy(stack);
  return stack.build();
}

/** In a stack set of its own, since not every account needs it: the organization's policies say the same. */
export function buildBuckets(name: string): ConcreteStack {
  const from = [...baselinePath, "s3-block"];
  const stack = new Stack(name, "baseline-buckets", "No bucket of an account is public", from);
  blockPublicBuckets(stack);
  return stack.build();
}

/** As CIS v5.0.0/1.7 and 1.8 and Security Hub's IAM.7 have it, for users of IAM's, whom nobody should need. */
const PASSWORDS = {
  AllowUsersToChangePassword: ["true"],
  HardExpiry: ["false"],
  MaxPasswordAge: ["90"],
  MinimumPasswordLength: ["14"],
  PasswordReusePrevention: ["24"],
  RequireLowercaseCharacters: ["true"],
  RequireNumbers: ["true"],
  RequireSymbols: ["true"],
  RequireUppercaseCharacters: ["true"],
} as const;

/** https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-set-iam-policy.html */
function setPasswordPolicy(stack: Stack): void {
  addRunbook(stack, {
    id: "PasswordPolicy",
    roleId: "PasswordPolicyRole",
    about: "passwords",
    title: "set-password-policy",
    description: "Lets Systems Manager set the password policy of the account",
    document: "AWSConfigRemediation-SetIAMPasswordPolicy",
    parameters: PASSWORDS,
    statements: [
      {
        // These actions know no resource.
        Sid: "SetPolicy",
        Effect: "Allow",
        Action: ["iam:GetAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy"],
        Resource: "*",
      },
    ],
    schedule: DAILY,
  });
}

/** https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-block-public-s3.html */
function blockPublicBuckets(stack: Stack): void {
  addRunbook(stack, {
    id: "BucketBlock",
    roleId: "BucketBlockRole",
    about: "buckets",
    title: "block-public-buckets",
    description: "Lets Systems Manager block public access to the buckets of the account",
    document: "AWSConfigRemediation-ConfigureS3PublicAccessBlock",
    parameters: {
      AccountId: [accountId],
      BlockPublicAcls: ["true"],
      BlockPublicPolicy: ["true"],
      IgnorePublicAcls: ["true"],
      RestrictPublicBuckets: ["true"],
    },
    statements: [
      {
        // These actions know no resource.
        Sid: "BlockBuckets",
        Effect: "Allow",
        Action: ["s3:GetAccountPublicAccessBlock", "s3:PutAccountPublicAccessBlock"],
        Resource: "*",
      },
    ],
    schedule: DAILY,
  });
}
