/** What people are told of that is done in an account, as CloudTrail writes it down. */

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

/**
 * After what CIS asks for (CloudWatch.1 to CloudWatch.14 in Security Hub:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html), but without what CloudFormation
 * does: otherwise each deployment would be an alarm, and soon nobody would read them.
 *
 * @param breakGlass the name of the role for emergencies
 */
export const trailEvents = (breakGlass: string): readonly TrailEvent[] => [
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
      `$.requestParameters.roleArn = "*:role/${breakGlass}"`,
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
    pattern: all(any('$.errorCode = "*UnauthorizedOperation"', '$.errorCode = "AccessDenied*"'), NO_SERVICE),
    times: 10,
    meaning: "Many calls were refused for want of a right",
    first: "see who calls: a new version that lacks a right, or somebody who tries what keys are good for",
  },
  {
    id: "IamChanges",
    pattern: all(
      by("iam"),
      CHANGES,
      NO_SERVICE,
      '$.eventName != "ChangePassword"',
      '$.eventName != "*MFADevice"',
    ),
    meaning: "Users, roles or policies were changed by hand",
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
    ),
    meaning: "The trail, the recorder or the detector was changed or stopped",
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
      NO_SERVICE,
    ),
    meaning: "Who may read or write a bucket was changed by hand",
    first: "see which bucket, and whether it is public now",
  },
  {
    id: "NetworkChanges",
    pattern: all(
      by("ec2"),
      CHANGES,
      NO_SERVICE,
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
