/** VPC flow logs to an encrypted log group. */
import { accountId, type Import, partition, region, sub } from "../../cfn/values.ts";
import { part, type Stack } from "../../stack.ts";
import { addQuery, QUERIES } from "../queries.ts";
import { type NetworkSettings, networkPath } from "./settings.ts";
import type { Vpc } from "./subnets.ts";

const FROM = [...networkPath, "flow-logs"];

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
export function addFlowLogs(
  stack: Stack,
  vpc: Vpc,
  name: string,
  settings: NetworkSettings,
  key: Import,
): void {
  const { enabled, traffic, "retention-days": retention } = settings["flow-logs"];
  const options = { part: part("FlowLogs", enabled), from: FROM };
  // There also where flow logs are off: were it removed it would be retained, and its name taken when they come back.
  const group = stack.add(
    "AWS::Logs::LogGroup",
    "FlowLogGroup",
    { LogGroupName: `/${name}/network/flow-logs`, RetentionInDays: retention, KmsKeyId: key },
    { retain: true, from: FROM },
  );
  const role = stack.add(
    "AWS::IAM::Role",
    "FlowLogRole",
    {
      Description: "Lets VPC flow logs write their records",
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": accountId },
              ArnLike: { "aws:SourceArn": sub`arn:${partition}:ec2:${region}:${accountId}:vpc-flow-log/*` },
            },
          },
        ],
      },
      Policies: [
        {
          PolicyName: "write-flow-logs",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                Resource: group.att("Arn"),
              },
            ],
          },
        },
      ],
    },
    options,
  );
  addQuery(stack, "DeniedFlows", `${name}/network`, QUERIES.deniedFlows, [group.ref], {
    part: options.part,
  });
  stack.add(
    "AWS::EC2::FlowLog",
    "FlowLog",
    {
      ResourceType: "VPC",
      ResourceId: vpc.ref,
      TrafficType: traffic.toUpperCase(),
      LogDestinationType: "cloud-watch-logs",
      LogGroupName: group.ref,
      DeliverLogsPermissionArn: role.att("Arn"),
      MaxAggregationInterval: 60,
      Tags: [{ Key: "Name", Value: "flow-logs" }],
    },
    options,
  );
}
