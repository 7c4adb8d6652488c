/** Autoscaling: as many tasks as keep what is measured near what is aimed at. */
import { Import, join, type Value } from "../../cfn/values.ts";
import { pascalCase } from "../../names.ts";
import { type Handle, part } from "../../stack.ts";
import { clusterOutputs } from "../cluster/outputs.ts";
import { balancerOutputs } from "../load-balancers/outputs.ts";
import type { ServiceContext } from "./index.ts";
import type { Requests } from "./requests.ts";
import { boundsOf } from "./settings.ts";

/** Seconds it waits: soon more, since somebody waits too; later fewer, since the load may come back. */
const OUT = 60;
const IN = 300;

export function addScaling(
  context: ServiceContext,
  service: Handle<"AWS::ECS::Service">,
  requests: readonly Requests[],
): void {
  const { stack, settings, path } = context;
  const { scale } = settings;
  const { min, max } = boundsOf(settings);
  const options = { part: part("Scaling", true), from: [...path, "scale"] };
  const target = stack.add(
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "ScalableTarget",
    {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: join("/", ["service", new Import(clusterOutputs.name), service.att("Name")]),
      MinCapacity: min,
      MaxCapacity: max,
    },
    options,
  );
  const addPolicy = (
    id: string,
    aim: number,
    metric: { PredefinedMetricType: string; ResourceLabel?: Value },
  ) =>
    stack.add(
      "AWS::ApplicationAutoScaling::ScalingPolicy",
      `${id}ScalingPolicy`,
      {
        PolicyName: id,
        PolicyType: "TargetTrackingScaling",
        ScalingTargetId: target.ref,
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: metric as { PredefinedMetricType: string },
          TargetValue: aim,
          ScaleInCooldown: IN,
          ScaleOutCooldown: OUT,
        },
      },
      { ...options, part: part(`${id}Scaling`, true, options.part) },
    );
  addPolicy("Cpu", scale.cpu, { PredefinedMetricType: "ECSServiceAverageCPUUtilization" });
  if (scale.memory !== undefined)
    addPolicy("Memory", scale.memory, { PredefinedMetricType: "ECSServiceAverageMemoryUtilization" });
  for (const { balancer, targetGroup } of scale.requests === undefined ? [] : requests) {
    addPolicy(`${pascalCase(balancer)}Requests`, scale.requests as number, {
      PredefinedMetricType: "ALBRequestCountPerTarget",
      ResourceLabel: join("/", [
        new Import(balancerOutputs(balancer).fullName),
        targetGroup.att("TargetGroupFullName"),
      ]),
    });
  }
}
