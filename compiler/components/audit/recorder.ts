/** The recorder of an account and Region: what everything in it is set to, and was. */
import { type Architecture, GLOBAL_REGION } from "../../architecture.ts";
import { accountId, type PlainObject, partition, region, sub } from "../../cfn/values.ts";
import { type ConcreteStack, type Handle, Stack } from "../../stack.ts";
import { ownArn, policyOf, trust } from "../workload/statements.ts";
import {
  ARCHIVE,
  archiveAccountOf,
  archiveBuckets,
  archiveKeyAlias,
  archiveKeyArn,
  recorderRolePrefix,
} from "./names.ts";
import { auditPath, type RecorderSettings } from "./settings.ts";

/** Where the recorder records IAM too, and where not: two stack sets, so that neither has a row for each account. */
export const recorderIn = (region: string): string =>
  region === GLOBAL_REGION ? "recorder-global" : "recorder";

export const RECORDERS = ["recorder", "recorder-global"];

/** What IAM has in all Regions alike; some Regions can't record it. */
const GLOBAL_TYPES = ["AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"];

export function buildRecorder(
  architecture: Architecture,
  where: string,
  settings: RecorderSettings,
): ConcreteStack {
  const { name, home } = architecture;
  const { configuration } = archiveBuckets(architecture);
  const title = "What everything in an account and Region is set to";
  const stack = new Stack(name, recorderIn(where), title, [...auditPath, "recorder"]);
  // AWS Config asks for the archive's leave to write when the channel is made.
  stack.after(ARCHIVE);
  const role = addRole(stack, architecture);
  // Neither depends on the other: CloudFormation starts the recorder when there is a channel, which must have a recorder.
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configurationrecorder.html
  stack.add("AWS::Config::ConfigurationRecorder", "Recorder", {
    RoleARN: role.att("Arn"),
    RecordingGroup: groupOf(settings, where === GLOBAL_REGION),
    RecordingMode: { RecordingFrequency: settings.frequency.toUpperCase() },
  });
  stack.add("AWS::Config::DeliveryChannel", "DeliveryChannel", {
    S3BucketName: configuration,
    S3KmsKeyArn: archiveKeyArn(architecture),
    ConfigSnapshotDeliveryProperties: { DeliveryFrequency: "TwentyFour_Hours" },
  });
  stack.add("AWS::Config::AggregationAuthorization", "AggregationAuthorization", {
    AuthorizedAccountId: archiveAccountOf(architecture).id,
    AuthorizedAwsRegion: home,
    Tags: [{ Key: "Name", Value: name }],
  });
  return stack.build();
}

function groupOf({ exclude }: RecorderSettings, hasGlobalTypes: boolean) {
  if (exclude.length === 0) {
    return {
      AllSupported: true,
      IncludeGlobalResourceTypes: hasGlobalTypes,
      RecordingStrategy: { UseOnly: "ALL_SUPPORTED_RESOURCE_TYPES" },
    };
  }
  const types = [...new Set([...exclude, ...(hasGlobalTypes ? [] : GLOBAL_TYPES)])].toSorted();
  return {
    AllSupported: false,
    ExclusionByResourceTypes: { ResourceTypes: types },
    RecordingStrategy: { UseOnly: "EXCLUSION_BY_RESOURCE_TYPES" },
  };
}

/**
 * AWS Config writes as this role, and where the bucket does not let it, as itself: so in the archive's own account as the
 * role, in the others as the service. https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 */
function addRole(stack: Stack, architecture: Architecture): Handle<"AWS::IAM::Role"> {
  const { name } = architecture;
  return stack.add("AWS::IAM::Role", "RecorderRole", {
    RoleName: sub`${recorderRolePrefix(name)}${region}`,
    Description: "Lets AWS Config look at everything and write down what it sees",
    AssumeRolePolicyDocument: trust("config.amazonaws.com", ownArn("config")),
    ManagedPolicyArns: [sub`arn:${partition}:iam::aws:policy/service-role/AWS_ConfigRole`],
    Policies: [{ PolicyName: "deliver", PolicyDocument: policyOf(deliver(architecture)) }],
  });
}

function deliver(architecture: Architecture): PlainObject[] {
  const { name, home } = architecture;
  const bucket = archiveBuckets(architecture).configuration;
  return [
    {
      Sid: "FindBucket",
      Effect: "Allow",
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: sub`arn:${partition}:s3:::${bucket}`,
    },
    {
      Sid: "WriteFiles",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: sub`arn:${partition}:s3:::${bucket}/AWSLogs/${accountId}/*`,
    },
    {
      Sid: "EncryptFiles",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: sub`arn:${partition}:kms:${home}:${archiveAccountOf(architecture).id}:key/*`,
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": archiveKeyAlias(name) } },
    },
  ];
}
