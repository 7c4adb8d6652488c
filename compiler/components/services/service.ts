/** The ECS service: tasks in the private subnets, spread over zones, replaced with care, as many as are needed. */
import { Import } from "../../cfn/values.ts";
import type { Handle } from "../../stack.ts";
import { clusterOutputs } from "../cluster/outputs.ts";
import { capacityIn } from "../cluster/settings.ts";
import { networkOutputs } from "../network/index.ts";
import { policyOf } from "../workload/statements.ts";
import { capacityOf, strategyOf } from "./capacity.ts";
import type { ServiceContext } from "./index.ts";
import type { Requests } from "./requests.ts";
import { addScaling } from "./scaling.ts";
import { boundsOf, type DeploySettings, isStaged } from "./settings.ts";
import type { Task } from "./task.ts";

/**
 * A list that ECS is to forget: one that the template does not have stays as it was.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
 */
const NONE: [] = [];

/** Over all zones, and within a zone on as few instances as will do. */
const PLACEMENT = [
  { Type: "spread", Field: "attribute:ecs.availability-zone" },
  { Type: "binpack", Field: "memory" },
];

export function addService(context: ServiceContext, task: Task, requests: readonly Requests[]): void {
  const { stack, service, settings, architecture, placement } = context;
  const { min, max } = boundsOf(settings);
  const capacity = capacityOf(architecture, placement, settings);
  const role = isStaged(settings) && requests.length > 0 ? addShiftRole(context, requests) : undefined;
  const handle = stack.add(
    "AWS::ECS::Service",
    "Service",
    {
      ServiceName: service,
      Cluster: new Import(clusterOutputs.arn),
      TaskDefinition: task.definition.ref,
      CapacityProviderStrategy: strategyOf(capacity),
      // Where it scales, an update must not set the number back.
      ...(min === max && { DesiredCount: min }),
      AvailabilityZoneRebalancing: "ENABLED",
      ...(capacityIn(architecture, placement) === "ec2" && {
        PlacementStrategies: capacity === "ec2" ? PLACEMENT : NONE,
      }),
      DeploymentConfiguration: deploymentOf(settings.deploy),
      NetworkConfiguration: networkOf(context),
      LoadBalancers: requests.length > 0 ? requests.map((own) => loadBalancerOf(own, service, role)) : NONE,
      ...(requests.length > 0 && { HealthCheckGracePeriodSeconds: settings.health["grace-seconds"] }),
      EnableExecuteCommand: settings.shell,
      EnableECSManagedTags: true,
      PropagateTags: "SERVICE",
      Tags: [{ Key: "Name", Value: service }],
    },
    // ECS takes a target group only once a listener leads to it; and a task should reach what it uses from the start.
    { dependsOn: [...context.rights, ...requests.flatMap(({ rules, ways }) => [...ways, ...rules])] },
  );
  if (min !== max) addScaling(context, handle, requests);
}

/** Private subnets, no public address, the service's own group. */
export const networkOf = ({ group }: Pick<ServiceContext, "group">) => ({
  AwsvpcConfiguration: {
    AssignPublicIp: "DISABLED",
    SecurityGroups: [group.att("GroupId")],
    Subnets: new Import(networkOutputs.privateSubnetIds),
  },
});

/**
 * The circuit breaker is for rolling deployments alone, by the API's word; the others lead no request to new tasks that
 * are not well: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
 */
function deploymentOf(deploy: DeploySettings) {
  const { strategy } = deploy;
  const step = { percent: deploy["step-percent"], minutes: deploy["step-minutes"] };
  return {
    Strategy: { rolling: "ROLLING", "blue-green": "BLUE_GREEN", canary: "CANARY", linear: "LINEAR" }[
      strategy
    ],
    MaximumPercent: 200,
    MinimumHealthyPercent: 100,
    ...(strategy === "rolling"
      ? { DeploymentCircuitBreaker: { Enable: true, Rollback: true } }
      : { BakeTimeInMinutes: deploy["bake-minutes"] }),
    ...(strategy === "canary" && {
      CanaryConfiguration: { CanaryPercent: step.percent, CanaryBakeTimeInMinutes: step.minutes },
    }),
    ...(strategy === "linear" && {
      LinearConfiguration: { StepPercent: step.percent, StepBakeTimeInMinutes: step.minutes },
    }),
  };
}

function loadBalancerOf(
  { targetGroup, alternate, rules: [rule], port }: Requests,
  service: string,
  role: Handle<"AWS::IAM::Role"> | undefined,
) {
  return {
    ContainerName: service,
    ContainerPort: port,
    TargetGroupArn: targetGroup.ref,
    ...(alternate &&
      rule &&
      role && {
        AdvancedConfiguration: {
          AlternateTargetGroupArn: alternate.ref,
          ProductionListenerRule: rule.ref,
          RoleArn: role.att("Arn"),
        },
      }),
  };
}

/**
 * The role by which ECS leads requests from the old tasks to the new, as AWS describes it, which names no condition for
 * who takes it: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
function addShiftRole(
  { stack, what }: ServiceContext,
  requests: readonly Requests[],
): Handle<"AWS::IAM::Role"> {
  return stack.add("AWS::IAM::Role", "ShiftRole", {
    Description: `Lets ECS lead requests from old tasks of ${what} to new ones`,
    AssumeRolePolicyDocument: policyOf([
      { Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
    Policies: [
      {
        PolicyName: "shift-requests",
        PolicyDocument: policyOf([
          {
            Sid: "Look",
            Effect: "Allow",
            Action: [
              "elasticloadbalancing:DescribeListeners",
              "elasticloadbalancing:DescribeRules",
              "elasticloadbalancing:DescribeTargetGroups",
              "elasticloadbalancing:DescribeTargetHealth",
            ],
            // These actions can be limited to no resource.
            Resource: "*",
          },
          {
            Sid: "Register",
            Effect: "Allow",
            Action: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            Resource: requests.flatMap(({ targetGroup, alternate }) => [
              targetGroup.ref,
              ...(alternate ? [alternate.ref] : []),
            ]),
          },
          {
            Sid: "Shift",
            Effect: "Allow",
            Action: "elasticloadbalancing:ModifyRule",
            Resource: requests.flatMap(({ rules }) => rules.map((rule) => rule.ref)),
          },
        ]),
      },
    ],
  });
}
