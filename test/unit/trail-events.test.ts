/** Which of what CloudTrail writes down people are told of: what is done by hand, and nothing that is ours to do. */
import { expect, test } from "vitest";
import { trailEvents } from "../../compiler/components/detection/trail-events.ts";
import { filterOf } from "../support/filter-pattern.ts";

const filters = trailEvents("demo").map(({ id, pattern }) => ({ id, counts: filterOf(`{ ${pattern} }`) }));

/** A call as CloudTrail has it, by a role. */
const call = (service: string, eventName: string, role: string, more: object = {}) => ({
  eventSource: `${service}.amazonaws.com`,
  eventName,
  eventType: "AwsApiCall",
  readOnly: false,
  userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { type: "Role", userName: role } } },
  ...more,
});

const byUser = { userIdentity: { type: "IAMUser", userName: "grace" } };
const byService = { userIdentity: { type: "AssumedRole", invokedBy: "cloudformation.amazonaws.com" } };
const refused = { errorCode: "Client.UnauthorizedOperation", readOnly: true };
const signIn = (more: object) => call("signin", "ConsoleLogin", "", { ...byUser, ...more });
const success = { responseElements: { ConsoleLogin: "Success" } };
const breakGlass = { requestParameters: { roleArn: "arn:aws:iam::111111111111:role/demo-break-glass" } };

const told = [
  ["a role is changed", call("iam", "PutRolePolicy", "demo-admin"), ["IamChanges"]],
  ["a user makes a key", call("iam", "CreateAccessKey", "", byUser), ["IamChanges"]],
  ["a device is taken away", call("iam", "DeactivateMFADevice", "demo-admin"), ["IamChanges"]],
  ["a user adds a device", call("iam", "EnableMFADevice", "", byUser), []],
  ["a stack makes a role", call("iam", "CreateRole", "", byService), []],
  [
    "a runbook sets the password policy",
    call("iam", "UpdateAccountPasswordPolicy", "demo-runbook-passwords-eu-west-1"),
    [],
  ],
  ["somebody sets it", call("iam", "UpdateAccountPasswordPolicy", "other"), ["IamChanges"]],
  [
    "a runbook blocks public buckets",
    call("s3", "PutAccountPublicAccessBlock", "demo-runbook-buckets-eu-west-1"),
    [],
  ],
  ["somebody opens a bucket", call("s3", "PutBucketPolicy", "demo-admin"), ["BucketChanges"]],
  [
    "a runbook empties a security group",
    call("ec2", "RevokeSecurityGroupIngress", "demo-runbook-default-group-eu-west-1"),
    [],
  ],
  ["a port is opened", call("ec2", "AuthorizeSecurityGroupIngress", "demo-admin"), ["NetworkChanges"]],
  ["a route is replaced", call("ec2", "ReplaceRoute", "", byUser), ["NetworkChanges"]],
  ["an instance is started", call("ec2", "RunInstances", "demo-admin"), []],
  ["a call is refused", call("ec2", "DescribeVpcs", "", { ...byUser, ...refused }), ["UnauthorizedCalls"]],
  [
    "a page of the console is refused",
    call("ec2", "DescribeVpcs", "demo-read-only", { ...refused, sessionCredentialFromConsole: "true" }),
    [],
  ],
  ["the trail is stopped", call("cloudtrail", "StopLogging", "", byService), ["AuditChanges"]],
  ["members are not watched", call("guardduty", "StopMonitoringMembers", "demo-admin"), ["AuditChanges"]],
  ["a key is to be deleted", call("kms", "ScheduleKeyDeletion", "", byService), ["KeyDeletion"]],
  ["an account leaves", call("organizations", "LeaveOrganization", "other"), ["OrganizationChanges"]],
  ["the root user calls", call("s3", "ListBuckets", "", { userIdentity: { type: "Root" } }), ["RootUse"]],
  [
    "the role for emergencies is taken",
    call("sts", "AssumeRole", "", { ...byUser, ...breakGlass }),
    ["BreakGlassUse"],
  ],
  ["a sign-in fails", signIn({ responseElements: { ConsoleLogin: "Failure" } }), ["SignInFailures"]],
  ["there is no code", signIn({ ...success, additionalEventData: { MFAUsed: "No" } }), ["SignInWithoutMfa"]],
  ["there is one", signIn({ ...success, additionalEventData: { MFAUsed: "Yes" } }), []],
] as const;

test.each(told)("%s", (_, event, ids) => {
  expect(filters.filter(({ counts }) => counts(event)).map(({ id }) => id)).toEqual(ids);
});

test("a log group takes five filters with regular expressions, with two in each", () => {
  const expressions = trailEvents("demo").map(({ pattern }) => pattern.split("%").length - 1);
  expect(Math.max(...expressions)).toBeLessThanOrEqual(4);
  expect(expressions.filter((signs) => signs > 0).length).toBeLessThanOrEqual(5);
});
