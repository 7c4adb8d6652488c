/** Load balancers: where requests come in, from the internet and from within, in each environment with a domain. */
import { domainOf } from "../../architecture.ts";
import type { Component } from "../../component.ts";
import { buildBalancer } from "./balancer.ts";
import { checkLoadBalancers } from "./check.ts";
import { buildLogs } from "./logs.ts";
import { observeLoadBalancers } from "./observe.ts";
import { hostsIn, kindsIn, type LoadBalancersSettings, loadBalancersPath } from "./settings.ts";
import { buildWebAcl } from "./web-acl.ts";

export const loadBalancers: Component<LoadBalancersSettings, undefined> = {
  path: loadBalancersPath,
  check: checkLoadBalancers,
  observe: observeLoadBalancers,
  build(context) {
    const { name, architecture, placement, settings } = context;
    const domain = domainOf(architecture.spec, placement.environment);
    const kinds = kindsIn(architecture, placement);
    if (domain === undefined || kinds.length === 0) return [];
    const hosts = hostsIn(architecture, placement).map(({ host }) => host);
    return [
      buildLogs(name, settings),
      ...kinds.map((kind) => buildBalancer(context, kind, domain, kind === "public" ? hosts : [])),
      ...(kinds.includes("public") && settings.public["web-acl"] ? [buildWebAcl(name, settings)] : []),
    ];
  },
};
