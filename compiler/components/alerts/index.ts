/** Alerts: a topic in each account and Region, to which all that is wrong there is published, and who is told of it. */
import { keyPolicy } from "../../cfn/security.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { buildBudget } from "./budget.ts";
import { buildChat } from "./chat.ts";
import { checkAlerts } from "./check.ts";
import { ALERTS, alertsOutputs, topicNameOf } from "./outputs.ts";
import { publishersEncrypt, publishersPublish, tlsOnlyTo } from "./publishers.ts";
import { type AlertsSettings, alertsPath, firstPlaceOf } from "./settings.ts";
import { addSubscriptions } from "./subscriptions.ts";

/** Rows that a mapping has room for: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const ROWS = 200;

/** Where the spec has no section, there are neither topics nor alarms. */
export const alerts: Component<AlertsSettings | null, undefined> = {
  path: alertsPath,
  scope: "everywhere",
  check: checkAlerts,
  build(context) {
    const { name, path, placement, architecture, settings } = context;
    if (settings === null) return [];
    const stack = new Stack(
      name,
      ALERTS,
      "Who is told when something is wrong in an account and Region",
      path,
    );
    const key = stack.add(
      "AWS::KMS::Key",
      "Key",
      {
        Description: "Encrypts alerts on their way",
        EnableKeyRotation: true,
        KeyPolicy: keyPolicy(...publishersEncrypt),
        Tags: [{ Key: "Name", Value: topicNameOf(name) }],
      },
      { retain: true },
    );
    stack.add("AWS::KMS::Alias", "KeyAlias", { AliasName: `alias/${name}/${ALERTS}`, TargetKeyId: key.ref });
    const topic = stack.add("AWS::SNS::Topic", "Topic", {
      TopicName: topicNameOf(name),
      // Whom mail is from; with so many places the account's id, which is in each message, has to do.
      ...(architecture.everywhere.length <= ROWS && { DisplayName: `${name} ${placement.name}` }),
      KmsMasterKeyId: key.att("Arn"),
      SignatureVersion: "2",
      Tags: [{ Key: "Name", Value: topicNameOf(name) }],
    });
    stack.add("AWS::SNS::TopicPolicy", "TopicPolicy", {
      Topics: [topic.ref],
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [...publishersPublish(topic.ref), tlsOnlyTo(topic.ref)],
      },
    });
    addSubscriptions(stack, topic, settings);
    stack.publish(alertsOutputs.topicArn, topic.ref);
    const isFirst = firstPlaceOf(architecture, placement) === placement;
    const { slack, budget } = settings;
    return [
      stack.build(),
      ...(slack && isFirst ? [buildChat(context, slack)] : []),
      ...(budget !== undefined && isFirst ? [buildBudget(context, budget)] : []),
    ];
  },
};
