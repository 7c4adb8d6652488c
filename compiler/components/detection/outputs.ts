/** What the stack sets of detection read of each other. */
import type { Output } from "../../cfn/values.ts";

/** GuardDuty's detector, in each account and Region. */
export const DETECTOR = "detector";
/** In the security account: which accounts tell it what they find. */
export const MEMBERS = "detector-members";
/** In each other account: whom it tells. */
export const MEMBERSHIP = "detector-membership";
/** Where findings go to people. */
export const FINDINGS = "findings";
/** Where people are told of what can be reached from outside. */
export const ACCESS_FINDINGS = "access-findings";
/** What is done in an account that people are told of. */
export const TRAIL_ALARMS = "trail-alarms";
export const SECURITY_HUB = "security-hub";

export const detectionOutputs = {
  detectorId: {
    stackSet: DETECTOR,
    name: "detector-id",
    type: "String",
    description: "Id of GuardDuty's detector",
  },
} as const satisfies Record<string, Output>;
