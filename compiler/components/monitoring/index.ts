/** Monitoring: one account sees the metrics, logs and traces of all, in each Region, and has the queries for them. */
import { activeAccounts } from "../../architecture.ts";
import type { Output } from "../../cfn/values.ts";
import type { Component, Context } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { addQuery, QUERIES } from "../queries.ts";
import { policyOf } from "../workload/statements.ts";
import { checkMonitoring } from "./check.ts";
import { type MonitoringSettings, monitoringAccountOf, monitoringPath, SHOWN } from "./settings.ts";

const SINK = "monitoring";
const LINK = "monitoring-link";

const sinkArn = {
  stackSet: SINK,
  name: "sink-arn",
  type: "String",
  description: "ARN of the sink that accounts show what they have",
  shared: true,
} as const satisfies Output;

type MonitoringContext = Context<MonitoringSettings, undefined>;

export const monitoring: Component<MonitoringSettings, undefined> = {
  path: monitoringPath,
  scope: "watched",
  check: checkMonitoring,
  build(context) {
    const { architecture, placement, settings } = context;
    const central = monitoringAccountOf(architecture, settings);
    if (!settings.enabled || !central || activeAccounts(architecture.spec).length === 1) return [];
    return [placement.account.id === central.id ? buildSink(context) : buildLink(context, central.id)];
  },
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Unified-Cross-Account.html */
function buildSink({ name, path, placement, architecture, settings }: MonitoringContext): ConcreteStack {
  const stack = new Stack(name, SINK, "Where metrics, logs and traces of all accounts are seen", path);
  const others = activeAccounts(architecture.spec).filter(({ id }) => id !== placement.account.id);
  const sink = stack.add("AWS::Oam::Sink", "Sink", {
    Name: name,
    Policy: policyOf([
      {
        Effect: "Allow",
        Principal: { AWS: others.map(({ id }) => id) },
        Action: ["oam:CreateLink", "oam:UpdateLink"],
        Resource: "*",
        Condition: { "ForAllValues:StringEquals": { "oam:ResourceTypes": typesOf(settings) } },
      },
    ]),
  });
  stack.publish(sinkArn, sink.ref);
  for (const [id, query] of Object.entries(QUERIES)) addQuery(stack, pascalCase(id), name, query, []);
  return stack.build();
}

/** A stack set for each Region: the name of another account's parameter has the Region in it, and is a literal. */
function buildLink({ name, path, placement, settings }: MonitoringContext, central: string): ConcreteStack {
  const { region } = placement;
  const stack = new Stack(name, `${LINK}-${region}`, "What an account shows the one that sees all", path);
  stack.add("AWS::Oam::Link", "Link", {
    // As the account is called in the organization.
    LabelTemplate: "$AccountName",
    ResourceTypes: typesOf(settings),
    SinkIdentifier: stack.importFrom({ account: central, region }, sinkArn),
  });
  return stack.build();
}

const typesOf = ({ shows }: MonitoringSettings): string[] =>
  (["metrics", "logs", "traces"] as const).filter((kind) => shows.includes(kind)).map((kind) => SHOWN[kind]);
