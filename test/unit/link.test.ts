/** How stacks know of each other: by parameter, by dynamic reference, across accounts; and where there is no way. */
import { describe, expect, test } from "vitest";
import { Import, join, type Output } from "../../compiler/cfn/values.ts";
import { compile } from "../../compiler/compile.ts";
import type { Component } from "../../compiler/component.ts";
import { STACK_SETS_FILE } from "../../compiler/output.ts";
import { Stack } from "../../compiler/stack.ts";
import { compileText, diagnosticsOf } from "../support/compile.ts";
import { expectLaw } from "../support/law.ts";

const SPEC = `
version: 1
name: demo
regions: [eu-west-1]
accounts:
  hub: { id: "111111111111", email: hub@demo.example }
  dev: { id: "222222222222", email: dev@demo.example }
  prod: { id: "333333333333", email: prod@demo.example }
environments: { hub: { account: hub }, dev: { account: dev }, prod: { account: prod } }
`;

const output = (stackSet: string, more: Partial<Output> = {}): Output => ({
  stackSet,
  name: "value",
  type: "String",
  description: "A value",
  ...more,
});

/** A component with one stack set that publishes a value and reads others, where `has` says so. */
function component(
  stackSet: string,
  reads: (environment: string) => Import[],
  {
    has = () => true,
    published = output(stackSet),
    after = [],
  }: { has?: (environment: string) => boolean; published?: Output; after?: string[] } = {},
): Component {
  return {
    build({ name, placement }) {
      if (!has(placement.environment)) return [];
      const stack = new Stack(name, stackSet, `The stack set ${stackSet}`, [
        "environments",
        placement.environment,
      ]);
      const topic = stack.add("AWS::SSM::Parameter", "Own", {
        Type: "String",
        Value: join(" ", ["reads", ...reads(placement.environment)]),
      });
      stack.publish(published, topic.ref);
      for (const other of after) stack.after(other);
      return [stack.build()];
    },
  };
}

const compiled = (...components: Component[]) => {
  const result = compileText(SPEC, { components });
  expectLaw(result);
  return result.files;
};

describe("in one account and Region", () => {
  test("what all placements import is an SSM-typed parameter", () => {
    const files = compiled(
      component("b", () => [new Import(output("a"))]),
      component("a", () => []),
    );
    expect(files.get("b.yaml")).toContain(`Parameters:
  AValue:
    Type: AWS::SSM::Parameter::Value<String>
    Description: A value; published by the stack set a
    Default: /demo/a/value
`);
    expect(files.get("b.yaml")).toContain("Value: !Join [' ', [reads, !Ref AValue]]");
  });

  test("what only some import is a dynamic reference, since the others may not have it", () => {
    const isDev = (environment: string) => environment === "dev";
    const files = compiled(
      component("a", () => [], { has: isDev }),
      component("b", (environment) => (isDev(environment) ? [new Import(output("a"))] : [])),
    );
    expect(files.get("b.yaml")).not.toContain("Parameters:");
    expect(files.get("b.yaml")).toContain(
      "Value: !Join [' ', [reads, !If [HasOwnValueImportAValue, '{{resolve:ssm:/demo/a/value}}', !Ref AWS::NoValue]]]",
    );
  });

  test("the producer comes in a wave before the consumer, whatever their order", () => {
    const files = compiled(
      component("c", () => [new Import(output("b"))]),
      component("b", () => [new Import(output("a"))]),
      component("a", () => []),
      component("z", () => []),
    );
    expect(files.get(STACK_SETS_FILE)).toContain("waves:\n  - [a, z]\n  - [b]\n  - [c]\n");
  });

  test("a stack set comes after another it names, though it reads nothing of it, if there is such a one", () => {
    const files = compiled(
      component("a", () => [], { after: ["b", "c"] }),
      component("b", () => []),
    );
    expect(files.get(STACK_SETS_FILE)).toContain("waves:\n  - [b]\n  - [a]\n");
    expect(files.get(STACK_SETS_FILE)).toContain("    template: a.yaml\n    dependsOn: [b]\n");
  });

  test("stack sets that need each other are an error that names the way round", () => {
    const compilation = compile(
      { spec: { file: "spec.yaml", text: SPEC }, ledger: { file: "spec.lock.yaml" } },
      [
        component("a", () => [new Import(output("c"))]),
        component("b", () => [new Import(output("a"))]),
        component("c", () => [new Import(output("b"))]),
      ],
    );
    expect(compilation.result).toBeUndefined();
    expect(diagnosticsOf(compilation)).toContain(
      "error dependency-cycle: these stack sets need each other: a → c → b → a",
    );
  });
});

describe("across accounts", () => {
  const hub = { account: "111111111111", region: "eu-west-1" };
  const shared = output("hub", { shared: true });
  const inHub = (environment: string) => environment === "hub";
  const producer = component("hub", () => [], { has: inHub, published: shared });

  test("the producer shares the parameter with those who read it, and they name it by ARN", () => {
    const files = compiled(
      producer,
      component("spoke", () => [new Import(shared, hub)], { has: (environment) => !inHub(environment) }),
    );
    expect(files.get("hub.yaml")).toContain("      Tier: Advanced\n");
    expect(files.get("hub.yaml")).toContain("      Principals: ['222222222222', '333333333333']\n");
    expect(files.get("hub.yaml")).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
      "ResourceArns: [!Sub 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${ValueParameter}']",
    );
    expect(files.get("spoke.yaml")).toContain(
      "    Default: arn:aws:ssm:eu-west-1:111111111111:parameter/demo/hub/value\n",
    );
  });

  test("what nobody reads is not shared", () => {
    const everywhere = component("hub", () => [], { published: shared });
    expect(compiled(everywhere).get("hub.yaml")).not.toContain("AWS::RAM::ResourceShare");
    const spoke = component("spoke", () => [new Import(shared, hub)], {
      has: (environment) => !inHub(environment),
    });
    const text = compiled(everywhere, spoke).get("hub.yaml");
    expect(text).toContain("    Condition: HasValueShare\n");
    expect(text).toContain("    hub: {HasValueShare: 'true'}\n    dev: {HasValueShare: 'false'}\n");
  });

  test("a stack can go to another account than its placement's", () => {
    const account = { name: "hub", id: hub.account };
    const elsewhere: Component = {
      build({ name, placement }) {
        if (placement.environment !== "dev") return [];
        const stack = new Stack(name, "elsewhere", "A stack of dev in hub", []);
        stack.add("AWS::SSM::Parameter", "Own", { Type: "String", Value: new Import(output("hub")) });
        return [stack.build({ account, region: hub.region })];
      },
    };
    const files = compiled(producer, elsewhere);
    expect(files.get(STACK_SETS_FILE)).toContain(
      "      - {environment: dev, account: hub, id: '111111111111', region: eu-west-1}\n",
    );
    expect(files.get("elsewhere.yaml")).toContain("    Default: /demo/hub/value\n");
  });

  test("a value that only some placements read from another account is an error: there is no way to it", () => {
    const compilation = compile(
      { spec: { file: "spec.yaml", text: SPEC }, ledger: { file: "spec.lock.yaml" } },
      [
        producer,
        component("spoke", (environment) => (environment === "dev" ? [new Import(shared, hub)] : [])),
      ],
    );
    expect(diagnosticsOf(compilation)).toContain(
      "error unreachable-value: `spoke` can't read `hub/value` of account 111111111111 in eu-west-1 in all of its placements",
    );
  });
});
