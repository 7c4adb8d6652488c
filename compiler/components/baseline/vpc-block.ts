/** Nothing passes between the internet and a VPC, but for the VPCs of environments. */
import { Import } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { networkOutputs } from "../network/index.ts";
import { zonesOf } from "../network/settings.ts";
import { VPC_BLOCK, VPC_EXCLUSION } from "./outputs.ts";
import { type BaselineSettings, baselinePath } from "./settings.ts";

const FROM = [...baselinePath, "vpc-block"];

/** https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html */
export const vpcBlock: Component<BaselineSettings, undefined> = {
  path: baselinePath,
  scope: "watched",
  build({ name, architecture, placement, settings }) {
    const isUsed = architecture.placements.includes(placement);
    if (settings["vpc-block"] === "nowhere" || (settings["vpc-block"] === "unused" && isUsed)) return [];
    const hasNetwork = isUsed && zonesOf(architecture, placement) > 0;
    return [...(hasNetwork ? [buildExclusion(name)] : []), buildBlock(name)];
  },
};

function buildExclusion(name: string): ConcreteStack {
  const stack = new Stack(name, VPC_EXCLUSION, "What lets a VPC reach the internet all the same", FROM);
  stack.add("AWS::EC2::VPCBlockPublicAccessExclusion", "Exclusion", {
    VpcId: new Import(networkOutputs.vpcId),
    InternetGatewayExclusionMode: "allow-bidirectional",
    Tags: [{ Key: "Name", Value: name }],
  });
  return stack.build();
}

function buildBlock(name: string): ConcreteStack {
  const stack = new Stack(name, VPC_BLOCK, "No way between the internet and a VPC", FROM);
  stack.after(VPC_EXCLUSION);
  stack.add("AWS::EC2::VPCBlockPublicAccessOptions", "Block", {
    InternetGatewayBlockMode: "block-bidirectional",
  });
  return stack.build();
}
