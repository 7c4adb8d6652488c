/** The requests a service gets: target groups, listener rules, and the way from the load balancers to its port. */
import type { ResourceType } from "../../cfn/resources.ts";
import { Import } from "../../cfn/values.ts";
import type { RouteDemand } from "../../demands.ts";
import { pascalCase } from "../../names.ts";
import { type Handle, part } from "../../stack.ts";
import { balancerOutputs } from "../load-balancers/outputs.ts";
import { KINDS, type Kind } from "../load-balancers/settings.ts";
import { networkOutputs } from "../network/index.ts";
import { addRule, onBalancer, routesOf } from "../workload/requests.ts";
import type { ServiceContext } from "./index.ts";
import { targetGroupOutput } from "./outputs.ts";
import { isStaged } from "./settings.ts";

type TargetGroup = Handle<"AWS::ElasticLoadBalancingV2::TargetGroup">;

/** How a load balancer reaches a service. */
export interface Requests {
  readonly balancer: Kind;
  readonly port: number;
  readonly targetGroup: TargetGroup;
  /** Where a deployment in stages starts its new tasks, the next time the old ones' is the other. */
  readonly alternate?: TargetGroup;
  /** The rules of security groups between the two. */
  readonly ways: readonly Handle<ResourceType>[];
  readonly rules: readonly Handle<"AWS::ElasticLoadBalancingV2::ListenerRule">[];
}

export function addRequests(context: ServiceContext): readonly Requests[] {
  const { port } = context.settings;
  const routes = routesOf(context.settings);
  return KINDS.flatMap((balancer) => {
    const own = routes.filter((route) => route.balancer === balancer);
    return own.length > 0 && port !== undefined ? [addBalancer(context, balancer, port, own)] : [];
  });
}

function addBalancer(
  context: ServiceContext,
  balancer: Kind,
  port: number,
  routes: readonly RouteDemand[],
): Requests {
  const ways = addWays(context, balancer, port);
  const targetGroup = addTargetGroup(context, balancer, "");
  const alternate = isStaged(context.settings) ? addTargetGroup(context, balancer, "Alternate") : undefined;
  const action = alternate
    ? {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: targetGroup.ref, Weight: 100 },
            { TargetGroupArn: alternate.ref, Weight: 0 },
          ],
        },
      }
    : { Type: "forward", TargetGroupArn: targetGroup.ref };
  const rules = routes.map((route) => addRule(context, context.stack, route, action));
  return { balancer, port, targetGroup, ...(alternate && { alternate }), ways, rules };
}

/** The load balancer's group lets out to the service's, and that lets it in. */
function addWays(
  { stack, what, group, path }: ServiceContext,
  balancer: Kind,
  port: number,
): readonly Handle<ResourceType>[] {
  const id = `${pascalCase(balancer)}LoadBalancer`;
  const balancerGroup = new Import(balancerOutputs(balancer).securityGroupId);
  const options = { part: onBalancer(balancer), from: [...path, balancer] };
  const range = { IpProtocol: "tcp", FromPort: port, ToPort: port };
  const ingress = stack.add(
    "AWS::EC2::SecurityGroupIngress",
    `${id}Ingress`,
    {
      Description: `From the ${balancer} load balancer`,
      GroupId: group.att("GroupId"),
      SourceSecurityGroupId: balancerGroup,
      ...range,
    },
    options,
  );
  const egress = stack.add(
    "AWS::EC2::SecurityGroupEgress",
    `${id}Egress`,
    {
      Description: `To ${what}`,
      GroupId: balancerGroup,
      DestinationSecurityGroupId: group.att("GroupId"),
      ...range,
    },
    options,
  );
  return [ingress, egress];
}

/** Consecutive answers that decide. */
const HEALTHY = 2;
const UNHEALTHY = 3;

function addTargetGroup(
  { stack, name, service, placement, settings, path, observed }: ServiceContext,
  balancer: Kind,
  suffix: "" | "Alternate",
): TargetGroup {
  const { health, tls } = settings;
  const protocol = tls ? "HTTPS" : "HTTP";
  const id = `${pascalCase(balancer)}${suffix}TargetGroup`;
  const on = onBalancer(balancer);
  const options = { part: suffix ? part(id, true, on) : on, from: [...path, balancer] };
  const targetGroup = stack.add(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    id,
    {
      VpcId: new Import(networkOutputs.vpcId),
      TargetType: "ip",
      Protocol: protocol,
      // Only a default: ECS registers each task with its own port. Another one would replace the target group, and
      // requests would be led to the new one before there are tasks in it.
      Port: tls ? 443 : 80,
      HealthCheckProtocol: protocol,
      HealthCheckPath: health.path,
      Matcher: { HttpCode: health.codes },
      HealthCheckIntervalSeconds: health.seconds,
      // It must be shorter than the interval.
      HealthCheckTimeoutSeconds: Math.min(5, health.seconds - 1),
      HealthyThresholdCount: HEALTHY,
      UnhealthyThresholdCount: UNHEALTHY,
      TargetGroupAttributes: [
        { Key: "deregistration_delay.timeout_seconds", Value: String(settings["stop-seconds"]) },
        { Key: "load_balancing.algorithm.type", Value: "least_outstanding_requests" },
      ],
      Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-${service}` }],
    },
    options,
  );
  if (observed.length > 0)
    stack.publish(
      targetGroupOutput(service, balancer, suffix),
      targetGroup.att("TargetGroupFullName"),
      options,
    );
  return targetGroup;
}
