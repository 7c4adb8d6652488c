/** The cluster's settings. */
import { type Architecture, type Placement, settingsIn } from "../../architecture.ts";
import { isJsonObject } from "../../schema.ts";

export const clusterPath = ["cluster"] as const;

/** What tasks run on that do not say. */
export function capacityIn({ spec }: Architecture, { environment }: Placement): "ec2" | "fargate" {
  const settings = settingsIn(spec, clusterPath, environment);
  return isJsonObject(settings) && settings.capacity === "ec2" ? "ec2" : "fargate";
}
