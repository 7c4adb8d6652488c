/** Alarms are proved: what they measure exists, what they are about is there, and somebody is told. */
import { describe, expect, test } from "vitest";
import { dashboardsOf, metricsIn } from "../dashboards/dashboards.ts";
import { alarmMistakes, alarmsOf, arithmeticMistakes, metricMistakes, metricsOf, nameOf } from "./alarms.ts";
import { documented, knownToAws, setOf } from "./documented.ts";
import { watched } from "./watched.ts";

const specs = watched();

describe.each(specs)("$id", ({ resources, isBefore }) => {
  // Those that are there for a machine are not for people.
  const machines = resources.filter(({ type }) => type === "AWS::CodeDeploy::DeploymentGroup");
  const forMachines = JSON.stringify(machines.map(({ properties }) => properties.AlarmConfiguration));
  const alarms = alarmsOf(resources);

  test("measures what AWS documents, of what is there", () => {
    const mistakes = alarms
      .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
      .flatMap((alarm) => [
        ...arithmeticMistakes(alarm).map((what) => `${nameOf(alarm)}: ${what}`),
        ...metricsOf(alarm)
          .flatMap((metric) => metricMistakes(alarm, metric, resources))
          .map((what) => `${nameOf(alarm)}: ${what}`),
      ]);
    expect(mistakes).toEqual([]);
  });

  test("tells somebody of each alarm, in words that help", () => {
    const forPeople = alarms.filter(({ id }) => !forMachines.includes(id));
    const mistakes = forPeople.flatMap((alarm) =>
      alarmMistakes(alarm, resources, isBefore).map((what) => `${nameOf(alarm)}: ${what}`),
    );
    expect(mistakes).toEqual([]);
  });
});

describe("events of deployments", () => {
  test("are of services that are there, and told to the topic", () => {
    const rules = specs.flatMap(({ resources }) =>
      resources
        .filter(
          ({ type, logicalId }) => type === "AWS::Events::Rule" && logicalId === "DeploymentFailedNotice",
        )
        .map((rule) => ({ rule, resources })),
    );
    expect(rules.length).toBeGreaterThan(0);
    for (const { rule, resources } of rules) {
      const near = resources.filter(
        ({ account, region }) => account === rule.account && region === rule.region,
      );
      const [service] = near.filter(
        ({ type, stack }) => type === "AWS::ECS::Service" && stack === rule.stack,
      );
      const [cluster] = near.filter(({ type }) => type === "AWS::ECS::Cluster");
      const name = `service/${cluster?.properties.ClusterName}/${service?.properties.ServiceName}`;
      expect(rule.properties).toMatchObject({
        EventPattern: { resources: [`arn:aws:ecs:${rule.region}:${rule.account}:${name}`] },
        Targets: [{ Arn: near.find(({ type }) => type === "AWS::SNS::Topic")?.id }],
      });
    }
  });
});

describe("the table of metrics", () => {
  const used = new Set(
    specs.flatMap(({ resources }) =>
      [
        ...alarmsOf(resources)
          .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
          .flatMap(metricsOf),
        ...dashboardsOf(resources).flatMap(({ body }) =>
          body.widgets.flatMap((widget) => metricsIn(widget).metrics),
        ),
      ].map(({ namespace, name, dimensions }) => `${namespace} ${name} ${setOf(Object.keys(dimensions))}`),
    ),
  );

  test("agrees with AWS's own data, as far as that goes", () => {
    const known = knownToAws();
    const mistakes = Object.entries(documented).flatMap(([namespace, { metrics, unlisted = [] }]) =>
      Object.entries(metrics).flatMap(([name, sets]) => {
        const ofAws = known.get(`${namespace} ${name}`);
        return sets
          .filter((set) => !set.some((dimension) => unlisted.includes(dimension)))
          .filter((set) => ofAws && !ofAws.has(setOf(set)))
          .map((set) => `${namespace} ${name}: ${set}`);
      }),
    );
    expect(mistakes).toEqual([]);
  });

  test("has nothing in it that is not used", () => {
    const written = Object.entries(documented).flatMap(([namespace, { metrics }]) =>
      Object.keys(metrics).map((name) => `${namespace} ${name} `),
    );
    expect(written.filter((prefix) => ![...used].some((metric) => metric.startsWith(prefix)))).toEqual([]);
  });
});
