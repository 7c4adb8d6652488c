/** How stacks know of each other: by parameter, by dynamic reference, across accounts; and where there is no way. */
import { describe, expect, test } from "vitest";
import {
  Import,
  join,
  type Output,
  PublicParameter,
  type Published,
  type Value,
} from "../../compiler/cfn/values.ts";
import { compile } from "../../compiler/compile.ts";
import type { Component } from "../../compiler/component.ts";
import { Invariant } from "../../compiler/invariant.ts";
import { STACK_SETS_FILE } from "../../compiler/output/files.ts";
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
  reads: (environment: string, stack: Stack) => Value[],
  {
    has = () => true,
    published = output(stackSet),
    after = [],
    expects = [],
  }: {
    has?: (environment: string) => boolean;
    published?: Output;
    after?: string[];
    expects?: Output[];
  } = {},
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
        Value: join(" ", ["reads", ...reads(placement.environment, stack)]),
      });
      stack.publish(published, topic.ref);
      for (const other of after) stack.after(other);
      for (const other of expects) stack.expects(other);
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

  test("what only some import is a parameter where the others expect it too, even a list", () => {
    const isDev = (environment: string) => environment === "dev";
    const list = output("a", { type: "List<AWS::EC2::Subnet::Id>" });
    const reads = (environment: string) =>
      isDev(environment) ? [join(",", new Import(list))] : ([] as Value[]);
    const files = compiled(
      component("a", () => [], { published: list }),
      component("b", reads, { expects: [list] }),
    );
    expect(files.get("b.yaml")).toContain(
      "    Type: AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>\n",
    );
    expect(files.get("b.yaml")).toContain("!Join [',', !Ref AValue]");
  });

  test("a list that only some import, and not all could read, is an error: there is no other way to it", () => {
    const isDev = (environment: string) => environment === "dev";
    const list = output("a", { type: "List<AWS::EC2::Subnet::Id>" });
    const reads = (environment: string) =>
      isDev(environment) ? [join(",", new Import(list))] : ([] as Value[]);
    const compilation = compile(
      { spec: { file: "spec.yaml", text: SPEC }, ledger: { file: "spec.lock.yaml" } },
      [component("a", () => [], { published: list, has: isDev }), component("b", reads)],
    );
    expect(diagnosticsOf(compilation)).toContain(
      "error unreachable-value: `b` can't read `a/value`, a list, in all of its placements",
    );
  });

  test("what is expected and read nowhere is no parameter", () => {
    const files = compiled(
      component("a", () => []),
      component("b", () => [], { expects: [output("a")] }),
    );
    expect(files.get("b.yaml")).not.toContain("Parameters:");
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

describe("what AWS publishes", () => {
  const image = (logicalId: string, name: string): Published => ({
    logicalId,
    name: `/aws/service/images/${name}`,
    type: "AWS::EC2::Image::Id",
    description: "The newest image",
  });
  const arm = new PublicParameter(image("ArmImage", "arm64"));
  const intel = new PublicParameter(image("IntelImage", "x86_64"));

  test("is an SSM-typed parameter", () => {
    const files = compiled(component("a", () => [arm]));
    expect(files.get("a.yaml")).toContain(`Parameters:
  ArmImage:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Description: The newest image; published by AWS
    Default: /aws/service/images/arm64
`);
    expect(files.get("a.yaml")).toContain("Value: !Join [' ', [reads, !Ref ArmImage]]");
  });

  test("is one too where only some placements read it, since it is there in every account", () => {
    const files = compiled(component("a", (environment) => (environment === "dev" ? [intel] : [arm])));
    expect(files.get("a.yaml")?.match(/Default: .*/g)).toEqual([
      "Default: /aws/service/images/arm64",
      "Default: /aws/service/images/x86_64",
    ]);
    expect(files.get("a.yaml")).toContain(
      "- !If [HasOwnValuePublicParameterAwsServiceImagesX8664, !Ref IntelImage, !Ref AWS::NoValue]",
    );
  });

  test("two of one name are our mistake", () => {
    const other = new PublicParameter(image("ArmImage", "other"));
    expect(() => compiled(component("a", () => [arm, other]))).toThrow(
      expect.objectContaining({
        cause: new Invariant("a reads two parameters of AWS under the name ArmImage"),
      }),
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
      component("spoke", (_, stack) => [stack.importFrom(hub, shared)], {
        has: (environment) => !inHub(environment),
      }),
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
    const spoke = component("spoke", (_, stack) => [stack.importFrom(hub, shared)], {
      has: (environment) => !inHub(environment),
    });
    const text = compiled(everywhere, spoke).get("hub.yaml");
    expect(text).toContain("    Condition: HasValueShare\n");
    expect(text).toContain("    hub: {HasValueShare: 'true'}\n    dev: {HasValueShare: 'false'}\n");
  });

  test("to read it without a word to who publishes it is our mistake", () => {
    expect(() =>
      compiled(
        producer,
        component("spoke", () => [new Import(shared, hub)]),
      ),
    ).toThrow(
      expect.objectContaining({
        cause: new Invariant("spoke reads /demo/hub/value of another account, which does not know of it"),
      }),
    );
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
        component("spoke", (environment, stack) =>
          environment === "dev" ? [stack.importFrom(hub, shared)] : [],
        ),
      ],
    );
    expect(diagnosticsOf(compilation)).toContain(
      "error unreachable-value: `spoke` can't read `hub/value` of account 111111111111 in eu-west-1 in all of its placements",
    );
  });
});
