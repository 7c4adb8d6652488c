/** Dashboards are proved: their bodies are what CloudWatch takes, and what they draw is there. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../compiler/schema.ts";
import { metricMistakes } from "../alarms/alarms.ts";
import { watched } from "../alarms/watched.ts";
import { expectGoldenDirectory } from "../support/goldens.ts";
import { dashboardsOf, gaps, idMistakes, metricsIn } from "./dashboards.ts";
import { draw } from "./draw.ts";

const validate = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync("test/dashboards/schema.json", "utf8")),
);

const alarmsIn = ({ alarms, annotations }: JsonObject): string[] => [
  ...((alarms ?? []) as string[]),
  ...(((annotations as JsonObject | undefined)?.alarms ?? []) as string[]),
];

describe.each(watched())("$id", ({ resources }) => {
  const dashboards = dashboardsOf(resources);

  test("has bodies as CloudWatch describes them", () => {
    expect(dashboards.length).toBeGreaterThan(0);
    for (const { name, body } of dashboards) {
      validate(body);
      expect([name, validate.errors]).toEqual([name, null]);
      expect(gaps(body.widgets)).toEqual([]);
      expect(body.widgets.flatMap(idMistakes)).toEqual([]);
    }
  });

  test("draws what AWS documents, of what is there", () => {
    const mistakes = dashboards.flatMap(({ name, resource, body }) =>
      body.widgets.flatMap((widget) => {
        const { region, metrics } = metricsIn(widget);
        return metrics
          .flatMap((metric) => metricMistakes({ ...resource, region }, metric, resources))
          .map((what) => `${name}: ${what}`);
      }),
    );
    expect(mistakes).toEqual([]);
  });

  test("shows alarms that are there", () => {
    const alarms = resources
      .filter(({ type }) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(type))
      .map(
        ({ region, account, properties }) =>
          `arn:aws:cloudwatch:${region}:${account}:alarm:${properties.AlarmName}`,
      );
    const shown = dashboards.flatMap(({ body }) =>
      body.widgets.flatMap(({ properties }) => alarmsIn(properties)),
    );
    expect(shown.filter((arn) => !alarms.includes(arn))).toEqual([]);
  });
});

test("those of the reference architecture look like the pictures", () => {
  const resources = watched().find(({ id }) => id === "specs/acme")?.resources ?? [];
  const pictures = dashboardsOf(resources).map(
    (dashboard) => [`${dashboard.name}.svg`, draw(dashboard)] as const,
  );
  expectGoldenDirectory("test/dashboards/pictures", new Map(pictures));
});
