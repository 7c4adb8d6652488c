/** Which instances of ours a placement has, by how they come to security updates. */
import type { Architecture, Placement } from "../../architecture.ts";
import { clusterIn } from "../cluster/settings.ts";
import { reachOf } from "../connectivity/settings.ts";

/** Replaced by instances of a newer image, which has them; or patched in place, in the maintenance window. */
export type Upkeep = "replaced" | "patched";

export const UPKEEPS: readonly Upkeep[] = ["replaced", "patched"];

export function hasInstances(architecture: Architecture, placement: Placement): boolean {
  const hasVpn = reachOf(architecture)?.from === placement;
  return hasVpn || clusterIn(architecture, placement)?.capacity === "ec2";
}

/** What an instance's tag says of how it comes to security updates. */
export const patchGroup = (name: string, upkeep: Upkeep): string => `${name}-${upkeep}`;

/**
 * The tag that every instance of ours has. This is the key that also goes with tags in instance metadata:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-patch-groups.html
 */
export const upkeepTag = (name: string, upkeep: Upkeep): { Key: string; Value: string } => ({
  Key: "PatchGroup",
  Value: patchGroup(name, upkeep),
});
