/**
 * What a spec says of who reaches whom: `public`, `internal`, `uses`, `vpn`, and what every network has. It knows of templates
 * only the names of stack sets and subnets. Which nodes a stack has is looked up by its name in what was found; their
 * number and type are part of what is expected.
 */

import { type Architecture, domainOf, type Placement } from "../../compiler/architecture.ts";
import { clusterIn } from "../../compiler/components/cluster/settings.ts";
import type { JsonObject } from "../../compiler/schema.ts";
import { placeOf } from "./placed.ts";
import { type Reachability, strangerIn } from "./reachability.ts";
import { Expected, type Route, Said } from "./said.ts";
import { everything, type Traffic, tcp, union } from "./traffic.ts";
import { expectVpn, throughVpn } from "./vpn.ts";

const HTTP = tcp(80);
const HTTPS = tcp(443);
const BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer";

/** The lines in which a spec says who reaches whom, as `linesOf` has those of what is found. */
export function expectedLines(architecture: Architecture, found: Reachability): string[] {
  const expected = new Expected(found);
  expectVpn(architecture, expected);
  for (const placement of architecture.placements) expectIn(architecture, placement, expected);
  return expected.lines();
}

function expectIn(architecture: Architecture, placement: Placement, expected: Expected): void {
  const said = new Said(architecture, placement);
  const place = placement.name;
  const open = [strangerIn(place), ...expectEndpoints(said, expected)];
  const stores = expectStores(said, expected);
  const balancers = expectBalancers(said, expected);
  expectRoutes(said, expected);
  const callers = [
    ...expectServices(said, balancers, expected),
    ...expectFunctions(said, balancers, stores, expected),
    ...expectInstances(said, expected),
  ];
  for (const { names, uses, isAnywhere } of callers) {
    // Whoever calls anything may call, by HTTPS, the outside and whatever admits everybody.
    expected.allow(names, [...open, ...balancers.public], HTTPS);
    const beyond = throughVpn(architecture, placement, isAnywhere, expected);
    expected.allow(names, beyond, HTTPS, "not from or to all of it");
    if (said.of("network")?.nat !== "none") {
      expected.allow(names, expected.outside, HTTPS, isAnywhere ? "not from or to all of it" : undefined);
    }
    for (const used of uses) {
      const store = stores.get(used);
      if (store) expected.allow(names, store.names, store.ports);
      if (isInternal(said, used)) expected.allow(names, balancers.internal, HTTPS);
    }
  }
  for (const [site] of said.named("sites")) {
    const edge = placeOf(architecture, { ...placement, region: "us-east-1" });
    const doors = expected.nodes(edge, `distribution-${site}`, "AWS::CloudFront::Distribution");
    expected.allow(expected.outside, doors, union(HTTP, HTTPS));
  }
}

/** Whether what is used is reached through the internal load balancer. */
export const isInternal = (said: Said, used: string): boolean =>
  ["services", "functions"].some((kind) => said.of(kind, used)?.internal !== undefined);

/** Public subnets lead to the internet and back, private ones out through NAT, isolated ones to S3 and DynamoDB alone. */
function expectRoutes(said: Said, expected: Expected): void {
  const network = said.of("network");
  for (let zone = 1; zone <= Number(network?.azs ?? 0); zone++) {
    const [open = "", hidden = "", isolated = ""] = ["Public", "Private", "Isolated"].map(
      (tier) => `${said.placement.name} network.${tier}Subnet${zone}`,
    );
    expected.allow([open], expected.outside, everything);
    expected.allow(expected.outside, [open], everything);
    if (network?.nat !== "none") expected.allow([hidden], expected.outside, everything);
    expected.allow([open, hidden, isolated], gatewaysIn(said.placement.name), everything);
  }
}

export const gatewaysIn = (place: string): string[] =>
  ["S3", "Dynamodb"].map((service) => `${place} network.${service}GatewayEndpoint`);

/** Ways to AWS's services, open to everybody in the VPC. */
function expectEndpoints(said: Said, expected: Expected): string[] {
  const place = said.placement.name;
  const network = said.of("network");
  if (!network) return [];
  const interfaces = interfaceEndpointsOf(said, expected);
  expected.allow([strangerIn(place)], interfaces, HTTPS);
  return [...gatewaysIn(place), ...interfaces];
}

export function interfaceEndpointsOf(said: Said, expected: Expected): string[] {
  const { length } = (said.of("network")?.endpoints ?? []) as string[];
  return expected.nodes(said.placement.name, "network", "AWS::EC2::VPCEndpoint", length);
}

const KINDS = ["public", "internal"] as const;
type Kind = (typeof KINDS)[number];
type Balancers = Readonly<Record<Kind, readonly string[]>>;

/** The internet reaches the public load balancer, and so does everybody in the VPC. */
function expectBalancers(said: Said, expected: Expected): Balancers {
  const [open, internal] = KINDS.map((kind) => balancerOf(said, kind, expected));
  const balancers = { public: open ?? [], internal: internal ?? [] };
  expected.allow(
    [...expected.outside, strangerIn(said.placement.name)],
    balancers.public,
    union(HTTP, HTTPS),
  );
  return balancers;
}

