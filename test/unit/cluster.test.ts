/** What a cluster differs in by environment, beyond what its goldens show at a glance. */
import { describe, expect, test } from "vitest";
import type { Template } from "../../compiler/cfn/template.ts";
import { specialise } from "../../compiler/specialise/specialise.ts";
import { compileText, type Result } from "../support/compile.ts";
import { goldenSpec } from "../support/golden-spec.ts";
import { expectLaw } from "../support/law.ts";

const ACCOUNTS = { dev: "111111111111", prod: "222222222222" };

const compiled = (name: string): Result => compileText(goldenSpec(`test/golden/cluster/${name}.yaml`));

/** What an environment gets of the cluster's template, as CloudFormation reads it. */
function received({ assembly }: Result, environment: keyof typeof ACCOUNTS): Template["Resources"] {
  const { template } = assembly.stackSets.find(({ name }) => name === "cluster") ?? {};
  const own = specialise(template as Template, { account: ACCOUNTS[environment], region: "eu-west-1" });
  return JSON.parse(JSON.stringify(own.Resources));
}

test.each(["by-environment", "fargate", "instances", "mixed"])("%s: the law of merge holds", (name) => {
  expectLaw(compiled(name));
});

describe("where one environment's instances are Arm and another's x86", () => {
  const image = (environment: keyof typeof ACCOUNTS) =>
    received(compiled("by-environment"), environment).LaunchTemplate?.Properties.LaunchTemplateData;

  test("each gets the image for its processor", () => {
    expect(image("dev")).toMatchObject({ ImageId: { Ref: "ArmImage" }, InstanceType: "m7g.large" });
    expect(image("prod")).toMatchObject({ ImageId: { Ref: "X86Image" }, InstanceType: "m7i-flex.xlarge" });
  });
});

describe("where only one environment has instances", () => {
  const result = compiled("mixed");

  test("the other has nothing of them", () => {
    const types = Object.values(received(result, "dev")).map(({ Type }) => Type);
    expect(types).toContain("AWS::ECS::Cluster");
    expect(types.filter((type) => /EC2|IAM|AutoScaling|CapacityProvider$/.test(type))).toEqual([]);
  });

  test("tasks run there by default, and on Fargate in the other", () => {
    const strategy = (environment: keyof typeof ACCOUNTS) =>
      received(result, environment).CapacityProviders?.Properties.DefaultCapacityProviderStrategy;
    expect(strategy("dev")).toEqual([{ CapacityProvider: "FARGATE", Weight: 1 }]);
    expect(strategy("prod")).toEqual([{ CapacityProvider: { Ref: "CapacityProvider" }, Weight: 1 }]);
  });
});
