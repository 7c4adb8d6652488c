/** What the cluster declares for others. */
import type { Output } from "../../cfn/values.ts";

export const CLUSTER = "cluster";

export const clusterOutputs = {
  clusterName: {
    stackSet: CLUSTER,
    name: "cluster-name",
    type: "String",
    description: "Name of the ECS cluster",
  },
  clusterArn: {
    stackSet: CLUSTER,
    name: "cluster-arn",
    type: "String",
    description: "ARN of the ECS cluster",
  },
  capacityProvider: {
    stackSet: CLUSTER,
    name: "capacity-provider",
    type: "String",
    description: "Name of the capacity provider for tasks on EC2",
  },
} as const satisfies Record<string, Output>;
