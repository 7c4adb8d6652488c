/** Permission boundaries: what roles of people may not do, whatever else their policies say. */
import { ACCESS_ROLES } from "../../bootstrap/names.ts";
import {
  BLIND,
  CHANGE_ROLES,
  keysOf,
  LEAVE,
  LOSE_KEYS,
  LOSE_LOGS,
  recordsOf,
  SILENCE,
  trailAlarmsOf,
} from "../../cfn/guarded-actions.ts";
import { accountId, type Expression, type PlainObject, partition, sub } from "../../cfn/values.ts";
import { policyOf } from "../workload/statements.ts";
import { boundaryName } from "./names.ts";

/** What makes users, lets somebody be one, or gives them more. To help one who is locked out is none of these. */
const CHANGE_USERS = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateGroup",
  "iam:CreateServiceSpecificCredential",
  "iam:CreateUser",
  "iam:DeleteGroupPolicy",
  "iam:DetachGroupPolicy",
  "iam:EnableMFADevice",
  "iam:PutGroupPolicy",
  "iam:PutUserPolicy",
  "iam:UpdateUser",
  "iam:UploadSSHPublicKey",
  "iam:UploadSigningCertificate",
];

/** What loosens the rules of the account, or the organization's. */
const CHANGE_RULES = [
  "iam:DeleteAccountPasswordPolicy",
  "iam:UpdateAccountPasswordPolicy",
  "organizations:DeleteOrganization",
  "organizations:DeletePolicy",
  "organizations:DetachPolicy",
  "organizations:DisablePolicyType",
  "organizations:RemoveAccountFromOrganization",
  "organizations:UpdatePolicy",
];

/** A boundary gives nobody anything: what it lets be is for the role's own policies to give. */
const everythingElse: PlainObject = { Sid: "EverythingElse", Effect: "Allow", Action: "*", Resource: "*" };

const deny = (
  Sid: string,
  Action: readonly string[],
  more: { Resource?: readonly Expression[]; Condition?: PlainObject } = {},
): PlainObject => ({
  Sid,
  Effect: "Deny",
  Action,
  Resource: more.Resource ?? "*",
  ...(more.Condition && { Condition: more.Condition }),
});

const always = (name: string): PlainObject[] => [
  deny("NoLeaving", LEAVE),
  deny("NoBlinding", BLIND),
  deny("NoLossOfRecords", LOSE_LOGS, {
    Resource: recordsOf(name).map((group) => sub`arn:${partition}:logs:*:${accountId}:${group}`),
  }),
  deny("NoSilence", SILENCE, {
    Resource: [sub`arn:${partition}:cloudwatch:*:${accountId}:${trailAlarmsOf(name)}`],
  }),
  deny("NoLossOfKeys", LOSE_KEYS, { Condition: keysOf(name) }),
];

/** An own ARN of IAM's in this account. */
const own = (what: "policy" | "role", name: string): Expression =>
  sub`arn:${partition}:iam::${accountId}:${what}/${name}`;

/**
 * Of all roles but that for emergencies. Whoever could make a role without it, loosen one that it does not bind, or
 * change the policy that it is, would not be bound by it.
 */
export const boundary = (name: string): PlainObject =>
  policyOf([
    everythingElse,
    ...always(name),
    deny("NoChangeOfRules", CHANGE_RULES),
    deny("NoUsers", CHANGE_USERS),
    deny("NoChangeOfOurs", CHANGE_ROLES, {
      Resource: [
        own("role", `${name}-*`),
        own("policy", `${name}-*`),
        ...ACCESS_ROLES.map((role) => own("role", role)),
      ],
    }),
    deny(
      "NoRoleWithoutBoundary",
      [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
      ],
      {
        // An action that does not say which boundary the role has is denied too.
        Condition: {
          StringNotEquals: { "iam:PermissionsBoundary": own("policy", boundaryName(name)) },
        },
      },
    ),
    deny("NoEscape", ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"]),
  ]);

/** Of the role for emergencies: whatever is broken is mended with the lights on, and in the organization. */
export const emergencyBoundary = (name: string): PlainObject => policyOf([everythingElse, ...always(name)]);
