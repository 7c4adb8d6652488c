/** What receives requests of load balancers: its rules on their listeners, and how it is used through the internal one. */
import type { Action } from "cloudform-types/types/elasticLoadBalancingV2/listenerRule.js";
import { type Architecture, domainOf } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import type { Context } from "../../component.ts";
import { type Connection, INTERNAL_DOOR, variableOf } from "../../connection.ts";
import type { RouteDemand } from "../../demands.ts";
import type { Entry } from "../../entries.ts";
import { pascalCase } from "../../names.ts";
import { ruleId } from "../../routes.ts";
import { type Handle, type Part, part, type Stack } from "../../stack.ts";
import { internalNameIn } from "../domains/settings.ts";
import { balancerOutputs, WEB_ACL } from "../load-balancers/outputs.ts";

/** Which requests something gets, as `schema/definitions.json` describes it. */
export interface RequestSettings {
  readonly public?: { readonly path: string | readonly string[]; readonly host?: string };
  readonly internal?: { readonly path: string | readonly string[] };
}

/** The requests something wants from load balancers, in the order of the spec. */
export function routesOf(settings: RequestSettings): readonly RouteDemand[] {
  const pathsOf = (path: string | readonly string[] = []) => [path].flat();
  const { host, path } = settings.public ?? {};
  return [
    ...pathsOf(path).map((own) => ({
      balancer: "public" as const,
      path: own,
      ...(host !== undefined && { host }),
    })),
    ...pathsOf(settings.internal?.path).map((own) => ({ balancer: "internal" as const, path: own })),
  ];
}

/** Where the internal load balancer is, under the environment's domain. */
export const internalUrl = (domain: string): string => `https://${internalNameIn(domain)}`;

/** How something is used that is on the internal load balancer; undefined where it is not. */
export function connectInternally(
  { settings, path, placement }: Entry<RequestSettings>,
  { spec }: Architecture,
): Connection | undefined {
  const route = routesOf(settings).find(({ balancer }) => balancer === "internal");
  const domain = domainOf(spec, placement.environment);
  if (!route || domain === undefined) return undefined;
  return {
    variables: {
      [`${variableOf(String(path.at(-1)))}_URL`]: internalUrl(domain) + route.path.replace(/\/?\*$/, ""),
    },
    port: {
      securityGroupId: new Import(balancerOutputs("internal").securityGroupId),
      through: INTERNAL_DOOR,
      from: 443,
      to: 443,
    },
  };
}

/** The host that requests for a route are for. */
export function hostOf(domain: string, { balancer, host }: RouteDemand): string {
  const label = balancer === "internal" ? "internal" : host;
  return label === undefined ? domain : `${label}.${domain}`;
}

/** The part that is there where something is on a load balancer. */
export const onBalancer = (balancer: RouteDemand["balancer"], ...within: Part[]) =>
  part(pascalCase(balancer), true, ...within);

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
