/** Nothing passes between the internet and a VPC, but for the VPCs of environments: their networks say so. */
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { NETWORK } from "../network/outputs.ts";
import { type BaselineSettings, baselinePath } from "./settings.ts";

/** https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html */
export const vpcBlock: Component<BaselineSettings, undefined> = {
  path: baselinePath,
  scope: "watched",
  build({ name, architecture, placement, settings }) {
    const isUsed = architecture.placements.includes(placement);
    if (settings["vpc-block"] === "nowhere" || (settings["vpc-block"] === "unused" && isUsed)) return [];
    const from = [...baselinePath, "vpc-block"];
    const stack = new Stack(name, "vpc-block", "No way between the internet and a VPC", from);
    // Whose VPC is excluded is not cut off for a moment.
    stack.after(NETWORK);
    stack.add("AWS::EC2::VPCBlockPublicAccessOptions", "Block", {
      InternetGatewayBlockMode: "block-bidirectional",
    });
    return [stack.build()];
  },
};
