/**
 * Slack: Amazon Q Developer in chat applications (once AWS Chatbot) writes the alerts of an account to a channel. A channel
 * is configured once in an account, for the topics of all Regions.
 */
import { accountId, partition, sub } from "../../cfn/values.ts";
import type { Context } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, part, Stack } from "../../stack.ts";
import { policyOf } from "../workload/statements.ts";
import { ALERTS, topicNameOf } from "./outputs.ts";
import type { AlertsSettings, SlackSettings } from "./settings.ts";

export function buildChat(
  { name, path, placement, architecture }: Context<AlertsSettings | null, undefined>,
  { workspace, channels }: SlackSettings,
): ConcreteStack {
  const stack = new Stack(name, "chat", "The channels that alerts of an account are written to", [
    ...path,
    "slack",
  ]);
  stack.after(ALERTS);
  const role = stack.add("AWS::IAM::Role", "Role", {
    Description: "Lets the chat application draw the metric of an alarm that it tells of",
    // AWS describes it so: https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html
    AssumeRolePolicyDocument: policyOf([
      { Effect: "Allow", Principal: { Service: "chatbot.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
    Policies: [
      {
        PolicyName: "draw-metrics",
        PolicyDocument: policyOf([
          {
            Sid: "SeeAlarms",
            Effect: "Allow",
            Action: "cloudwatch:DescribeAlarms",
            Resource: sub`arn:${partition}:cloudwatch:*:${accountId}:alarm:*`,
          },
          {
            // These actions know no resource.
            Sid: "DrawMetrics",
            Effect: "Allow",
            Action: ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics"],
            Resource: "*",
          },
        ]),
      },
    ],
  });
  const regions = architecture.everywhere
    .filter(({ account }) => account.id === placement.account.id)
    .map(({ region }) => region);
  for (const channel of channels.toSorted()) {
    const id = `Channel${pascalCase(channel)}`;
    stack.add(
      "AWS::Chatbot::SlackChannelConfiguration",
      id,
      {
        ConfigurationName: `${name}-${channel}`,
        SlackWorkspaceId: workspace,
        SlackChannelId: channel,
        IamRoleArn: role.att("Arn"),
        // Without one, whoever is in the channel may do whatever the role may.
        GuardrailPolicies: [sub`arn:${partition}:iam::aws:policy/CloudWatchReadOnlyAccess`],
        LoggingLevel: "NONE",
        SnsTopicArns: regions.map(
          (region) => sub`arn:${partition}:sns:${region}:${accountId}:${topicNameOf(name)}`,
        ),
      },
      { part: part(id, true) },
    );
  }
  return stack.build();
}
