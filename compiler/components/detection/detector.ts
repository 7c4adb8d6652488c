/** GuardDuty: a detector in each account and Region, which tells the security account's what it finds. */
import { activeAccounts, securityAccountOf } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import { Invariant } from "../../invariant.ts";
import { pascalCase } from "../../names.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { baselineOutputs } from "../baseline/outputs.ts";
import type { DetectionContext } from "./index.ts";
import { DETECTOR, detectionOutputs, MEMBERS, MEMBERSHIP } from "./outputs.ts";
import { type DetectionSettings, FEATURES } from "./settings.ts";

/** What watches a running instance or task is put there by GuardDuty. */
const AGENTS = ["EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT"];

export function buildDetector({ name, path, settings }: DetectionContext): ConcreteStack {
  const stack = new Stack(name, DETECTOR, "GuardDuty in an account and Region", path);
  if (settings.features.includes("malware")) addScanLog(stack);
  const detector = stack.add("AWS::GuardDuty::Detector", "Detector", {
    Enable: true,
    FindingPublishingFrequency: "FIFTEEN_MINUTES",
    Features: featuresOf(settings),
  });
  stack.publish(detectionOutputs.detectorId, detector.ref);
  return stack.build();
}

/**
 * GuardDuty writes here what it scanned, and would else make the group, without a key of ours:
 * https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection-auditing-scan-logs.html
 */
function addScanLog(stack: Stack): void {
  stack.add(
    "AWS::Logs::LogGroup",
    "MalwareScans",
    {
      LogGroupName: "/aws/guardduty/malware-scan-events",
      RetentionInDays: 90,
      KmsKeyId: new Import(baselineOutputs.keyArn),
    },
    { retain: true },
  );
}

/** Each by name, on or off: GuardDuty turns on by itself what is not named. */
function featuresOf({ features }: DetectionSettings) {
  return (["s3", "rds", "lambda", "malware", "runtime"] as const).map((feature) => {
    const status = features.includes(feature) ? "ENABLED" : "DISABLED";
    return {
      Name: FEATURES[feature],
      Status: status,
      ...(feature === "runtime" && {
        AdditionalConfiguration: AGENTS.map((agent) => ({ Name: agent, Status: status })),
      }),
    };
  });
}

/** The accounts that the security account invites, each once its own detector is there. */
export function buildMembers({ name, path, architecture: { spec } }: DetectionContext): ConcreteStack {
  const stack = new Stack(name, MEMBERS, "The accounts whose findings come together here", path);
  const security = securityAccountOf(spec);
  for (const account of activeAccounts(spec)) {
    if (account.id === security?.id) continue;
    stack.add(
      "AWS::GuardDuty::Member",
      pascalCase(account.name),
      {
        DetectorId: new Import(detectionOutputs.detectorId),
        MemberId: account.id,
        Email: spec.accounts[account.name]?.email ?? "",
        // The account accepts by its own stack, so nobody has to read a message.
        DisableEmailNotification: true,
        Status: "Invited",
      },
      { from: ["accounts", account.name] },
    );
  }
  return stack.build();
}

/** The other half: an account accepts the invitation of the security account. */
export function buildMembership({ name, path, architecture: { spec } }: DetectionContext): ConcreteStack {
  const security = securityAccountOf(spec);
  if (!security) throw new Invariant("an account is watched without one that watches");
  const stack = new Stack(name, MEMBERSHIP, "Whom an account tells what GuardDuty finds", path);
  stack.after(MEMBERS);
  stack.add("AWS::GuardDuty::Master", "Administrator", {
    DetectorId: new Import(detectionOutputs.detectorId),
    MasterId: security.id,
  });
  return stack.build();
}
