/** Which services' own roles an account must have before its first stack: those of what is built there, and no more. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { STACK_SETS_FILE } from "../../compiler/output/files.ts";
import { needsOfFamily } from "../../compiler/output/service-linked-roles.ts";
import { part, Stack } from "../../compiler/stack.ts";
import { compileText } from "../support/compile.ts";

const BASE = `version: 1
name: demo
regions: [eu-west-1, eu-central-1]
accounts:
  dev: { id: "111111111111", email: dev@demo.example }
  prod: { id: "222222222222", email: prod@demo.example }
  tools: { id: "333333333333", email: tools@demo.example }
  old: { id: "444444444444", email: old@demo.example, status: closed }
environments:
  dev: { account: dev }
  prod: { account: prod, regions: [eu-west-1, eu-central-1] }
  tools: { account: tools }
  old: { account: old }
`;

/** By account, as `stacksets.yaml` says it. */
function rolesIn(spec: string, directory?: string): Record<string, readonly string[]> {
  const { files } = compileText(BASE + spec, directory === undefined ? {} : { directory });
  const { accounts } = parse(files.get(STACK_SETS_FILE) as string) as {
    accounts: Record<string, { serviceLinkedRoles?: readonly string[] }>;
  };
  return Object.fromEntries(
    Object.entries(accounts).flatMap(([name, { serviceLinkedRoles }]) =>
      serviceLinkedRoles ? [[name, serviceLinkedRoles]] : [],
    ),
  );
}

test("a cluster wants that of ECS, a database that of RDS, each where it is and once an account", () => {
  expect(
    rolesIn(`cluster: { environments: [dev, prod, old] }
stores:
  main: { engine: postgres, version: "16", class: db.t4g.medium, storage: 50, environments: [prod] }
  uploads: { engine: s3 }
`),
  ).toEqual({ dev: ["ecs.amazonaws.com"], prod: ["ecs.amazonaws.com", "rds.amazonaws.com"] });
});

test("what makes no such thing wants none", () => {
  expect(rolesIn("network: { supernet: 10.0.0.0/8 }\n")).toEqual({});
});

test("so does a template of one's own", () => {
  const directory = mkdtempSync(join(tmpdir(), "landform-"));
  try {
    mkdirSync(join(directory, "templates"));
    writeFileSync(
      join(directory, "templates/batch.yaml"),
      "Resources: { Batch: { Type: AWS::ECS::Cluster, Properties: { ClusterName: batch } } }\n",
    );
    const spec = "templates: { batch: { file: templates/batch.yaml, environments: [tools] } }\n";
    expect(rolesIn(spec, directory)).toEqual({ tools: ["ecs.amazonaws.com"] });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("what is built only to fill a row of a mapping is not there", () => {
  const stackIn = (present: boolean) => {
    const stack = new Stack("demo", "things", "Things", []);
    stack.add("AWS::ECS::Cluster", "Cluster", {}, { part: part("Cluster", present) });
    return stack.build();
  };
  const placementIn = (id: string) => ({
    name: id,
    environment: id,
    account: { name: id, id },
    region: "eu-west-1",
  });
  expect(
    needsOfFamily({
      stackSet: "things",
      position: 0,
      placements: ["111111111111", "222222222222"].map(placementIn),
      stacks: [stackIn(false), stackIn(true)],
    }),
  ).toEqual([{ account: "222222222222", service: "ecs.amazonaws.com" }]);
});
