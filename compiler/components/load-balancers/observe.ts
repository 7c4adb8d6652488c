/** What can be seen of load balancers: what they answer themselves, and how long answers take. */
import type { Architecture } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import type { Entry } from "../../entries.ts";
import type { Calculation, Metric, Observation } from "../../observation.ts";
import { FAILING, FEW, latencyAlarm } from "../workload/observe.ts";
import { balancerOutputs, stackSetOf } from "./outputs.ts";
import { type Kind, kindsIn, type LoadBalancersSettings } from "./settings.ts";

export function observeLoadBalancers(
  { placement }: Entry<LoadBalancersSettings>,
  architecture: Architecture,
): readonly Observation[] {
  return kindsIn(architecture, placement).map((kind) => {
    const behind = architecture.demands
      .filter((demand) => demand.placement === placement)
      .filter(({ routes = [] }) => routes.some(({ balancer }) => balancer === kind));
    return observeBalancer(kind, [...new Set(behind.map(({ path }) => String(path.at(-1))))].toSorted());
  });
}

const MINUTE = 60;

/** @param behind the names of what it sends requests to */
function observeBalancer(kind: Kind, behind: readonly string[]): Observation {
  const dimensions = { LoadBalancer: new Import(balancerOutputs(kind).fullName) };
  const metric = (name: string, statistic: string): Metric => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions,
    statistic,
  });
  const errors = metric("HTTPCode_ELB_5XX_Count", "Sum");
  const requests = metric("RequestCount", "Sum");
  // Requests that it sends nowhere are none in its own count.
  const share: Calculation = {
    expression: `IF(errors > ${FEW}, 100 * errors / SUM([errors, requests]), 0)`,
    metrics: { errors, requests },
  };
  const latency = metric("TargetResponseTime", "p95");
  return {
    stackSet: stackSetOf(kind),
    what: `the ${kind} load balancer`,
    row: "load balancers",
    alarms: [
      {
        name: "errors",
        measure: share,
        trouble: "above",
        threshold: FAILING,
        period: MINUTE,
        periods: 5,
        missing: "fine",
        means: `For 5 minutes it has answered more than ${FAILING} % of requests itself, with an error (5xx): it had nobody to send them to, or got no answer`,
        first: "see which of what is behind it has no healthy targets, closes connections or takes too long",
        isOutage: true,
      },
      latencyAlarm(latency, "What is behind it", "see whose latency it is, by the target groups"),
    ],
    charts: [
      { title: "Requests", lines: { requests, "answered with 5xx by itself": errors }, unit: "a minute" },
      { title: "Failing requests", lines: { "5xx by itself": share }, alarm: "errors", unit: "%" },
      { title: "Latency (p95)", lines: { latency }, alarm: "latency", unit: "s" },
      {
        title: "Connections",
        lines: {
          active: metric("ActiveConnectionCount", "Sum"),
          rejected: metric("RejectedConnectionCount", "Sum"),
        },
        unit: "connections",
      },
    ],
    needs: behind,
    isFirst: true,
  };
}
