/** Everything that is generated lets reach whom its spec says, no more and no less. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../compiler/architecture.ts";
import type { Result } from "../support/compile.ts";
import { compileSource, sources } from "../support/everything.ts";
import { expectedLines } from "./expected.ts";
import { differences, linesOf, NONE } from "./lines.ts";
import { placedTemplates } from "./placed.ts";
import { type Reachability, reachability } from "./reachability.ts";
import { equals } from "./traffic.ts";
import { VPN_PORT } from "./vpn.ts";

/** What may answer the internet, whatever a spec says. */
const DOORS = ["AWS::CloudFront::Distribution", "AWS::ElasticLoadBalancingV2::LoadBalancer"];

/** What is reached from a node, from node to node; the internet and strangers lead no further. */
function reachedFrom(start: string, { nodes, flows }: Reachability): ReadonlySet<string> {
  const names = new Set(nodes.map(({ name }) => name));
  const reached = new Set([start]);
  for (const name of reached) {
    for (const { from, to } of flows) if (from === name && names.has(to)) reached.add(to);
  }
  return reached;
}

describe.each(sources())("$id", (source) => {
  let result: Result;
  let found: Reachability;
  beforeAll(() => {
    result = compileSource(source);
    found = reachability(placedTemplates(result));
  });

  test("lets reach whom its spec says", () => {
    expect(differences(linesOf(found), expectedLines(result.architecture, found))).toEqual(NONE);
  });

  test("answers the internet by load balancers, CloudFront and the VPN alone", () => {
    const outside = found.outsiders.map(({ name }) => name);
    const nodeOf = (name: string) => found.nodes.find((node) => node.name === name);
    const answering = found.flows
      .filter(({ from, to, traffic }) => {
        const isVpn = nodeOf(to)?.stack === "vpn" && equals(traffic, VPN_PORT);
        return outside.includes(from) && !isVpn;
      })
      .map(({ to }) => nodeOf(to)?.type);
    expect(DOORS).toEqual(expect.arrayContaining(answering));
  });

  test("lets no environment to another, but those that the VPN joins to its own", () => {
    const { placements, spec } = result.architecture;
    const vpn = spec.vpn as { environment: string; reaches: string[] } | undefined;
    const isJoined = (one: Placement, other: Placement) =>
      one.environment === vpn?.environment && vpn.reaches.includes(other.environment);
    const placementOf = (name: string) => placements.find((each) => name.startsWith(`${each.name} `));
    const across = [...found.ways, ...found.flows].filter(({ from, to }) => {
      const [own, other] = [placementOf(from), placementOf(to)];
      return own && other && own !== other && !isJoined(own, other) && !isJoined(other, own);
    });
    expect(across).toEqual([]);
  });

  test("lets nothing in an environment to another, from one thing to the next", () => {
    const { placements, spec } = result.architecture;
    const { environment } = (spec.vpn ?? {}) as { environment?: string };
    const vpn = placements.find((placement) => placement.environment === environment)?.name;
    const places = new Map(found.nodes.map(({ name, place }) => [name, place]));
    const starts = found.nodes.filter(({ place }) => place !== vpn);
    const across = starts.flatMap(({ name, place }) =>
      [...reachedFrom(name, found)]
        .filter((other) => ![undefined, place].includes(places.get(other)))
        .map((other) => `${name} → ${other}`),
    );
    expect(across).toEqual([]);
  });
});
