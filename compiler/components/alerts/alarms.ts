/** Alarms of what can be seen: each is told of by itself, those of an outage together. */
import { sub } from "../../cfn/values.ts";
import type { Context } from "../../component.ts";
import { pascalCase } from "../../names.ts";
import {
  type Alarm,
  alarmName,
  canFail,
  isAlone,
  isCalculation,
  type Metric,
  type Observation,
} from "../../observation.ts";
import type { Handle, Stack } from "../../stack.ts";
import { addNotice } from "./notices.ts";
import { addOutage } from "./outage.ts";
import { hasChat } from "./settings.ts";
import { told } from "./told.ts";

type AlarmHandle = Handle<"AWS::CloudWatch::Alarm">;

/** Adds the alarms of what is seen in a stack. Its outputs are published already. */
export function addAlarms(
  context: Pick<Context<unknown, unknown>, "name" | "architecture" | "placement" | "observed" | "fallible">,
  stack: Stack,
): void {
  const { architecture, placement } = context;
  for (const observation of context.observed) {
    if (observation.stackSet !== stack.stackSet) continue;
    const alarms = new Map(
      observation.alarms.map((alarm) => [alarm, addAlarm(stack, context.name, observation, alarm)]),
    );
    for (const notice of observation.notices ?? [])
      addNotice(stack, observation, notice, hasChat(architecture, placement));
    if (!canFail(observation) || observation.isFirst || isAlone(observation)) continue;
    const needs = context.fallible(observation.needs ?? []);
    for (const need of needs) stack.after(need.stackSet);
    const outage = [...alarms].filter(([{ isOutage }]) => isOutage);
    addOutage(stack, context.name, observation, {
      rule: outage.map(([, handle]) => sub`ALARM("${handle.ref}")`),
      needs,
    });
  }
}

function addAlarm(stack: Stack, name: string, observation: Observation, alarm: Alarm): AlarmHandle {
  const isWhole = alarm.isOutage && isAlone(observation);
  const properties = {
    AlarmName: alarmName(name, observation, alarm.name),
    AlarmDescription: `${alarm.means}. First: ${alarm.first}.`,
    ...measured(stack, alarm),
    EvaluationPeriods: alarm.periods,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.trouble === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
    TreatMissingData: alarm.missing === "fine" ? "notBreaching" : "breaching",
    ...((!alarm.isOutage || isWhole) && { AlarmActions: told, OKActions: told }),
  };
  const id = `${pascalCase(alarm.name)}Alarm`;
  return stack.add("AWS::CloudWatch::Alarm", id, properties, alarm.part ? { part: alarm.part } : {});
}

function measured(stack: Stack, { measure, period }: Alarm) {
  if (!isCalculation(measure)) {
    return {
      ...metricOf(stack, measure),
      ...(/^p/.test(measure.statistic)
        ? { ExtendedStatistic: measure.statistic }
        : { Statistic: measure.statistic }),
      Period: period,
    };
  }
  const { expression, metrics } = measure;
  return {
    Metrics: [
      { Id: "result", Expression: expression, ReturnData: true },
      ...Object.entries(metrics).map(([Id, metric]) => ({
        Id,
        MetricStat: { Metric: metricOf(stack, metric), Stat: metric.statistic, Period: period },
        ReturnData: false,
      })),
    ],
  };
}

function metricOf(stack: Stack, { namespace, name, dimensions }: Metric) {
  const own = Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: stack.local(value) }));
  return { Namespace: namespace, MetricName: name, ...(own.length > 0 && { Dimensions: own }) };
}
