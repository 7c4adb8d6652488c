/** Everything that is generated lets reach whom its spec says, no more and no less. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Result } from "../support/compile.ts";
import { compileSource, sources } from "../support/everything.ts";
import { expectedLines } from "./expected.ts";
import { differences, linesOf, NONE } from "./lines.ts";
import { placedTemplates } from "./placed.ts";
import { type Reachability, reachability } from "./reachability.ts";

/** What may answer the internet, whatever a spec says. */
const DOORS = ["AWS::CloudFront::Distribution", "AWS::ElasticLoadBalancingV2::LoadBalancer"];

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

  test("answers the internet by load balancers and CloudFront alone", () => {
    const outside = found.outsiders.map(({ name }) => name);
    const typeOf = (name: string) => found.nodes.find((node) => node.name === name)?.type;
    const answering = found.flows.filter(({ from }) => outside.includes(from)).map(({ to }) => typeOf(to));
    expect(DOORS).toEqual(expect.arrayContaining(answering));
  });

  test("lets no environment to another", () => {
    const places = result.architecture.placements.map(({ name }) => name);
    const placeOf = (name: string) => places.find((place) => name.startsWith(`${place} `));
    const across = [...found.ways, ...found.flows].filter(({ from, to }) => {
      const [own, other] = [placeOf(from), placeOf(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(across).toEqual([]);
  });
});
