/** What receives requests of load balancers: its rules on their listeners. */
import type { Action } from "cloudform-types/types/elasticLoadBalancingV2/listenerRule.js";
import { domainOf } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import type { Context } from "../../component.ts";
import type { RouteDemand } from "../../demands.ts";
import { pascalCase } from "../../names.ts";
import { ruleId } from "../../routes.ts";
import { type Handle, part, type Stack } from "../../stack.ts";
import { balancerOutputs, WEB_ACL } from "../load-balancers/outputs.ts";

/** The host that requests for a route are for. */
export function hostOf(domain: string, { balancer, host }: RouteDemand): string {
  const label = balancer === "internal" ? "internal" : host;
  return label === undefined ? domain : `${label}.${domain}`;
}

/** The part that is there where something is on a load balancer. */
export const onBalancer = (balancer: RouteDemand["balancer"]) => part(pascalCase(balancer), true);

/**
 * Adds the listener rule of a route. Nothing passes the public load balancer before its web ACL is there.
 *
 * @param action what is done with the requests
 */
export function addRule(
  context: Pick<Context<unknown, unknown>, "architecture" | "placement" | "priorityOf" | "path">,
  stack: Stack,
  route: RouteDemand,
  action: Action,
): Handle<"AWS::ElasticLoadBalancingV2::ListenerRule"> {
  const { architecture, placement, priorityOf, path } = context;
  const { balancer } = route;
  if (balancer === "public") stack.after(WEB_ACL);
  const domain = domainOf(architecture.spec, placement.environment) ?? "";
  const id = ruleId(route);
  return stack.add(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    id,
    {
      ListenerArn: new Import(balancerOutputs(balancer).listenerArn),
      Priority: priorityOf(route),
      Conditions: [
        { Field: "host-header", HostHeaderConfig: { Values: [hostOf(domain, route)] } },
        { Field: "path-pattern", PathPatternConfig: { Values: [route.path] } },
      ],
      Actions: [action],
    },
    { part: part(id, true, onBalancer(balancer)), from: [...path, balancer] },
  );
}
