/** What the stack set of the cluster declares for others. */
import type { Output } from "../../cfn/values.ts";

export const CLUSTER = "cluster";

export const clusterOutputs = {
  name: { stackSet: CLUSTER, name: "cluster-name", type: "String", description: "The ECS cluster" },
  arn: { stackSet: CLUSTER, name: "cluster-arn", type: "String", description: "ARN of the ECS cluster" },
  commandLogGroupArn: {
    stackSet: CLUSTER,
    name: "command-log-group-arn",
    type: "String",
    description:
      "ARN of the log group that takes the sessions of ECS Exec, to which the role of each task must write",
  },
  /** Only where the cluster has instances of its own, as are the rest. */
  capacityProvider: {
    stackSet: CLUSTER,
    name: "capacity-provider",
    type: "String",
    description: "The capacity provider of the cluster's own instances",
  },
  autoScalingGroup: {
    stackSet: CLUSTER,
    name: "auto-scaling-group",
    type: "String",
    description: "The Auto Scaling group of the cluster's own instances",
  },
} as const satisfies Record<string, Output>;
