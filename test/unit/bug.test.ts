/** What happens when a component breaks its promise: our bug, with what was being done. */
import { expect, test } from "vitest";
import { build } from "../../compiler/build.ts";
import type { Component } from "../../compiler/component.ts";
import { entriesOf } from "../../compiler/entries.ts";
import { Invariant } from "../../compiler/invariant.ts";
import { Stack } from "../../compiler/stack.ts";

test("an unexpected throw names what was being built, and where", () => {
  const twice: Component = {
    path: ["network"],
    build({ name }) {
      const stack = new Stack(name, "twice", "Two resources of one name", ["network"]);
      stack.add("AWS::EC2::InternetGateway", "Gateway", {});
      stack.add("AWS::EC2::InternetGateway", "Gateway", {});
      return [stack.build()];
    },
  };
  const placement = {
    name: "dev",
    environment: "dev",
    account: { name: "dev", id: "111111111111" },
    region: "eu-west-1",
  };
  const spec = { version: 1, name: "demo", regions: ["eu-west-1"], accounts: {}, environments: {} } as const;
  const administration = placement.account;
  const placements = [placement];
  const architecture = {
    name: "demo",
    home: "eu-west-1",
    administration,
    spec,
    placements,
    everywhere: placements,
    demands: [],
    packed: new Map(),
  };
  const entries = entriesOf(architecture, [twice]);
  const broken = () => [...build(architecture, entries, {}, { public: {}, internal: {} })];
  expect(broken).toThrow("while building network in dev");
  expect(broken).toThrow(
    expect.objectContaining({ cause: new Invariant("twice has two resources Gateway") }),
  );
});
