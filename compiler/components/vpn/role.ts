/** What the VPN's server may do: keep its keys, fill in profiles, take its address, and say how it is. */
import { accountId, type PlainObject, partition, Reference, region, sub } from "../../cfn/values.ts";
import type { Handle, Stack } from "../../stack.ts";
import { parameterName } from "../../stack.ts";
import { systemsManager } from "../instances/systems-manager.ts";
import { policyOf, writeLogs } from "../workload/statements.ts";
import { vpnOutputs } from "./outputs.ts";
import { fillIn } from "./profiles.ts";
import { groupName, metricNamespace, TAGS } from "./settings.ts";
import { type Store, useStore } from "./store.ts";

/** What is there for the server. */
export interface Surroundings {
  readonly store: Store;
  readonly profilesKey: Handle<"AWS::KMS::Key">;
  readonly address: Handle<"AWS::EC2::EIP">;
  readonly logGroup: Handle<"AWS::Logs::LogGroup">;
}

export function addRole(stack: Stack, name: string, around: Surroundings): Handle<"AWS::IAM::Role"> {
  const policy = (PolicyName: string, statements: readonly PlainObject[]) => ({
    PolicyName,
    PolicyDocument: policyOf(statements),
  });
  return stack.add("AWS::IAM::Role", "InstanceRole", {
    Description: "Lets the server of the VPN keep its keys and its address, and fill in profiles",
    AssumeRolePolicyDocument: policyOf([
      // EC2 names no account when it takes a role, and gives one only to instances of the role's own account.
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
    Policies: [
      policy("keep-keys", useStore(around.store)),
      policy("fill-in-profiles", [...fillIn(name, around.profilesKey), findPeople(name)]),
      policy("take-address", takeAddress(around.address)),
      policy("report", report(name, around.logGroup)),
      policy("systems-manager", systemsManager()),
    ],
  });
}

const findPeople = (name: string): PlainObject => ({
  Sid: "FindPeople",
  Effect: "Allow",
  Action: "ssm:GetParameter",
  Resource: sub`arn:${partition}:ssm:${region}:${accountId}:parameter${parameterName(name, vpnOutputs.people)}`,
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
const takeAddress = (address: Handle<"AWS::EC2::EIP">): readonly PlainObject[] => [
  {
    Sid: "TheAddress",
    Effect: "Allow",
    Action: "ec2:AssociateAddress",
    Resource: sub`arn:${partition}:ec2:${region}:${accountId}:elastic-ip/${address.att("AllocationId")}`,
  },
  {
    Sid: "ForServers",
    Effect: "Allow",
    Action: "ec2:AssociateAddress",
    Resource: [
      sub`arn:${partition}:ec2:${region}:${accountId}:instance/*`,
      sub`arn:${partition}:ec2:${region}:${accountId}:network-interface/*`,
    ],
    Condition: {
      StringEquals: Object.fromEntries(TAGS.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value])),
    },
  },
];

const report = (name: string, logGroup: Handle<"AWS::Logs::LogGroup">): readonly PlainObject[] => [
  writeLogs(logGroup.att("Arn")),
  {
    // Metrics are no resource; their namespace is a condition.
    Sid: "WriteMetrics",
    Effect: "Allow",
    Action: "cloudwatch:PutMetricData",
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": metricNamespace(name) } },
  },
  {
    Sid: "SayThatItDoesNotServe",
    Effect: "Allow",
    Action: "autoscaling:SetInstanceHealth",
    Resource: sub`arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${groupName(name)}`,
  },
  {
    Sid: "SayThatItServes",
    Effect: "Allow",
    Action: "cloudformation:SignalResource",
    Resource: new Reference("AWS::StackId"),
  },
];
