/** Actions that nobody needs who works, and that who breaks in wants first: what boundaries and organization policies deny. */

import type { PlainObject } from "./values.ts";

/** What leads an account out of the organization, where its policies hold. */
export const LEAVE = ["account:CloseAccount", "organizations:LeaveOrganization"];

/** What ends a record of what happened, or a look at it. */
export const BLIND = [
  "access-analyzer:DeleteAnalyzer",
  "cloudtrail:DeleteEventDataStore",
  "cloudtrail:DeleteTrail",
  "cloudtrail:PutEventSelectors",
  "cloudtrail:StopLogging",
  "cloudtrail:UpdateTrail",
  "config:DeleteAggregationAuthorization",
  "config:DeleteConfigurationAggregator",
  "config:DeleteConfigurationRecorder",
  "config:DeleteDeliveryChannel",
  "config:DeleteRetentionConfiguration",
  "config:PutConfigurationRecorder",
  "config:PutDeliveryChannel",
  "config:StopConfigurationRecorder",
  "ec2:DeleteFlowLogs",
  "guardduty:DeleteDetector",
  "guardduty:DeleteMembers",
  "guardduty:DisassociateFromAdministratorAccount",
  "guardduty:DisassociateFromMasterAccount",
  "guardduty:DisassociateMembers",
  "guardduty:StopMonitoringMembers",
  "guardduty:UpdateDetector",
  "inspector2:Disable",
  "securityhub:DisableSecurityHub",
  "securityhub:DisassociateFromAdministratorAccount",
];

/** What takes away what a log group has recorded, or what alarms count in it. */
export const LOSE_LOGS = [
  "logs:DeleteLogGroup",
  "logs:DeleteLogStream",
  "logs:DeleteMetricFilter",
  "logs:DisassociateKmsKey",
  "logs:PutMetricFilter",
  "logs:PutRetentionPolicy",
];

/** What keeps an alarm from telling anybody. */
export const SILENCE = [
  "cloudwatch:DeleteAlarms",
  "cloudwatch:DisableAlarmActions",
  "cloudwatch:PutMetricAlarm",
  "cloudwatch:SetAlarmState",
];

/** The alarms on what people do, by the ends of their ARNs. */
export const trailAlarmsOf = (specName: string): string => `alarm:${specName}-trail-alarms-*`;

/** What makes everything unreadable that a key has encrypted. */
export const LOSE_KEYS = ["kms:DisableKey", "kms:ScheduleKeyDeletion"];

/** The keys of a spec, which all have aliases. */
export const keysOf = (specName: string): PlainObject => ({
  "ForAnyValue:StringLike": { "kms:ResourceAliases": `alias/${specName}/*` },
});

/** The log groups in which is recorded what people do, by the ends of their ARNs. */
export const recordsOf = (specName: string): readonly string[] =>
  ["sessions", "trail"].map((group) => `log-group:/${specName}/${group}*`);

/** What changes a role or a policy, or who may be it. */
export const CHANGE_ROLES = [
  "iam:AttachRolePolicy",
  "iam:CreatePolicyVersion",
  "iam:CreateRole",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:DeleteRole",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
];
