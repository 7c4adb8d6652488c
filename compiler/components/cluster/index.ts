/** Cluster: the ECS cluster of a placement, on Fargate or on instances of its own. */
import { Import } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { type Handle, Stack } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { networkOutputs } from "../network/index.ts";
import { checkCluster } from "./check.ts";
import { addInstances } from "./instances.ts";
import { CLUSTER, clusterOutputs } from "./outputs.ts";
import { type ClusterSettings, clusterIn, clusterPath, type InstanceSettings } from "./settings.ts";

export type Cluster = Handle<"AWS::ECS::Cluster">;

/** The capacity providers of AWS's own. */
const FARGATE = ["FARGATE", "FARGATE_SPOT"];

export const cluster: Component<ClusterSettings, undefined> = {
  path: clusterPath,
  check: checkCluster,
  build({ name, architecture, placement }) {
    const settings = clusterIn(architecture, placement);
    if (!settings) return [];
    const stack = new Stack(name, CLUSTER, "The ECS cluster, and instances for it", clusterPath);
    // Also where only other placements have instances in it: a list can't be had by some of them alone.
    stack.expects(networkOutputs.vpcId);
    stack.expects(networkOutputs.privateSubnetIds);
    const own = addCluster(stack, name, settings);
    const provider =
      settings.capacity === "ec2"
        ? // What they need is there: `check` has seen to it.
          addInstances(stack, name, own, settings.instances as InstanceSettings)
        : undefined;
    // Either Fargate or instances: a strategy can't have both.
    stack.add("AWS::ECS::ClusterCapacityProviderAssociations", "CapacityProviders", {
      Cluster: own.ref,
      CapacityProviders: [...FARGATE, ...(provider ? [provider.ref] : [])],
      DefaultCapacityProviderStrategy: [{ CapacityProvider: provider?.ref ?? "FARGATE", Weight: 1 }],
    });
    stack.publish(clusterOutputs.name, own.ref);
    stack.publish(clusterOutputs.arn, own.att("Arn"));
    return [stack.build()];
  },
};

/** With what is typed into its containers, by ECS Exec, in an encrypted log. */
function addCluster(stack: Stack, name: string, settings: ClusterSettings): Cluster {
  const key = new Import(keysOutputs.logsKeyArn);
  const from = [...clusterPath, "log-retention-days"];
  const addLogGroup = (logicalId: string, LogGroupName: string) =>
    stack.add(
      "AWS::Logs::LogGroup",
      logicalId,
      { LogGroupName, RetentionInDays: settings["log-retention-days"], KmsKeyId: key },
      { retain: true, from },
    );
  const commands = addLogGroup("CommandLogGroup", `/${name}/cluster/commands`);
  // Container Insights would make this group itself, unencrypted:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-ECS.html
  const insights = addLogGroup("InsightsLogGroup", `/aws/ecs/containerinsights/${name}/performance`);
  stack.publish(clusterOutputs.commandLogGroupArn, commands.att("Arn"), { from });
  return stack.add(
    "AWS::ECS::Cluster",
    "Cluster",
    {
      ClusterName: name,
      ClusterSettings: [{ Name: "containerInsights", Value: settings.insights }],
      Configuration: {
        ExecuteCommandConfiguration: {
          KmsKeyId: key,
          Logging: "OVERRIDE",
          LogConfiguration: { CloudWatchLogGroupName: commands.ref, CloudWatchEncryptionEnabled: true },
        },
      },
      Tags: [{ Key: "Name", Value: name }],
    },
    { dependsOn: [insights] },
  );
}
