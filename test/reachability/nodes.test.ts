/** What has network interfaces: every type of which that is known, and what must be said of it. */
import { describe, expect, test } from "vitest";
import { judge, passing } from "./small.ts";

/** In the hidden subnet, with the server's group; the client's in its place must shut the client out. */
const TASKS = "{Subnets: [{Ref: HiddenSubnet}], SecurityGroups: [{Ref: ServerGroup}]}";
const types: readonly (readonly string[])[] = [
  ["AWS::EC2::Instance", "{SubnetId: {Ref: HiddenSubnet}, SecurityGroupIds: [{Ref: ServerGroup}]}"],
  [
    "AWS::EC2::Instance",
    "{NetworkInterfaces: [{SubnetId: {Ref: HiddenSubnet}, GroupSet: [{Ref: ServerGroup}]}]}",
  ],
  [
    "AWS::EC2::Instance",
    "{SubnetId: {Ref: HiddenSubnet}, LaunchTemplate: {LaunchTemplateId: {Ref: Template}}}",
    "Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {SecurityGroupIds: [{Ref: ServerGroup}]}}}",
  ],
  ["AWS::EC2::NetworkInterface", "{SubnetId: {Ref: HiddenSubnet}, GroupSet: [{Ref: ServerGroup}]}"],
  [
    "AWS::AutoScaling::AutoScalingGroup",
    "{VPCZoneIdentifier: [{Ref: HiddenSubnet}], LaunchTemplate: {LaunchTemplateId: {Ref: Template}}}",
    "Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {NetworkInterfaces: [{Groups: [{Ref: ServerGroup}]}]}}}",
  ],
  [
    "AWS::AutoScaling::AutoScalingGroup",
    "{VPCZoneIdentifier: [{Ref: HiddenSubnet}], MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: {Ref: Template}}}}}",
    "Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {SecurityGroupIds: [{'Fn::GetAtt': [ServerGroup, GroupId]}]}}}",
  ],
  [
    "AWS::EC2::VPCEndpoint",
    "{VpcId: {Ref: Vpc}, VpcEndpointType: Interface, SubnetIds: [{Ref: HiddenSubnet}], SecurityGroupIds: [{Ref: ServerGroup}]}",
  ],
  ["AWS::ECS::Service", `{NetworkConfiguration: {AwsvpcConfiguration: ${TASKS}}}`],
  [
    "AWS::Events::Rule",
    `{Targets: [{Id: a}, {Id: b, EcsParameters: {NetworkConfiguration: {AwsVpcConfiguration: ${TASKS}}}}]}`,
  ],
  [
    "AWS::Scheduler::Schedule",
    `{Target: {EcsParameters: {NetworkConfiguration: {AwsvpcConfiguration: ${TASKS}}}}}`,
  ],
  [
    "AWS::Lambda::Function",
    "{VpcConfig: {SubnetIds: [{Ref: HiddenSubnet}], SecurityGroupIds: [{Ref: ServerGroup}]}}",
  ],
  [
    "AWS::RDS::DBInstance",
    "{DBSubnetGroupName: {Ref: Subnets}, VPCSecurityGroups: [{Ref: ServerGroup}], PubliclyAccessible: false}",
    "Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [{Ref: HiddenSubnet}]}}",
  ],
  [
    "AWS::RDS::DBInstance",
    "{SourceDBInstanceIdentifier: {Ref: First}, VPCSecurityGroups: [{Ref: ServerGroup}], PubliclyAccessible: false}",
    `
Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [{Ref: HiddenSubnet}]}}
First: {Type: AWS::RDS::DBInstance, Properties: {DBSubnetGroupName: {Ref: Subnets}, VPCSecurityGroups: [{Ref: ServerGroup}]}}`,
  ],
  [
    "AWS::ElastiCache::ServerlessCache",
    "{SubnetIds: [{Ref: HiddenSubnet}], SecurityGroupIds: [{Ref: ServerGroup}]}",
  ],
  [
    "AWS::ElastiCache::CacheCluster",
    "{CacheSubnetGroupName: {Ref: Subnets}, VpcSecurityGroupIds: [{Ref: ServerGroup}]}",
    "Subnets: {Type: AWS::ElastiCache::SubnetGroup, Properties: {SubnetIds: [{Ref: HiddenSubnet}]}}",
  ],
  [
    "AWS::ElastiCache::ReplicationGroup",
    "{CacheSubnetGroupName: {Ref: Subnets}, SecurityGroupIds: [{Ref: ServerGroup}]}",
    "Subnets: {Type: AWS::ElastiCache::SubnetGroup, Properties: {SubnetIds: [{Ref: HiddenSubnet}]}}",
  ],
  [
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "{Scheme: internal, Subnets: [{Ref: HiddenSubnet}], SecurityGroups: [{Ref: ServerGroup}]}",
  ],
  [
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "{Scheme: internal, SubnetMappings: [{SubnetId: {Ref: HiddenSubnet}}], SecurityGroups: [{Ref: ServerGroup}]}",
  ],
];

