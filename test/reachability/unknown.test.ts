/** What can't be judged is an error, and never "reaches nobody". */
import { expect, test } from "vitest";
import { judge } from "./small.ts";

const GROUPS = "SecurityGroupIds: [{Ref: ServerGroup}]";
test.each([
  ["no subnet", `Server: {Properties: {SubnetId: null}}`, "it names no subnet"],
  ["no group", "Server: {Properties: {SecurityGroupIds: null}}", "it names no security group"],
  [
    "a foreign subnet",
    "Server: {Properties: {SubnetId: subnet-0123456789abcdef0}}",
    "no subnet of a template",
  ],
  [
    "a foreign group",
    "Server: {Properties: {SecurityGroupIds: [sg-0123456789abcdef0]}}",
    "no security group of a",
  ],
  [
    "a group of another VPC",
    `
OtherVpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16}}
OtherGroup: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: {Ref: OtherVpc}}}
Server: {Properties: {SecurityGroupIds: [{Ref: OtherGroup}]}}`,
    "its security group is of another VPC than dev small.ShutSubnet",
  ],
  [
    "tasks that share their instance's",
    "Node: {Type: AWS::ECS::Service, Properties: {}}",
    "without an awsvpc",
  ],
  [
    "a network load balancer",
    "Node: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network}}",
    "a load balancer of type network is not judged here",
  ],
  [
    "an endpoint of another type",
    "Node: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcEndpointType: Resource}}",
    "an endpoint of type Resource is not judged here",
  ],
  [
    "instances without a launch template",
    "Node: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {LaunchConfigurationName: a}}",
    "a group without a launch template",
  ],
  [
    "instances with several launch templates",
    `
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {}}
Node:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MixedInstancesPolicy:
      LaunchTemplate:
        LaunchTemplateSpecification: {LaunchTemplateId: {Ref: Template}}
        Overrides: [{InstanceType: a}, {LaunchTemplateSpecification: {LaunchTemplateId: {Ref: Template}}}]`,
    "a group with several launch templates",
  ],
  [
    "VPC Lattice",
    "Node: {Type: AWS::ECS::Service, Properties: {VpcLatticeConfigurations: []}}",
    "VPC Lattice",
  ],
  [
    "a launch template and groups beside it",
    "Server: {Properties: {LaunchTemplate: {LaunchTemplateId: a}}}",
    "SecurityGroupIds beside a launch template",
  ],
  ["IPv6", "ShutSubnet: {Properties: {Ipv6CidrBlock: '2001:db8::/64'}}", "IPv6 is not judged here"],
  [
    "two stacks",
    `Node: {Type: AWS::ElastiCache::ServerlessCache, Properties: {NetworkType: dual_stack, ${GROUPS}}}`,
    "IPv6 is not judged here",
  ],
  ["a type that nobody knows", "Node: {Type: AWS::EKS::Cluster}", "say in test/reachability/types.ts"],
  [
    "a type without a part that takes one",
    "Node: {Type: AWS::SecretsManager::RotationSchedule, Properties: {HostedRotationLambda: {VpcSubnetIds: {Ref: ShutSubnet}}}}",
    "it names <dev small ShutSubnet>",
  ],
  [
    "a type without a part that takes one by its id",
    "Node: {Type: AWS::S3::AccessPoint, Properties: {VpcConfiguration: {VpcId: vpc-0123456789abcdef0}}}",
    "it names vpc-0123456789abcdef0",
  ],
])("%s", (_, changes, message) => {
  expect(() => judge(changes)).toThrow(message);
});

test("but what publishes or permits may name anything", () => {
  expect(() =>
    judge(`
        Role: {Type: AWS::IAM::Role, Properties: {Policies: [{"Fn::Sub": "\${ServerGroup}"}]}}
        Published: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Value: {Ref: ShutSubnet}}}`),
  ).not.toThrow();
});