/** The load balancer of a kind, where there is one. */
export function balancerOf(said: Said, kind: Kind, expected: Expected): string[] {
  const settings = said.of("load-balancers");
  const workloads = [...said.named("services"), ...said.named("functions")];
  const isOn = (settings?.[kind] as JsonObject)?.enabled ?? workloads.some(([, workload]) => workload[kind]);
  return isOn && domainIn(said) ? expected.nodes(said.placement.name, `load-balancer-${kind}`, BALANCER) : [];
}

const domainIn = ({ architecture, placement }: Said) => domainOf(architecture.spec, placement.environment);

/** The requests that a service or function gets from one of the load balancers. */
function routesOf(settings: JsonObject, kind: Kind, said: Said): Route[] {
  const domain = domainIn(said);
  const { path = [], host = kind === "internal" ? kind : undefined } = (settings[kind] ?? {}) as {
    path?: string | string[];
    host?: string;
  };
  return [path]
    .flat()
    .map((each) => ({ host: host === undefined ? `${domain}` : `${host}.${domain}`, path: each }));
}

interface Store {
  readonly names: readonly string[];
  readonly ports: Traffic;
}

/** Stores in the VPC, which nobody reaches who does not use them. */
function expectStores(said: Said, expected: Expected): ReadonlyMap<string, Store> {
  return new Map(
    said
      .named("stores")
      .filter(([, { engine }]) => engine !== "s3")
      .map(([name, settings]) => {
        const { type, count = 1, ports } = formOf(settings);
        return [name, { names: expected.nodes(said.placement.name, `store-${name}`, type, count), ports }];
      }),
  );
}

/**
 * The type, number and ports of a store. A serverless cache has a second port, for reading from the nearest replica:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/set-up.html#elasticache-install-grant-access-VPN
 */
function formOf({ engine, class: nodeClass, replicas }: JsonObject) {
  if (engine === "postgres") {
    return { type: "AWS::RDS::DBInstance", count: 1 + Number(replicas), ports: tcp(5432) };
  }
  const first = engine === "memcached" ? 11211 : 6379;
  if (nodeClass === undefined) {
    return { type: "AWS::ElastiCache::ServerlessCache", ports: tcp(first, first + 1) };
  }
  const type = engine === "memcached" ? "CacheCluster" : "ReplicationGroup";
  return { type: `AWS::ElastiCache::${type}`, ports: tcp(first) };
}

/** Whoever calls others. */
interface Caller {
  readonly names: readonly string[];
  readonly uses: readonly string[];
  /** Somebody runs it by hand, wherever in the VPC. */
  readonly isAnywhere?: boolean;
}

/** Services that run all the time, of which load balancers reach the port; tasks at set times; tasks run by hand. */
function expectServices(said: Said, balancers: Balancers, expected: Expected): Caller[] {
  return said.named("services").map(([name, settings]) => {
    const isAnywhere = settings["on-demand"] === true;
    const type = isAnywhere
      ? "AWS::EC2::SecurityGroup"
      : settings.schedule
        ? "AWS::Scheduler::Schedule"
        : "AWS::ECS::Service";
    const names = expected.nodes(said.placement.name, `service-${name}`, type);
    const targetPort = Number(settings.port);
    for (const kind of KINDS) {
      for (const route of routesOf(settings, kind, said)) {
        expected.allow(balancers[kind], names, tcp(targetPort));
        expected.send(
          balancers[kind],
          route,
          names.map((to) => ({ to, targetPort })),
        );
      }
    }
    return { names, uses: settings.uses as string[], isAnywhere };
  });
}

/** Functions are in the VPC if they use something there; load balancers invoke them without a network. */
function expectFunctions(
  said: Said,
  balancers: Balancers,
  stores: ReadonlyMap<string, Store>,
  expected: Expected,
): Caller[] {
  const place = said.placement.name;
  return said.named("functions").map(([name, settings]) => {
    const uses = (settings.uses ?? []) as string[];
    const isInVpc = uses.some((used) => stores.has(used) || isInternal(said, used));
    for (const kind of KINDS) {
      for (const route of routesOf(settings, kind, said)) {
        expected.send(balancers[kind], route, [{ to: `${place} function-${name}.Function` }]);
      }
    }
    return {
      names: expected.nodes(place, `function-${name}`, "AWS::Lambda::Function", Number(isInVpc)),
      uses,
    };
  });
}

/** The cluster's instances, which nobody reaches. */
const expectInstances = (said: Said, expected: Expected): Caller[] =>
  clusterIn(said.architecture, said.placement)?.capacity === "ec2"
    ? [
        {
          names: expected.nodes(said.placement.name, "cluster", "AWS::AutoScaling::AutoScalingGroup"),
          uses: [],
        },
      ]
    : [];
