/** What can be seen of a service: its tasks, what they take, and how their requests end. */
import type { Architecture } from "../../architecture.ts";
import { accountId, Import, partition, region, sub } from "../../cfn/values.ts";
import type { Entry } from "../../entries.ts";
import type { Alarm, Calculation, Chart, Metric, Notice, Observation } from "../../observation.ts";
import { clusterIn } from "../cluster/settings.ts";
import { targetsOf } from "../workload/observe.ts";
import { stackSetOf, targetGroupOutput } from "./outputs.ts";
import { boundsOf, type DeploySettings, formOf, isStaged, type ServiceSettings } from "./settings.ts";

/** What runs at set times or by hand has nobody who waits for it. */
export function observeService(
  { path, placement, settings }: Entry<ServiceSettings>,
  architecture: Architecture,
): readonly Observation[] {
  if (formOf(settings) !== "service") return [];
  const service = String(path.at(-1));
  const dimensions = { ClusterName: architecture.name, ServiceName: service };
  const tasks = tasksOf(settings, clusterIn(architecture, placement)?.insights !== "disabled", dimensions);
  const requests = targetsOf(
    settings,
    (balancer) => [
      new Import(targetGroupOutput(service, balancer, "")),
      ...(isStaged(settings) ? [new Import(targetGroupOutput(service, balancer, "Alternate"))] : []),
    ],
    "its log group, and what it uses",
  );
  return [
    {
      stackSet: stackSetOf(service),
      what: `the service ${service}`,
      row: "services",
      charts: [...requests.charts, ...tasks.charts],
      alarms: [...requests.alarms, ...tasks.alarms],
      notices: [deploymentFailed(service, architecture.name)],
      needs: settings.uses.toSorted(),
    },
  ];
}

const MINUTE = 60;

/** @param isMeasured whether Container Insights counts tasks */
function tasksOf(
  settings: ServiceSettings,
  isMeasured: boolean,
  dimensions: Metric["dimensions"],
): { readonly alarms: readonly Alarm[]; readonly charts: readonly Chart[] } {
  const ofService = (name: string, statistic = "Average"): Metric => ({
    namespace: "AWS/ECS",
    name,
    dimensions,
    statistic,
  });
  const counted = (name: string, statistic = "Average"): Metric => ({
    namespace: "ECS/ContainerInsights",
    name,
    dimensions,
    statistic,
  });
  // Each task reports its use once a minute, so the number of reports is the number of tasks:
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cw_running_task_count.html
  const running = isMeasured ? counted("RunningTaskCount") : ofService("CPUUtilization", "SampleCount");
  const wanted = counted("DesiredTaskCount");
  const { min } = boundsOf(settings);
  const lacking: Calculation = isMeasured
    ? { expression: "wanted - running", metrics: { running, wanted } }
    : { expression: `${min} - running`, metrics: { running } };
  const nearLimit = (name: "cpu" | "memory", metric: string, what: string): Alarm => ({
    name,
    measure: ofService(metric),
    trouble: "above",
    threshold: 90,
    period: MINUTE,
    periods: 15,
    missing: "fine",
    means: `For 15 minutes its tasks have taken more than 90 % of their ${what}`,
    first: `see whether it has as many tasks as scale.max allows, then raise that or ${name}`,
    isOutage: false,
  });
  return {
    alarms: [
      {
        name: "tasks",
        measure: lacking,
        trouble: "above",
        threshold: 0,
        period: MINUTE,
        periods: 15,
        // Where none is wanted there is nothing to count.
        missing: min > 0 ? "trouble" : "fine",
        means: "For 15 minutes fewer tasks have run than are wanted",
        first: "read the events of the ECS service, and why its last tasks stopped",
        isOutage: true,
      },
      ...(isMeasured ? unfinished(settings, counted("DeploymentCount", "Minimum")) : []),
      nearLimit("cpu", "CPUUtilization", "CPU"),
      nearLimit("memory", "MemoryUtilization", "memory"),
    ],
    charts: [
      {
        title: "Tasks",
        lines: { running, ...(isMeasured && { wanted }) },
        unit: "tasks",
      },
      {
        title: "CPU and memory",
        lines: { CPU: ofService("CPUUtilization"), memory: ofService("MemoryUtilization") },
        alarm: "cpu",
        unit: "%",
      },
    ],
  };
}

const HOUR = 60 * MINUTE;
/** The hours that an alarm can look back. */
const WEEK = 7 * 24;

/**
 * What hangs, for want of room in the cluster for example: the tasks of before go on, and ECS, which has started none that
 * could fail, does not give up. Of that ECS has events too, but does not say how often it tells:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
function unfinished({ deploy }: ServiceSettings, measure: Metric): readonly Alarm[] {
  const hours = 1 + Math.ceil(minutesOf(deploy) / 60);
  if (hours > WEEK) return [];
  return [
    {
      name: "deployment",
      measure,
      trouble: "above",
      threshold: 1,
      period: HOUR,
      periods: hours,
      missing: "fine",
      means: `For ${hours === 1 ? "an hour" : `${hours} hours`} a deployment has not come to its end`,
      first:
        "read the events of the ECS service: there may be no room for the new tasks, or they may not become healthy",
      isOutage: false,
    },
  ];
}

/** Minutes that a deployment takes because the spec says so. */
function minutesOf(deploy: DeploySettings): number {
  const { strategy, "bake-minutes": bake, "step-minutes": step, "step-percent": percent } = deploy;
  if (strategy === "rolling") return 0;
  const steps = { "blue-green": 0, canary: 1, linear: Math.ceil(100 / percent) };
  return bake + steps[strategy] * step;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
const deploymentFailed = (service: string, cluster: string): Notice => ({
  name: "deployment-failed",
  pattern: {
    source: ["aws.ecs"],
    "detail-type": ["ECS Deployment State Change"],
    resources: [sub`arn:${partition}:ecs:${region}:${accountId}:service/${cluster}/${service}`],
    detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
  },
  reason: "$.detail.reason",
  means: `A deployment of the service ${service} has failed, and ECS goes back to the version before`,
  first: "read why the new tasks stopped: it is in the events of the ECS service, and in its log group",
});
