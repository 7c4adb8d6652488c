/** The trail of an account: what is done in it, in every Region, to the archive and to a log group of its own. */
import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  TrailProperties,
} from "cloudform-types/types/cloudTrail/trail.js";
import type { Architecture } from "../../architecture.ts";
import { Import, partition, sub } from "../../cfn/values.ts";
import { type ConcreteStack, type Handle, Stack } from "../../stack.ts";
import { baselineOutputs } from "../baseline/outputs.ts";
import { addQuery, QUERIES } from "../queries.ts";
import { policyOf, writeLogs } from "../workload/statements.ts";
import { ARCHIVE, archiveBuckets, archiveKeyArn, trailName } from "./names.ts";
import { auditOutputs, TRAIL, trailLogGroup } from "./outputs.ts";
import { auditPath, type TrailSettings } from "./settings.ts";

/** In each account, in the home Region. */
export function buildTrail(architecture: Architecture, settings: TrailSettings): ConcreteStack {
  const { name } = architecture;
  const stack = new Stack(name, TRAIL, "What is done in an account", [...auditPath, "trail"]);
  // CloudTrail asks for the archive's leave to write when the trail is made.
  stack.after(ARCHIVE);
  const group = stack.add(
    "AWS::Logs::LogGroup",
    "LogGroup",
    {
      LogGroupName: trailLogGroup(name),
      RetentionInDays: settings["log-retention-days"],
      KmsKeyId: new Import(baselineOutputs.keyArn),
    },
    { retain: true },
  );
  const role = addRole(stack, group);
  stack.add("AWS::CloudTrail::Trail", "Trail", {
    TrailName: trailName(architecture),
    IsLogging: true,
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    EnableLogFileValidation: true,
    S3BucketName: archiveBuckets(architecture).trails,
    KMSKeyId: archiveKeyArn(architecture),
    CloudWatchLogsLogGroupArn: group.att("Arn"),
    CloudWatchLogsRoleArn: role.att("Arn"),
    ...selectorsOf(architecture, settings["data-events"]),
    ...(settings.insights && { InsightSelectors: INSIGHTS.map((type) => ({ InsightType: type })) }),
    Tags: [{ Key: "Name", Value: trailName(architecture) }],
  });
  addQuery(stack, "RefusedCalls", `${name}/${TRAIL}`, QUERIES.refusedCalls, [group.ref]);
  stack.publish(auditOutputs.trailLogGroupName, group.ref);
  return stack.build();
}

/** What is unusual for the account: how much is written, and how much fails. */
const INSIGHTS = ["ApiCallRateInsight", "ApiErrorRateInsight"];

/**
 * AWS describes the role without a condition, and does not say that CloudTrail names the account that it acts for:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
function addRole(stack: Stack, group: Handle<"AWS::Logs::LogGroup">): Handle<"AWS::IAM::Role"> {
  return stack.add("AWS::IAM::Role", "TrailRole", {
    Description: "Lets CloudTrail write to the log group of the trail",
    AssumeRolePolicyDocument: policyOf([
      { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
    Policies: [{ PolicyName: "write-logs", PolicyDocument: policyOf([writeLogs(group.att("Arn"))]) }],
  });
}

type DataEvents = TrailSettings["data-events"];

/** Said in full, so that an update takes back what was said before. */
function selectorsOf(architecture: Architecture, asked: DataEvents): Partial<TrailProperties> {
  if (asked.length === 0)
    return { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: "All" }] };
  const management = selector("Management", { eventCategory: { Equals: ["Management"] } });
  const data = asked.toSorted().flatMap((kind) => DATA_EVENTS[kind](architecture));
  return { AdvancedEventSelectors: [management, ...data] };
}

type Fields = Readonly<Record<string, Omit<AdvancedFieldSelector, "Field">>>;

const selector = (name: string, fields: Fields): AdvancedEventSelector => ({
  Name: name,
  FieldSelectors: Object.entries(fields).map(([field, operators]) => ({ Field: field, ...operators })),
});

const dataOf = (type: string): Fields => ({
  eventCategory: { Equals: ["Data"] },
  "resources.type": { Equals: [type] },
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html */
const DATA_EVENTS: Record<DataEvents[number], (architecture: Architecture) => AdvancedEventSelector[]> = {
  lambda: () => [selector("Calls of functions", dataOf("AWS::Lambda::Function"))],
  s3: (architecture) => {
    const objects = dataOf("AWS::S3::Object");
    const buckets = Object.values(archiveBuckets(architecture));
    const archive = buckets.map((bucket) => sub`arn:${partition}:s3:::${bucket}/`);
    return [
      // What is written to the archive would be an event, which is written to the archive.
      selector("Objects", { ...objects, "resources.ARN": { NotStartsWith: archive } }),
      selector("Reads of the archive", {
        ...objects,
        readOnly: { Equals: ["true"] },
        "resources.ARN": { StartsWith: archive },
      }),
    ];
  },
};
