/** The requests a function gets: a target group for each load balancer it is on, and its listener rules. */
import { accountId, partition, region, sub } from "../../cfn/values.ts";
import type { RouteDemand } from "../../demands.ts";
import { pascalCase } from "../../names.ts";
import type { Handle } from "../../stack.ts";
import { KINDS } from "../load-balancers/settings.ts";
import { addRule, onBalancer, routesOf } from "../workload/requests.ts";
import type { Triggered } from "./index.ts";

export function addRequests(context: Triggered): void {
  const routes = routesOf(context.settings);
  for (const balancer of KINDS) {
    const own = routes.filter((route) => route.balancer === balancer);
    if (own.length === 0) continue;
    const targetGroup = addTargetGroup(context, balancer);
    for (const route of own)
      addRule(context, context.stack, route, { Type: "forward", TargetGroupArn: targetGroup.ref });
  }
}

/**
 * A target group takes a function only when it may call it already, and so the permission can't name the target group:
 * it is for those of this account.
 *
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
function addTargetGroup(
  { stack, name, fn, placement, path, target, within }: Triggered,
  balancer: RouteDemand["balancer"],
): Handle<"AWS::ElasticLoadBalancingV2::TargetGroup"> {
  const options = { part: onBalancer(balancer, ...within), from: [...path, balancer] };
  const permission = stack.add(
    "AWS::Lambda::Permission",
    `${pascalCase(balancer)}Permission`,
    {
      FunctionName: target,
      Action: "lambda:InvokeFunction",
      Principal: "elasticloadbalancing.amazonaws.com",
      SourceArn: sub`arn:${partition}:elasticloadbalancing:${region}:${accountId}:targetgroup/*`,
    },
    options,
  );
  return stack.add(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    `${pascalCase(balancer)}TargetGroup`,
    {
      TargetType: "lambda",
      Targets: [{ Id: target }],
      Tags: [{ Key: "Name", Value: `${name}-${placement.environment}-${fn}` }],
    },
    { ...options, dependsOn: [permission] },
  );
}
