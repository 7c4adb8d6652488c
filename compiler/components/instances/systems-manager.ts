/** What an instance of ours may do so that Systems Manager reaches and keeps it: sessions, updates, inventory. */
import { accountId, Import, type PlainObject, partition, region, sub } from "../../cfn/values.ts";
import { sessionsOutputs } from "./sessions.ts";

const instances = sub`arn:${partition}:ec2:${region}:${accountId}:instance/*`;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html */
const sessions = (): PlainObject[] => [
  {
    Sid: "FindLog",
    Effect: "Allow",
    Action: "logs:DescribeLogGroups",
    Resource: sub`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
  },
  {
    Sid: "LogSessions",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    Resource: new Import(sessionsOutputs.logGroupArn),
  },
  {
    Sid: "DecryptSessions",
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: new Import(sessionsOutputs.keyArn),
    // What else the key encrypts is none of the instance's.
    Condition: { Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" } },
  },
];

/**
 * What of AmazonSSMManagedInstanceCore it takes to be known, to take sessions, and to look for updates and report them;
 * left out is above all that every parameter could be read.
 *
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html
 */
const core: readonly PlainObject[] = [
  {
    Sid: "BeKnown",
    Effect: "Allow",
    Action: ["ssm:ListInstanceAssociations", "ssm:PutComplianceItems", "ssm:UpdateInstanceInformation"],
    Resource: instances,
  },
  {
    Sid: "ReportAssociations",
    Effect: "Allow",
    Action: ["ssm:DescribeAssociation", "ssm:UpdateInstanceAssociationStatus"],
    Resource: [instances, sub`arn:${partition}:ssm:${region}:${accountId}:association/*`],
  },
  {
    Sid: "ReadDocuments",
    Effect: "Allow",
    Action: ["ssm:DescribeDocument", "ssm:GetDocument"],
    // Documents of AWS's have no account.
    Resource: sub`arn:${partition}:ssm:${region}:*:document/AWS-*`,
  },
  {
    // These actions know no resource: they act on the instance itself.
    Sid: "TakeOrders",
    Effect: "Allow",
    Action: [
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
      "ssm:GetDeployablePatchSnapshotForInstance",
      "ssm:ListAssociations",
      "ssm:PutInventory",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    Resource: "*",
  },
];

/** The statements for the role of every instance of ours. */
export const systemsManager = (): PlainObject[] => [...core, ...sessions()];
