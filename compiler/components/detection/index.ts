/** Detection: GuardDuty in every account and Region, what it finds in one account, and what is found that people are told. */
import { activeAccounts, securityAccountOf } from "../../architecture.ts";
import type { Component, Context } from "../../component.ts";
import type { ConcreteStack } from "../../stack.ts";
import { hasAlerts } from "../alerts/settings.ts";
import { checkWatched } from "../baseline/check.ts";
import { hasAnalyzer } from "../baseline/settings.ts";
import { buildAccessFindings } from "./access-findings.ts";
import { buildDetector, buildMembers, buildMembership } from "./detector.ts";
import { buildFindings } from "./findings.ts";
import { buildSecurityHub } from "./security-hub.ts";
import { type DetectionSettings, detectionPath } from "./settings.ts";
import { buildTrailAlarms } from "./trail-alarms.ts";

export type DetectionContext = Context<DetectionSettings, undefined>;

export const detection: Component<DetectionSettings, undefined> = {
  path: detectionPath,
  scope: "watched",
  check: checkWatched(detectionPath),
  build(context) {
    const { architecture, placement, settings } = context;
    const isSecurity = placement.account.id === securityAccountOf(architecture.spec)?.id;
    const isAlone = activeAccounts(architecture.spec).length === 1;
    const stacks: ConcreteStack[] = [];
    if (settings.guardduty) {
      stacks.push(buildDetector(context));
      if (!isAlone) stacks.push(isSecurity ? buildMembers(context) : buildMembership(context));
    }
    if (settings["security-hub"]) stacks.push(buildSecurityHub(context));
    // What GuardDuty finds arrives in the security account, what Security Hub finds stays where it was found.
    const finds = (settings.guardduty && isSecurity) || settings["security-hub"];
    if (hasAlerts(architecture, placement)) {
      if (finds) stacks.push(buildFindings(context, isSecurity));
      if (hasAnalyzer(architecture)) stacks.push(buildAccessFindings(context));
      // There the trail of all Regions is counted.
      if (placement.region === architecture.home) stacks.push(buildTrailAlarms(context));
    }
    return stacks;
  },
};
