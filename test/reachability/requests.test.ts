/** Requests: by listener rules through target groups to those who are registered. */
import { describe, expect, test } from "vitest";
import { judge, requests } from "./small.ts";

/** A load balancer that may ask the server's group on tcp 5432, and a service with that group. */
const BALANCER = `
Balancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties: {Scheme: internal, Subnets: [{Ref: HiddenSubnet}], SecurityGroups: [{Ref: ClientGroup}]}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: {Ref: Balancer}, Port: 443, DefaultActions: [{Type: fixed-response}]}
Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: ip, Port: 80}}
Rule:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    ListenerArn: {Ref: Listener}
    Conditions: [{Field: path-pattern, PathPatternConfig: {Values: [/api, /api/*]}}]
    Actions: [{Type: forward, TargetGroupArn: {Ref: Group}}]
Service:
  Type: AWS::ECS::Service
  Properties:
    NetworkConfiguration:
      AwsvpcConfiguration: {Subnets: [{Ref: HiddenSubnet}], SecurityGroups: [{Ref: ServerGroup}]}
    LoadBalancers: [{TargetGroupArn: {Ref: Group}, ContainerPort: 5432}]
`;

const sent = (changes = "") => requests(BALANCER, changes);

test("are sent on by a rule to a service that is registered", () => {
  expect(sent()).toEqual(["dev small.Balancer 443, path /api or /api/* → dev small.Service 5432"]);
});

test("by several conditions", () => {
  expect(
    sent(`
Rule:
  Properties:
    Conditions:
      - {Field: path-pattern, Values: [/a]}
      - {Field: host-header, HostHeaderConfig: {Values: [a.example]}}`),
  ).toEqual(["dev small.Balancer 443, host-header a.example and path /a → dev small.Service 5432"]);
});

test("by a listener's default are all", () => {
  expect(
    sent(`
Rule: null
Listener: {Properties: {DefaultActions: [{Type: forward, TargetGroupArn: {Ref: Group}}]}}`),
  ).toEqual(["dev small.Balancer 443, all → dev small.Service 5432"]);
});

test("to several groups, of which a service may be in two", () => {
  expect(
    sent(`
Other: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: ip}}
Rule: {Properties: {Actions: [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: {Ref: Group}}, {TargetGroupArn: {Ref: Other}}]}}]}}
Service: {Properties: {LoadBalancers: [{TargetGroupArn: {Ref: Group}, ContainerPort: 5432, AdvancedConfiguration: {AlternateTargetGroupArn: {Ref: Other}}}]}}`),
  ).toEqual(Array(2).fill("dev small.Balancer 443, path /api or /api/* → dev small.Service 5432"));
});

test("to instances, on the group's port", () => {
  expect(
    sent(`
Service: null
Group: {Properties: {Port: 5432}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {SecurityGroupIds: [{Ref: ServerGroup}]}}}
Instances:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {VPCZoneIdentifier: [{Ref: HiddenSubnet}], LaunchTemplate: {LaunchTemplateId: {Ref: Template}}, TargetGroupARNs: [{Ref: Group}]}`),
  ).toEqual(["dev small.Balancer 443, path /api or /api/* → dev small.Instances 5432"]);
});

describe("that do not arrive", () => {
  test("since a security group does not let them through", () => {
    expect(sent("ServerIn: null")).toEqual([
      "dev small.Balancer 443, path /api or /api/* → dev small.Service, in vain 5432",
    ]);
  });

  test("since the container listens on another port", () => {
    expect(
      sent("Service: {Properties: {LoadBalancers: [{TargetGroupArn: {Ref: Group}, ContainerPort: 80}]}}"),
    ).toEqual(["dev small.Balancer 443, path /api or /api/* → dev small.Service, in vain 80"]);
  });

  test("since nobody is registered", () => {
    expect(sent("Service: {Properties: {LoadBalancers: null}}")).toEqual([
      "dev small.Balancer 443, path /api or /api/* → nobody",
    ]);
  });
});

describe("to functions", () => {
  const LAMBDA = `
Service: null
Lambda: {Type: AWS::Lambda::Function, Properties: {}}
Group: {Properties: {TargetType: lambda, Targets: [{Id: {"Fn::GetAtt": [Lambda, Arn]}}]}}`;
  const permission = (principal: string, source = "{Ref: Group}") => `
Permission:
  Type: AWS::Lambda::Permission
  Properties: {FunctionName: {"Fn::GetAtt": [Lambda, Arn]}, Principal: ${principal}, SourceArn: ${source}}`;

  test("need no network, but leave to invoke", () => {
    const path = "dev small.Balancer 443, path /api or /api/* → dev small.Lambda";
    const balancers = "elasticloadbalancing.amazonaws.com";
    const all = (region: string) => `"arn:aws:elasticloadbalancing:${region}:111111111111:targetgroup/*"`;
    expect(sent(`${LAMBDA}${permission(balancers)}`)).toEqual([path]);
    expect(sent(`${LAMBDA}${permission(balancers, all("eu-west-1"))}`)).toEqual([path]);
    expect(sent(LAMBDA)).toEqual([`${path}, in vain`]);
    expect(sent(`${LAMBDA}${permission(balancers, all("us-east-1"))}`)).toEqual([`${path}, in vain`]);
    expect(sent(`${LAMBDA}${permission(balancers, "{Ref: Listener}")}`)).toEqual([`${path}, in vain`]);
    expect(sent(`${LAMBDA}${permission("s3.amazonaws.com")}`)).toEqual([`${path}, in vain`]);
  });
});

test("what is answered by the load balancer itself goes nowhere", () => {
  expect(sent("Rule: {Properties: {Actions: [{Type: redirect}]}}")).toEqual([]);
});

describe("what is not judged is an error", () => {
  test.each([
    ["Rule: {Properties: {Actions: [{Type: teleport}]}}", "an action teleport is not judged here"],
    ["Group: {Properties: {Targets: [{Id: 10.1.1.1}]}}", "a target by its address is not judged here"],
    ["Rule: {Properties: {ListenerArn: arn}}", "arn where a AWS::ElasticLoadBalancingV2::Listener"],
  ])("%s", (changes, message) => {
    expect(() => judge([BALANCER, changes])).toThrow(message);
  });
});
