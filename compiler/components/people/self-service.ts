/** What every user may do with themselves: their password, their MFA devices, and with MFA their access keys. */
import { accountId, type PlainObject, partition, sub } from "../../cfn/values.ts";
import { policyOf } from "../workload/statements.ts";
import { ASKING } from "./trust.ts";

/** What a user needs who signs in for the first time. */
const WITHOUT_MFA = [
  "iam:ChangePassword",
  "iam:CreateVirtualMFADevice",
  "iam:EnableMFADevice",
  "iam:GetAccountPasswordPolicy",
  "iam:GetMFADevice",
  "iam:GetUser",
  "iam:ListMFADevices",
  "iam:ListVirtualMFADevices",
  "iam:ResyncMFADevice",
];

const self = sub`arn:${partition}:iam::${accountId}:user/${ASKING}`;

/**
 * The idea is AWS's: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam_mfa-selfmanage.html
 *
 * `sts:AssumeRole` is not among what is denied without MFA: the code may come with that call, and whether the caller's
 * own policies see it is documented nowhere. Every role that a group gives asks for it itself.
 */
export const selfService: PlainObject = policyOf([
  {
    Sid: "Account",
    Effect: "Allow",
    Action: ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"],
    Resource: "*",
  },
  {
    Sid: "OwnPasswordAndMfa",
    Effect: "Allow",
    Action: [
      "iam:ChangePassword",
      "iam:EnableMFADevice",
      "iam:GetMFADevice",
      "iam:GetUser",
      "iam:ListMFADevices",
      "iam:ResyncMFADevice",
    ],
    Resource: self,
  },
  {
    // A device is nobody's until it is enabled, and its name is what the user types.
    Sid: "NewMfaDevice",
    Effect: "Allow",
    Action: "iam:CreateVirtualMFADevice",
    Resource: sub`arn:${partition}:iam::${accountId}:mfa/*`,
  },
  {
    // Only with MFA, by the last statement.
    Sid: "OwnKeys",
    Effect: "Allow",
    Action: [
      "iam:CreateAccessKey",
      "iam:DeactivateMFADevice",
      "iam:DeleteAccessKey",
      "iam:GetAccessKeyLastUsed",
      "iam:ListAccessKeys",
      "iam:UpdateAccessKey",
    ],
    Resource: self,
  },
  {
    Sid: "NothingElseWithoutMfa",
    Effect: "Deny",
    NotAction: [...WITHOUT_MFA, "sts:AssumeRole", "sts:GetSessionToken"],
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  },
]);
