/** Service control policies: what nobody in an account may do, its root user and its administrators included. */
import { ACCESS_ROLES, roleNames } from "../../bootstrap/names.ts";
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
import type { PlainObject } from "../../cfn/values.ts";
import { roleNameOf } from "../people/names.ts";
import { policyOf } from "../workload/statements.ts";

const role = (name: string): string => `arn:aws:iam::*:role/${name}`;

/** For all but these roles, whichever account they are in. */
const unless = (roles: readonly string[]): PlainObject => ({
  ArnNotLike: { "aws:PrincipalArn": roles.map(role) },
});

/** StackSets, which make what is guarded; whoever comes from the management account; and emergencies. */
const trustedOf = (name: string): string[] => [
  roleNames(name).execution,
  ...ACCESS_ROLES,
  roleNameOf(name, "break-glass"),
];

/** Accounts stay in the organization, what records and watches stays on, users and roles are made by the spec. */
export function guardrails(name: string): PlainObject {
  const ours = [role(`${name}-*`), `arn:aws:iam::*:policy/${name}-*`];
  const trusted = unless(trustedOf(name));
  const stackSets = unless([roleNames(name).execution]);
  return policyOf([
    { Sid: "NoLeaving", Effect: "Deny", Action: LEAVE, Resource: "*" },
    {
      Sid: "NoBlinding",
      Effect: "Deny",
      Action: BLIND,
      Resource: "*",
      Condition: stackSets,
    },
    {
      Sid: "NoLossOfRecords",
      Effect: "Deny",
      Action: LOSE_LOGS,
      Resource: recordsOf(name).map((group) => `arn:aws:logs:*:*:${group}`),
      Condition: stackSets,
    },
    {
      Sid: "NoSilence",
      Effect: "Deny",
      Action: SILENCE,
      Resource: `arn:aws:cloudwatch:*:*:${trailAlarmsOf(name)}`,
      Condition: stackSets,
    },
    {
      Sid: "NoLossOfKeys",
      Effect: "Deny",
      Action: LOSE_KEYS,
      Resource: "*",
      Condition: { ...keysOf(name), ...stackSets },
    },
    { Sid: "NoUsers", Effect: "Deny", Action: "iam:CreateUser", Resource: "*", Condition: trusted },
    { Sid: "NoChangeOfOurs", Effect: "Deny", Action: CHANGE_ROLES, Resource: ours, Condition: trusted },
  ]);
}

/**
 * What has no Region, or one that nobody chooses, besides what lives in us-east-1, which is always in use here:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
 */
const WITHOUT_REGION = [
  "account:*",
  "artifact:*",
  "aws-portal:*",
  "billing:*",
  "budgets:*",
  "ce:*",
  "cloudfront:*",
  "consolidatedbilling:*",
  "cur:*",
  "ec2:DescribeRegions",
  "fms:*",
  "freetier:*",
  "globalaccelerator:*",
  "health:*",
  "iam:*",
  "invoicing:*",
  "networkmanager:*",
  "notifications-contacts:*",
  "notifications:*",
  "organizations:*",
  "payments:*",
  "pricing:*",
  "resource-explorer-2:*",
  "route53-recovery-cluster:*",
  "route53-recovery-control-config:*",
  "route53-recovery-readiness:*",
  "route53:*",
  "route53domains:*",
  "s3:GetAccountPublicAccessBlock",
  "s3:GetBucketLocation",
  "s3:ListAllMyBuckets",
  "s3:PutAccountPublicAccessBlock",
  "shield:*",
  "sts:*",
  "support:*",
  "tax:*",
  "trustedadvisor:*",
  "waf:*",
];

/** A Region that is new in the spec is deployed to, and prepared by `landform bootstrap`, before this policy knows it. */
export const regionPolicy = (name: string, regions: readonly string[]): PlainObject =>
  policyOf([
    {
      Sid: "NoOtherRegion",
      Effect: "Deny",
      NotAction: WITHOUT_REGION,
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": regions }, ...unless(trustedOf(name)) },
    },
  ]);
