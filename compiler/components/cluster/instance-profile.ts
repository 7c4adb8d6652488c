/** What the cluster's own instances may do: join it, and be kept by Systems Manager. Tasks have roles of their own. */
import { accountId, type PlainObject, partition, region, sub } from "../../cfn/values.ts";
import type { Handle, ResourceOptions, Stack } from "../../stack.ts";
import { systemsManager } from "../instances/systems-manager.ts";
import type { Cluster } from "./index.ts";

export function addInstanceProfile(
  stack: Stack,
  cluster: Cluster,
  options: ResourceOptions,
): Handle<"AWS::IAM::InstanceProfile"> {
  const role = stack.add(
    "AWS::IAM::Role",
    "InstanceRole",
    {
      Description: "Lets instances join the cluster and be kept by Systems Manager",
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          // EC2 names no account when it takes a role, and gives one only to instances of the role's own account.
          { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
      Policies: [policy("join-cluster", joinCluster(cluster)), policy("systems-manager", systemsManager())],
    },
    options,
  );
  return stack.add("AWS::IAM::InstanceProfile", "InstanceProfile", { Roles: [role.ref] }, options);
}

const policy = (PolicyName: string, Statement: readonly PlainObject[]) => ({
  PolicyName,
  PolicyDocument: { Version: "2012-10-17", Statement },
});

/**
 * What of AmazonEC2ContainerServiceforEC2Role the agent needs: the cluster is there already, and images are fetched and
 * logs written by the roles of tasks.
 *
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
const joinCluster = (cluster: Cluster): PlainObject[] => [
  {
    Sid: "Join",
    Effect: "Allow",
    Action: [
      "ecs:DeregisterContainerInstance",
      "ecs:RegisterContainerInstance",
      "ecs:SubmitAttachmentStateChanges",
      "ecs:SubmitContainerStateChange",
      "ecs:SubmitTaskStateChange",
    ],
    Resource: cluster.att("Arn"),
  },
  {
    Sid: "TakeOrders",
    Effect: "Allow",
    Action: ["ecs:Poll", "ecs:StartTelemetrySession"],
    Resource: sub`arn:${partition}:ecs:${region}:${accountId}:container-instance/*`,
    Condition: { ArnEquals: { "ecs:cluster": cluster.att("Arn") } },
  },
  // This action knows no resource.
  { Sid: "FindEcs", Effect: "Allow", Action: "ecs:DiscoverPollEndpoint", Resource: "*" },
];
