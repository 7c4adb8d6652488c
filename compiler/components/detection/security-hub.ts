/** Security Hub: AWS's foundational standard, held against what each account and Region has. */
import { partition, region, sub } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import type { DetectionContext } from "./index.ts";
import { SECURITY_HUB } from "./outputs.ts";

export function buildSecurityHub({ name, path }: DetectionContext): ConcreteStack {
  const stack = new Stack(name, SECURITY_HUB, "Security Hub with the foundational standard", path);
  const hub = stack.add("AWS::SecurityHub::Hub", "Hub", {
    AutoEnableControls: true,
    ControlFindingGenerator: "SECURITY_CONTROL",
    EnableDefaultStandards: false,
  });
  stack.add(
    "AWS::SecurityHub::Standard",
    "FoundationalStandard",
    {
      StandardsArn: sub`arn:${partition}:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
    },
    { dependsOn: [hub] },
  );
  return stack.build();
}
