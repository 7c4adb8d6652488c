/** What the proofs of alarms must find: alarms that are sound, with one thing changed. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../compiler/schema.ts";
import type { Resource } from "../reachability/deployment.ts";
import { alarmMistakes, arithmeticMistakes, metricMistakes, metricsOf } from "./alarms.ts";

const place = { place: "dev", account: "111111111111", region: "eu-west-1" };
const resource = (stack: string, logicalId: string, type: string, properties: JsonObject): Resource => ({
  ...place,
  id: `<dev ${stack} ${logicalId}>`,
  stack,
  logicalId,
  type,
  properties,
});

const topic = resource("alerts", "Topic", "AWS::SNS::Topic", {});
const database = resource("store-main", "Database", "AWS::RDS::DBInstance", {
  DBInstanceIdentifier: "demo-main",
});
const sound: JsonObject = {
  AlarmName: "demo-store-main-cpu",
  AlarmDescription: "For 15 minutes it has been busy. First: see what keeps it busy.",
  Namespace: "AWS/RDS",
  MetricName: "CPUUtilization",
  Dimensions: [{ Name: "DBInstanceIdentifier", Value: "demo-main" }],
  AlarmActions: [topic.id],
};
const alarm = (properties: JsonObject = {}) =>
  resource("store-main", "CpuAlarm", "AWS::CloudWatch::Alarm", { ...sound, ...properties });
const composite = (properties: JsonObject) =>
  resource("outages", "OutageAlarm", "AWS::CloudWatch::CompositeAlarm", {
    AlarmName: "demo-store-main",
    AlarmDescription: "Something is wrong with the database main.",
    ...properties,
  });

/** What is wrong with the first of some resources, which all are there. */
function mistakesOf(...resources: readonly Resource[]): string[] {
  const [own = alarm()] = resources;
  const all = [...resources, topic, database];
  const ofMetrics = own.type === "AWS::CloudWatch::Alarm" ? metricsOf(own) : [];
  return [
    ...ofMetrics.flatMap((metric) => metricMistakes(own, metric, all)),
    ...arithmeticMistakes(own),
    ...alarmMistakes(own, all, (earlier, later) => earlier === "store-main" && later === "outages"),
  ];
}

test("nothing is wrong with a sound one", () => {
  expect(mistakesOf(alarm())).toEqual([]);
});

test.each([
  ["AWS/RDS CpuUtilization is not in test/alarms/metrics.yaml", { MetricName: "CpuUtilization" }],
  [
    "AWS/RDS CPUUtilization is not published by DbInstance",
    { Dimensions: [{ Name: "DbInstance", Value: "demo-main" }] },
  ],
  [
    "AWS/RDS CPUUtilization: DBInstanceIdentifier demo-other is no resource there",
    { Dimensions: [{ Name: "DBInstanceIdentifier", Value: "demo-other" }] },
  ],
  [
    "it tells something that is no topic there",
    { AlarmActions: ["arn:aws:sns:eu-west-1:222222222222:others"] },
  ],
  ["its description is too short or too long", { AlarmDescription: "x. First: y." }],
  ["it does not say what to do first", { AlarmDescription: "For 15 minutes it has been busy." }],
])("%s", (mistake, change) => {
  expect(mistakesOf(alarm(change))).toEqual([mistake]);
});

test("somebody must be told, if not by itself then by another", () => {
  const { AlarmActions: _, ...rest } = sound;
  const silent = resource("store-main", "CpuAlarm", "AWS::CloudWatch::Alarm", rest);
  const outage = { AlarmRule: 'ALARM("demo-store-main-cpu")' };
  expect(mistakesOf(silent)).toEqual(["nobody is told of it"]);
  expect(mistakesOf(silent, composite(outage))).toEqual(["nobody is told of it"]);
  expect(mistakesOf(silent, composite({ ...outage, AlarmActions: [topic.id] }))).toEqual([]);
});

test("what is named must be there, and be there first", () => {
  const named = (name: string) => composite({ AlarmRule: `ALARM("${name}")`, AlarmActions: [topic.id] });
  expect(mistakesOf(named("demo-store-main-cpu"), alarm())).toEqual([]);
  expect(mistakesOf(named("demo-store-other"), alarm())).toEqual([
    "it names the alarm demo-store-other, which is not there",
  ]);
  const late = { ...alarm(), stack: "service-api" };
  expect(mistakesOf(named("demo-store-main-cpu"), late)).toEqual([
    "it names the alarm demo-store-main-cpu, which may not be there yet",
  ]);
});

test("two can't have one name", () => {
  expect(
    mistakesOf(alarm(), composite({ AlarmName: "demo-store-main-cpu", AlarmActions: [topic.id] })),
  ).toEqual(["another has the name demo-store-main-cpu"]);
});

test("arithmetic names what is measured, and all of it", () => {
  const measured = (Id: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: "AWS/RDS", MetricName: "CPUUtilization", Dimensions: sound.Dimensions },
    },
  });
  const calculated = (Expression: string) =>
    alarm({
      Metrics: [{ Id: "result", Expression, ReturnData: true }, measured("a"), measured("b")] as never,
    });
  expect(mistakesOf(calculated("a + b"))).toEqual([]);
  expect(mistakesOf(calculated("a + c"))).toEqual([
    "its expression has c, which it does not measure",
    "it measures b for nothing",
  ]);
});
