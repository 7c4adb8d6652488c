/** Patching: how instances come to security updates, and how it is known which they lack. */
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import type { ScheduleSettings } from "../workload/schedule.ts";
import { checkPatching } from "./check.ts";
import { hasInstances, patchGroup, UPKEEPS, type Upkeep } from "./upkeep.ts";

const patchingPath = ["security", "patching"] as const;

interface PatchingSettings {
  readonly window: ScheduleSettings;
}

export const patching: Component<PatchingSettings, undefined> = {
  path: patchingPath,
  check: checkPatching,
  build({ name, architecture, placement, settings }) {
    if (!hasInstances(architecture, placement)) return [];
    const stack = new Stack(name, "patching", "Security updates of instances", patchingPath);
    addBaselines(stack, name);
    addAssociations(stack, name);
    addWindow(stack, name, settings);
    return [stack.build()];
  },
};

/** Everything that is for security, as soon as it is out. */
function addBaselines(stack: Stack, name: string): void {
  const add = (logicalId: string, title: string, OperatingSystem: string, Key: string, Values: string[]) =>
    stack.add("AWS::SSM::PatchBaseline", logicalId, {
      Name: `${name}-${title}`,
      Description: "Every security update as soon as it is out",
      OperatingSystem,
      ApprovalRules: {
        PatchRules: [
          {
            PatchFilterGroup: { PatchFilters: [{ Key, Values }] },
            ApproveAfterDays: 0,
            ComplianceLevel: "CRITICAL",
          },
        ],
      },
      PatchGroups: UPKEEPS.map((upkeep) => patchGroup(name, upkeep)),
    });
  add("AmazonLinux", "amazon-linux", "AMAZON_LINUX_2023", "CLASSIFICATION", ["Security"]);
  // Ubuntu's updates are told apart by where they come from, which the default is: from its archive for security.
  add("Ubuntu", "ubuntu", "UBUNTU", "PRIORITY", ["Required", "Important", "Standard", "Optional", "Extra"]);
}

const tagged = (name: string, ...upkeeps: readonly Upkeep[]) => [
  { Key: "tag:PatchGroup", Values: upkeeps.map((upkeep) => patchGroup(name, upkeep)) },
];

/** What runs on every instance again and again, and changes nothing on it but the agent. */
function addAssociations(stack: Stack, name: string): void {
  const add = (logicalId: string, title: string, Name: string, schedule: string, more: object = {}) =>
    stack.add("AWS::SSM::Association", logicalId, {
      AssociationName: title,
      Name,
      Targets: tagged(name, ...UPKEEPS),
      ScheduleExpression: schedule,
      ...more,
    });
  add("Scan", "look-for-updates", "AWS-RunPatchBaseline", "rate(1 day)", {
    Parameters: { Operation: ["Scan"] },
    ComplianceSeverity: "HIGH",
  });
  add("Inventory", "gather-inventory", "AWS-GatherSoftwareInventory", "rate(1 day)");
  add("Agent", "update-agent", "AWS-UpdateSSMAgent", "rate(7 days)");
}

/** One instance after the other; without a role of its own Systems Manager acts in the one that AWS has for it. */
function addWindow(stack: Stack, name: string, { window }: PatchingSettings): void {
  const own = stack.add("AWS::SSM::MaintenanceWindow", "Window", {
    Name: `${name}-security-updates`,
    Description: "When security updates are installed",
    Schedule: window.expression,
    ScheduleTimezone: window["time-zone"],
    Duration: 2,
    Cutoff: 1,
    AllowUnassociatedTargets: false,
  });
  const target = stack.add("AWS::SSM::MaintenanceWindowTarget", "WindowTarget", {
    WindowId: own.ref,
    Name: "patched-instances",
    ResourceType: "INSTANCE",
    Targets: tagged(name, "patched"),
  });
  stack.add("AWS::SSM::MaintenanceWindowTask", "WindowTask", {
    WindowId: own.ref,
    Name: "install-security-updates",
    TaskType: "RUN_COMMAND",
    TaskArn: "AWS-RunPatchBaseline",
    Priority: 1,
    MaxConcurrency: "1",
    MaxErrors: "0",
    Targets: [{ Key: "WindowTargetIds", Values: [target.ref] }],
    TaskInvocationParameters: {
      MaintenanceWindowRunCommandParameters: {
        Parameters: { Operation: ["Install"], RebootOption: ["RebootIfNeeded"] },
      },
    },
  });
}
