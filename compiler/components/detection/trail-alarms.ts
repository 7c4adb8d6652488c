/** Alarms on what is done in an account, counted in the log group of its trail. */
import { Import } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { alertsOutputs } from "../alerts/outputs.ts";
import { auditOutputs, trailLogGroup } from "../audit/outputs.ts";
import type { DetectionContext } from "./index.ts";
import { TRAIL_ALARMS } from "./outputs.ts";
import { type TrailEvent, trailEvents } from "./trail-events.ts";

export function buildTrailAlarms({ name, path }: DetectionContext): ConcreteStack {
  const stack = new Stack(name, TRAIL_ALARMS, "Alarms on what is done in an account", path);
  for (const event of trailEvents(name)) addAlarm(stack, name, event);
  return stack.build();
}

function addAlarm(stack: Stack, name: string, { id, pattern, times = 1, meaning, first }: TrailEvent): void {
  const MetricNamespace = `${name}/Trail`;
  stack.add("AWS::Logs::MetricFilter", id, {
    LogGroupName: new Import(auditOutputs.trailLogGroupName),
    FilterPattern: `{ ${pattern} }`,
    MetricTransformations: [{ MetricNamespace, MetricName: id, MetricValue: "1", Unit: "Count" }],
  });
  stack.add("AWS::CloudWatch::Alarm", `${id}Alarm`, {
    AlarmName: `${name}-${TRAIL_ALARMS}-${id}`,
    AlarmDescription: `${meaning}. First: ${first}. Who, from where and what: the log group ${trailLogGroup(name)} of this account.`,
    Namespace: MetricNamespace,
    MetricName: id,
    Statistic: "Sum",
    Period: 300,
    EvaluationPeriods: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    Threshold: times,
    TreatMissingData: "notBreaching",
    AlarmActions: [new Import(alertsOutputs.topicArn)],
  });
}
