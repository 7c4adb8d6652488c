/** What people are told of that is done in an account, as CloudTrail writes it down. */
import { roleNameOf } from "../people/names.ts";
import { runbookRolePrefix } from "../runbook.ts";

/** One thing that is looked for, and what it means. */
export interface TrailEvent {
  /** The logical ID of its filter, and the name of its metric. */
  readonly id: string;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html; at most 1,024 characters. */
  readonly pattern: string;
  /** How often within five minutes it has to happen; once where absent. */
  readonly times?: number;
  /** What has happened. */
  readonly meaning: string;
  /** What to do first. */
  readonly first: string;
}

const all = (...terms: readonly string[]): string => terms.map((term) => `(${term})`).join(" && ");
const any = (...terms: readonly string[]): string => terms.map((term) => `(${term})`).join(" || ");
const named = (...names: readonly string[]): string => any(...names.map((name) => `$.eventName = "${name}"`));
const by = (service: string): string => `$.eventSource = "${service}.amazonaws.com"`;

/** Somebody called, and no service did on its own or, as CloudFormation does, on somebody's behalf. */
const NO_SERVICE = "$.userIdentity.invokedBy NOT EXISTS";
const CHANGES = "$.readOnly IS FALSE";
/** The role that whoever called is in; users, and root, are in none. */
const ROLE = "$.userIdentity.sessionContext.sessionIssuer.userName";

/** No service, and none of our runbooks: these are scripts that Systems Manager runs, and call as anybody does. */
const byHand = (name: string): readonly string[] => [
  NO_SERVICE,
  any(`${ROLE} NOT EXISTS`, `${ROLE} != "${runbookRolePrefix(name)}*"`),
];

/**
 * After what CIS asks for (CloudWatch.1 to CloudWatch.14 in Security Hub:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html), but without what CloudFormation
 * and our runbooks do: otherwise each deployment, and each day, would be an alarm, and soon nobody would read them.
 */
export const trailEvents = (name: string): readonly TrailEvent[] => [
  {
    id: "RootUse",
    pattern: all('$.userIdentity.type = "Root"', NO_SERVICE, '$.eventType != "AwsServiceEvent"'),
    meaning: "Somebody used the account's root user",
    first: "ask who did; if nobody knows, change its password and look at what was called",
  },
  {
    id: "BreakGlassUse",
    pattern: all(
      by("sts"),
      '$.eventName = "AssumeRole"',
      `$.requestParameters.roleArn = "*:role/${roleNameOf(name, "break-glass")}"`,
    ),
    meaning: "Somebody took the role for emergencies",
    first: "ask who took it and for which emergency",
  },
  {
    id: "SignInWithoutMfa",
    pattern: all(
      '$.eventName = "ConsoleLogin"',
      '$.additionalEventData.MFAUsed != "Yes"',
      '$.userIdentity.type = "IAMUser"',
      '$.responseElements.ConsoleLogin = "Success"',
    ),
    meaning: "An IAM user signed in to the console without MFA",
    first: "have the user set up MFA; until then no role can be taken",
  },
  {
    id: "SignInFailures",
    pattern: all('$.eventName = "ConsoleLogin"', '$.responseElements.ConsoleLogin = "Failure"'),
    times: 5,
    meaning: "Signing in to the console failed several times",
    first: "see by the source address whether somebody is guessing passwords",
  },
  {
    id: "UnauthorizedCalls",
    pattern: all(
      any('$.errorCode = "*UnauthorizedOperation"', '$.errorCode = "AccessDenied*"'),
      NO_SERVICE,
      // Each page of the console asks for much that who reads it may not see.
      "$.sessionCredentialFromConsole NOT EXISTS",
    ),
    times: 10,
    meaning: "Within 5 minutes, 10 calls or more were refused for want of a right",
    first:
      "see by the saved query `refused calls` who calls: a new version that lacks a right, or somebody who tries what keys are good for",
  },
  {
    id: "IamChanges",
    pattern: all(
      by("iam"),
      CHANGES,
      ...byHand(name),
      // What users do with themselves to get in; a device that is taken away may be somebody else's doing.
      ...["ChangePassword", "CreateVirtualMFADevice", "EnableMFADevice", "ResyncMFADevice"].map(
        (own) => `$.eventName != "${own}"`,
      ),
    ),
    meaning: "Users, their keys, roles or policies were changed by hand",
    first: "see who did; what is to stay belongs into the spec",
  },
  {
    id: "AuditChanges",
    pattern: named(
      "StopLogging",
      "DeleteTrail",
      "UpdateTrail",
      "PutEventSelectors",
      "StopConfigurationRecorder",
      "DeleteConfigurationRecorder",
      "DeleteDeliveryChannel",
      "DeleteDetector",
      "UpdateDetector",
      "DisassociateFromAdministratorAccount",
      "DisassociateFromMasterAccount",
      "DisassociateMembers",
      "StopMonitoringMembers",
      "DeleteMembers",
      "DisableSecurityHub",
      "DeleteFlowLogs",
    ),
    meaning: "A trail, recorder, detector, flow log or Security Hub was changed or stopped",
    first: "if no deployment did, treat it as an intrusion: somebody does not want to be seen",
  },
  {
    id: "KeyDeletion",
    pattern: all(by("kms"), named("DisableKey", "ScheduleKeyDeletion")),
    meaning: "A key was disabled, or is to be deleted",
    first: "cancel the deletion in KMS unless you know why: what the key encrypts is lost with it",
  },
  {
    id: "BucketChanges",
    pattern: all(
      by("s3"),
      named(
        "PutBucketPolicy",
        "DeleteBucketPolicy",
        "PutBucketAcl",
        "PutBucketPublicAccessBlock",
        "DeleteBucketPublicAccessBlock",
        "PutAccountPublicAccessBlock",
        "DeleteAccountPublicAccessBlock",
        "PutBucketReplication",
      ),
      ...byHand(name),
    ),
    meaning: "Who may read or write a bucket was changed by hand",
    first: "see which bucket, and whether it is public now",
  },
  {
    id: "NetworkChanges",
    pattern: all(
      by("ec2"),
      CHANGES,
      ...byHand(name),
      // A regular expression, of which CloudWatch knows no groups.
      "$.eventName = %SecurityGroup|NetworkAcl|Route|Gateway|Vpc%",
    ),
    meaning: "The network was changed by hand",
    first: "see what was opened, and close it; `landform drift` shows what is not as deployed",
  },
  {
    id: "OrganizationChanges",
    pattern: all(by("organizations"), CHANGES, NO_SERVICE),
    meaning: "The organization was changed by hand",
    first: "see whether an account left or a policy was taken off",
  },
];
