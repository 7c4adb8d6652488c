/** Network: a VPC for each placement, with public, private and isolated subnets in each Availability Zone. */
import { securityAccountOf } from "../../architecture.ts";
import { accountId, Import, type Output, partition, type Reference, region, sub } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { addAlarms } from "../alerts/alarms.ts";
import { keysOutputs } from "../keys.ts";
import { addRunbook } from "../runbook.ts";
import { allocateRanges } from "./allocate.ts";
import { addEndpoints } from "./endpoints.ts";
import { addFlowLogs } from "./flow-logs.ts";
import { observeNetwork } from "./observe.ts";
import { NETWORK, natGatewayOutput } from "./outputs.ts";
import { type NetworkAllocation, rangeKey, SECTION } from "./ranges.ts";
import { type NetworkSettings, networkPath } from "./settings.ts";
import { addSubnets, type Vpc } from "./subnets.ts";

export const networkOutputs = {
  vpcId: { stackSet: NETWORK, name: "vpc-id", type: "AWS::EC2::VPC::Id", description: "The VPC" },
  publicSubnetIds: {
    stackSet: NETWORK,
    name: "public-subnet-ids",
    type: "List<AWS::EC2::Subnet::Id>",
    description: "Subnets the internet reaches, one in each zone",
  },
  privateSubnetIds: {
    stackSet: NETWORK,
    name: "private-subnet-ids",
    type: "List<AWS::EC2::Subnet::Id>",
    description: "Subnets that reach out through NAT where there is one, one in each zone",
  },
  isolatedSubnetIds: {
    stackSet: NETWORK,
    name: "isolated-subnet-ids",
    type: "List<AWS::EC2::Subnet::Id>",
    description: "Subnets that reach S3 and DynamoDB and nothing else outside, one in each zone",
  },
  privateRouteTableIds: {
    stackSet: NETWORK,
    name: "private-route-table-ids",
    type: "List<String>",
    description: "Route tables of the private subnets, one in each zone",
  },
  internetGatewayId: {
    stackSet: NETWORK,
    name: "internet-gateway-id",
    type: "String",
    description: "The internet gateway of the VPC",
  },
} as const satisfies Record<string, Output>;

export const network: Component<NetworkSettings, NetworkAllocation> = {
  path: networkPath,
  ledger: { section: SECTION, allocate: allocateRanges },
  observe: observeNetwork,
  build({ name, architecture, placement, settings, allocation, observed, fallible }) {
    const ranges = allocation[rangeKey(placement)];
    if (!ranges) return [];
    const stack = new Stack(
      name,
      NETWORK,
      "VPC, subnets, routes, endpoints and flow logs of a placement",
      networkPath,
    );
    const vpc = stack.add("AWS::EC2::VPC", "Vpc", {
      CidrBlock: ranges.vpc,
      EnableDnsHostnames: true,
      EnableDnsSupport: true,
      Tags: [{ Key: "Name", Value: `${name}-${placement.environment}` }],
    });
    if (securityAccountOf(architecture.spec)) excludeFromBlock(stack, vpc, name);
    emptyDefaultSecurityGroup(stack, vpc.att("DefaultSecurityGroup"));
    const { subnets, routeTables, privateTables, internetGateway, gateways } = addSubnets(
      stack,
      vpc,
      ranges,
      settings,
    );
    addEndpoints(stack, vpc, settings, subnets.private, routeTables);
    addFlowLogs(stack, vpc, name, settings, new Import(keysOutputs.logsKeyArn));
    stack.publish(networkOutputs.vpcId, vpc.ref);
    stack.publish(networkOutputs.publicSubnetIds, subnets.public);
    stack.publish(networkOutputs.privateSubnetIds, subnets.private);
    stack.publish(networkOutputs.isolatedSubnetIds, subnets.isolated);
    stack.publish(networkOutputs.privateRouteTableIds, privateTables);
    stack.publish(networkOutputs.internetGatewayId, internetGateway);
    if (observed.length > 0) {
      for (const [index, { ref, part }] of gateways.entries())
        stack.publish(natGatewayOutput(index + 1), ref, { part });
      addAlarms({ name, architecture, placement, observed, fallible }, stack);
    }
    return [stack.build()];
  },
};

/**
 * The baseline cuts VPCs off from the internet, and comes later. It is there whether or not that is asked for: were it to
 * go with the block it could go first, and the VPC would be cut off.
 */
function excludeFromBlock(stack: Stack, vpc: Vpc, name: string): void {
  stack.add("AWS::EC2::VPCBlockPublicAccessExclusion", "PublicAccessExclusion", {
    VpcId: vpc.ref,
    InternetGatewayExclusionMode: "allow-bidirectional",
    Tags: [{ Key: "Name", Value: name }],
  });
}

/**
 * A new VPC's default security group lets its members reach each other and everything else. No resource type changes
 * it; this runbook of AWS's does:
 * https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-remove-default-secg-rules.html
 */
function emptyDefaultSecurityGroup(stack: Stack, groupId: Reference): void {
  addRunbook(stack, {
    id: "DefaultSecurityGroupRules",
    roleId: "DefaultSecurityGroupRole",
    about: "default-group",
    title: "empty-default-security-group",
    description: "Lets Systems Manager empty the default security group of the VPC",
    document: "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules",
    parameters: { GroupId: [groupId] },
    statements: [
      {
        Sid: "Revoke",
        Effect: "Allow",
        Action: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
        Resource: sub`arn:${partition}:ec2:${region}:${accountId}:security-group/${groupId}`,
      },
      // This action knows no resource.
      { Sid: "Look", Effect: "Allow", Action: "ec2:DescribeSecurityGroups", Resource: "*" },
    ],
    schedule: "rate(1 hour)",
  });
}