test.each(types)("%s %s", (type = "", properties = "", others = "") => {
  const world = (text: string) => `Node: {Type: ${type}, Properties: ${text}}\n${others.trim()}`;
  expect(passing("Client", "Node", world(properties))).toBe("tcp 5432");
  expect(passing("internet", "Node", world(properties))).toBe("nothing");
  const shut = world(properties).replaceAll("ServerGroup", "ClientGroup");
  expect(passing("Client", "Node", shut)).toBe("nothing");
});

describe("a public address", () => {
  /** A node in the open subnet that lets everything in. */
  const isPublic = (type: string, properties: string, others = "") =>
    passing(
      "internet",
      "Node",
      `
Everybody: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: {Ref: Vpc}, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}
Node: {Type: ${type}, Properties: ${properties}}
${others}`,
    );
  const tasks = (assign: string) =>
    `{NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [{Ref: OpenSubnet}], SecurityGroups: [{Ref: Everybody}]${assign}}}}`;
  const balancer = (scheme: string) =>
    `{Subnets: [{Ref: OpenSubnet}], SecurityGroups: [{Ref: Everybody}]${scheme}}`;
  const database = (access: string) =>
    isPublic(
      "AWS::RDS::DBInstance",
      `{DBSubnetGroupName: {Ref: Subnets}, VPCSecurityGroups: [{Ref: Everybody}]${access}}`,
      "Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [{Ref: OpenSubnet}]}}",
    );
  const instance = (own: string) =>
    isPublic(
      "AWS::EC2::Instance",
      `{NetworkInterfaces: [{SubnetId: {Ref: OpenSubnet}, GroupSet: [{Ref: Everybody}]${own}}]}`,
    );

  test("tasks have if they are assigned one", () => {
    expect(isPublic("AWS::ECS::Service", tasks(", AssignPublicIp: ENABLED"))).toBe("everything");
    expect(isPublic("AWS::ECS::Service", tasks(", AssignPublicIp: DISABLED"))).toBe("nothing");
    expect(isPublic("AWS::ECS::Service", tasks(""))).toBe("nothing");
  });

  test("load balancers have unless they are internal", () => {
    const type = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    expect(isPublic(type, balancer(", Scheme: internet-facing"))).toBe("everything");
    expect(isPublic(type, balancer(""))).toBe("everything");
    expect(isPublic(type, balancer(", Scheme: internal"))).toBe("nothing");
  });

  test("databases have unless they say no", () => {
    expect(database(", PubliclyAccessible: true")).toBe("everything");
    expect(database("")).toBe("everything");
    expect(database(", PubliclyAccessible: false")).toBe("nothing");
  });

  test("instances have if they ask, or their subnet gives them one", () => {
    expect(instance(", AssociatePublicIpAddress: true")).toBe("everything");
    expect(instance("")).toBe("nothing");
    const given = "OpenSubnet: {Properties: {MapPublicIpOnLaunch: true}}";
    const plain = `${given}\nServer: {Properties: {SubnetId: {Ref: OpenSubnet}}}\nServerGroup: {Properties: {SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}`;
    expect(passing("internet", "Server", plain)).toBe("everything");
  });

  test("nobody may be given at run time", () => {
    expect(() => judge("Free: {Type: AWS::EC2::EIP}")).toThrow("who holds this address is in no template");
  });
});

describe("a security group that nobody carries", () => {
  test("is a node by itself, wherever in its VPC", () => {
    const free = "Server: null\nServerIn: {Properties: {SourceSecurityGroupId: null, CidrIp: 10.1.0.0/16}}";
    expect(passing("Client", "ServerGroup", free)).toBe("tcp 5432");
    expect(passing("dev anybody in the VPC", "ServerGroup", free)).toBe("tcp 5432");
  });
});

describe("functions outside of the VPC", () => {
  test("are no nodes", () => {
    const { nodes } = judge("Lambda: {Type: AWS::Lambda::Function, Properties: {Handler: a}}");
    expect(nodes.map(({ name }) => name)).not.toContain("dev small.Lambda");
  });
});

describe("what answers the internet without lying in a VPC", () => {
  test("is open to all", () => {
    expect(passing("internet", "Site", "Site: {Type: AWS::CloudFront::Distribution}")).toBe("tcp 80, 443");
    expect(passing("internet", "Url", "Url: {Type: AWS::Lambda::Url}")).toBe("tcp 443");
  });
});
