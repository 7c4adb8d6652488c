/** How a service is used: through the internal load balancer, at its path. */
import { type Architecture, domainOf } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import { type Connection, variableOf } from "../../connection.ts";
import type { Entry } from "../../entries.ts";
import { internalNameIn } from "../domains/settings.ts";
import { balancerOutputs } from "../load-balancers/outputs.ts";
import { routesOf, type ServiceSettings } from "./settings.ts";

/** Where services are, under the environment's domain. */
export const internalUrl = (domain: string): string => `https://${internalNameIn(domain)}`;

export function connectService(
  { settings, path, placement }: Entry<ServiceSettings>,
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
      through: "internal load balancer",
      from: 443,
      to: 443,
    },
  };
}
