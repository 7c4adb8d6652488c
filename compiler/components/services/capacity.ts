/** What the tasks of a service run on. */
import type { Architecture, Placement } from "../../architecture.ts";
import { Import } from "../../cfn/values.ts";
import { clusterOutputs } from "../cluster/outputs.ts";
import { capacityIn } from "../cluster/settings.ts";
import type { Capacity, ServiceSettings } from "./settings.ts";

/** As the service says, or as the cluster does. */
export const capacityOf = (
  architecture: Architecture,
  placement: Placement,
  { capacity }: Pick<ServiceSettings, "capacity">,
): Capacity => capacity ?? capacityIn(architecture, placement);

/** The one capacity provider all its tasks are started by. */
export function strategyOf(capacity: Capacity) {
  const provider = {
    ec2: new Import(clusterOutputs.capacityProvider),
    fargate: "FARGATE",
    "fargate-spot": "FARGATE_SPOT",
  }[capacity];
  return [{ CapacityProvider: provider, Weight: 1 }];
}
