/** What can be seen of requests that load balancers send to something: how many fail, how long they take. */
import { type Expression, Import } from "../../cfn/values.ts";
import { pascalCase } from "../../names.ts";
import type { Alarm, Calculation, Chart, Measure, Metric } from "../../observation.ts";
import { balancerOutputs } from "../load-balancers/outputs.ts";
import { KINDS, type Kind } from "../load-balancers/settings.ts";
import { type RequestSettings, routesOf } from "./requests.ts";

/** Fewer requests than this in a minute say nothing by their share. */
export const FEW = 10;

/** The share of requests that fail, of a hundred, which is an outage. */
export const FAILING = 5;

/** What is seen of requests. */
export interface Requested {
  readonly alarms: readonly Alarm[];
  readonly charts: readonly Chart[];
}

/**
 * @param groupsOn what CloudWatch calls its target groups on a load balancer
 * @param where what to look at when requests fail
 */
export function targetsOf(
  settings: RequestSettings,
  groupsOn: (balancer: Kind) => readonly Expression[],
  where: string,
): Requested {
  const routes = routesOf(settings);
  const targets = KINDS.filter((kind) => routes.some(({ balancer }) => balancer === kind)).flatMap((kind) =>
    groupsOn(kind).map((group, index) => ({
      // By what it is, so that environments that have others merge by name.
      of: `${pascalCase(kind)}${index === 0 ? "" : "Alternate"}`,
      dimensions: { LoadBalancer: new Import(balancerOutputs(kind).fullName), TargetGroup: group },
    })),
  );
  if (targets.length === 0) return { alarms: [], charts: [] };
  const all = (name: string, statistic: string, id: string) =>
    Object.fromEntries(
      targets.map(({ of, dimensions }) => [
        `${id}${of}`,
        { namespace: "AWS/ApplicationELB", name, dimensions, statistic },
      ]),
    );
  const errors = all("HTTPCode_Target_5XX_Count", "Sum", "errors");
  const requests = all("RequestCount", "Sum", "requests");
  const share: Calculation = {
    expression: `IF(${combine("SUM", requests)} > ${FEW}, 100 * ${combine("SUM", errors)} / ${combine("SUM", requests)}, 0)`,
    metrics: { ...errors, ...requests },
  };
  const unhealthy = combined("SUM", all("UnHealthyHostCount", "Maximum", "unhealthy"));
  const latency = combined("MAX", all("TargetResponseTime", "p95", "seconds"));
  return {
    alarms: [
      errorsAlarm(share, where),
      unhealthyAlarm(unhealthy, where),
      latencyAlarm(
        latency,
        "It",
        "see which requests are slow, by its logs, and whether what it uses is slow",
      ),
    ],
    charts: [
      {
        title: "Requests",
        lines: { requests: combined("SUM", requests), "5xx": combined("SUM", errors) },
        unit: "a minute",
      },
      { title: "Failing requests", lines: { "5xx": share }, alarm: "errors", unit: "%" },
      { title: "Latency (p95)", lines: { latency }, alarm: "latency", unit: "s" },
      { title: "Unhealthy targets", lines: { unhealthy }, unit: "targets" },
    ],
  };
}

/**
 * What several metrics come to; what is not measured of one of them does not count. Of one it is said in the same way, so
 * that an environment in which there are several has no other form.
 */
const combined = (how: "SUM" | "MAX", metrics: Readonly<Record<string, Metric>>): Calculation => ({
  expression: combine(how, metrics),
  metrics,
});

const combine = (how: "SUM" | "MAX", metrics: Readonly<Record<string, Metric>>): string =>
  `${how}([${Object.keys(metrics).join(", ")}])`;

const MINUTE = 60;

const errorsAlarm = (measure: Measure, where: string): Alarm => ({
  name: "errors",
  measure,
  trouble: "above",
  threshold: FAILING,
  period: MINUTE,
  periods: 5,
  missing: "fine",
  means: `For 5 minutes more than ${FAILING} % of its requests have ended with an error of its own (5xx)`,
  first: `look at ${where}; if it began with a release, release the version before`,
  isOutage: true,
});

const unhealthyAlarm = (measure: Measure, where: string): Alarm => ({
  name: "unhealthy",
  measure,
  trouble: "above",
  threshold: 0,
  period: MINUTE,
  periods: 10,
  missing: "fine",
  means: "For 10 minutes the load balancer has found some of its targets unhealthy, and sends them nothing",
  first: `look at ${where}; the target group says what the health check got`,
  isOutage: true,
});

/** Seconds that 19 of 20 requests should not take. */
const SLOW = 2;

/** @param whose the beginning of the sentence: `It` or the like */
export const latencyAlarm = (measure: Measure, whose: string, first: string): Alarm => ({
  name: "latency",
  measure,
  trouble: "above",
  threshold: SLOW,
  period: MINUTE,
  periods: 15,
  missing: "fine",
  means: `${whose} has answered one in 20 requests later than after ${SLOW} seconds, for 15 minutes`,
  first,
  isOutage: false,
});
