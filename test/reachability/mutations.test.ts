/** The comparison fails where it must: templates of the reference architecture, opened or closed by hand. */
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileText, type Result } from "../support/compile.ts";
import { compileSource, resourcesOf, sources } from "../support/everything.ts";
import { change, judge } from "./changes.ts";
import type { PlacedTemplate } from "./deployment.ts";
import { NONE } from "./lines.ts";
import { placedTemplates } from "./placed.ts";

describe("the reference architecture", () => {
  let result: Result;
  let templates: readonly PlacedTemplate[];
  beforeAll(() => {
    result = compileSource(sources().find(({ id }) => id === "specs/acme") as never);
    templates = placedTemplates(result);
  });

  const changed = (stack: string, changes: string, place = "prod") =>
    judge(result.architecture, change(templates, { place, stack }, parse(changes)));
  const rule = (peer: string) => `{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, ${peer}}`;
  const ANYBODY = "prod anybody in the VPC";

  test("as it is", () => {
    expect(judge(result.architecture, templates)).toEqual(NONE);
  });

  test("with a VPC that is not excluded from its account's block", () => {
    const { more, less } = changed("network", "PublicAccessExclusion: null");
    expect(more).toEqual([]);
    expect(less).toContain("internet → prod load-balancer-public.LoadBalancer: tcp 80, 443");
    expect(less).toContain("prod service-api.Service → internet: tcp 443");
  });

  test("with a database that lets everybody in", () => {
    const { more, less } = changed(
      "store-main",
      `SecurityGroup: {SecurityGroupIngress: [${rule("CidrIp: 0.0.0.0/0")}]}`,
    );
    expect(more).toEqual(
      ["Database", "Replica1", "Replica2"].map((node) => `${ANYBODY} → prod store-main.${node}: tcp 5432`),
    );
    expect(less).toEqual([]);
  });

  test("with a database that lets the load balancer in, and that lets out to it", () => {
    const { more } = changed(
      "load-balancer-public",
      `
        ToDatabase: {Type: AWS::EC2::SecurityGroupEgress, Properties: ${rule("GroupId: {Ref: PublicSecurityGroup}, DestinationSecurityGroupId: '{{resolve:ssm:/acme/store-main/security-group-id}}'")}}
        FromBalancer: {Type: AWS::EC2::SecurityGroupIngress, Properties: ${rule("GroupId: '{{resolve:ssm:/acme/store-main/security-group-id}}', SourceSecurityGroupId: {Ref: PublicSecurityGroup}")}}`,
    );
    expect(more).toContain("prod load-balancer-public.LoadBalancer → prod store-main.Database: tcp 5432");
  });

  test("with a public database in isolated subnets, and with a route from there", () => {
    const open = `
      SecurityGroup: {SecurityGroupIngress: [${rule("CidrIp: 0.0.0.0/0")}]}
      Database: {PubliclyAccessible: true}`;
    expect(changed("store-main", open).more).toContain(
      "internet → prod store-main.Database: tcp 5432 (no way back)",
    );
    const route = `
      IsolatedRoute:
        Type: AWS::EC2::Route
        Properties: {RouteTableId: {Ref: IsolatedRouteTable}, DestinationCidrBlock: 0.0.0.0/0, GatewayId: {Ref: InternetGateway}}`;
    const opened = change(templates, { place: "prod", stack: "store-main" }, parse(open));
    const routed = change(opened, { place: "prod", stack: "network" }, parse(route));
    expect(judge(result.architecture, routed).more).toContain(
      "internet → prod store-main.Database: tcp 5432",
    );
  });

  test("with a route out of isolated subnets", () => {
    const { more } = changed(
      "network",
      "IsolatedRoute: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: IsolatedRouteTable}, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: {Ref: NatGateway1}}}",
    );
    expect(more).toEqual(
      [1, 2, 3].map((zone) => `prod network.IsolatedSubnet${zone} → internet: everything`),
    );
  });

  test("with a route to another environment", () => {
    const peer = `
      Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: {Ref: Vpc}, PeerVpcId: <prod network Vpc>}}
      PeeringRoute: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: PrivateRouteTable1}, DestinationCidrBlock: 10.3.0.0/16, VpcPeeringConnectionId: {Ref: Peering}}}`;
    const { more } = changed("network", peer, "dev");
    expect(more).toContain(
      "dev network.PrivateSubnet1 → prod network.IsolatedSubnet1: everything (no way back)",
    );
    expect(more).toContain(
      "dev anybody in the VPC → prod load-balancer-public.LoadBalancer: tcp 80, 443 (no way back)",
    );
  });

  test("with a load balancer whose group lets everything out", () => {
    const { more } = changed("load-balancer-internal", "InternalSecurityGroup: {SecurityGroupEgress: []}");
    expect(more).toContain(`prod load-balancer-internal.LoadBalancer → ${ANYBODY}: everything`);
    expect(more).toContain("prod load-balancer-internal.LoadBalancer → internet: everything");
  });

  test("with something in the VPC that no spec has", () => {
    const lambda = `
      Lambda:
        Type: AWS::Lambda::Function
        Properties: {VpcConfig: {SubnetIds: [{Ref: PrivateSubnet1}], SecurityGroupIds: [{Ref: Group}]}}
      Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: {Ref: Vpc}}}`;
    expect(changed("network", lambda).more).toContain("prod network: 1 AWS::Lambda::Function");
  });

  test("with a default action that forwards", () => {
    const { more } = changed(
      "load-balancer-public",
      `
        Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {}}
        HttpsListener: {DefaultActions: [{Type: forward, TargetGroupArn: {Ref: Group}}]}`,
    );
    expect(more).toEqual(["prod load-balancer-public.LoadBalancer 443, all → nobody"]);
  });

  test("without a NAT gateway's way out", () => {
    const { more, less } = changed("network", "PrivateRoute2: null");
    expect(less).toContain("prod network.PrivateSubnet2 → internet: everything");
    expect(less).toContain("prod service-api.Service → internet: tcp 443");
    expect(more).toContain("prod service-api.Service → internet: tcp 443 (not from or to all of it)");
  });
});

const SMALL = `
version: 1
name: demo
regions: [eu-west-1]
accounts: { dev: { id: "111111111111", email: aws+dev@demo.example } }
environments: { dev: { account: dev, domain: demo.example, network: { azs: 2, nat: single, endpoints: [ssm] } } }
domains: { demo.example: { environment: dev } }
cluster: { capacity: ec2, instances: { type: t4g.large, scale: 1-2 } }
services:
  web: { image: acme/web, version: "1", port: 3000, public: "/*", uses: [api] }
  api: { image: acme/api, version: "1", port: 8080, internal: "/api/*", uses: [main, sessions] }
  migrate: { image: acme/api, version: "1", on-demand: true, uses: [main] }
stores:
  main: { engine: postgres, version: "16", class: db.t4g.medium, storage: 20 }
  sessions: { engine: memcached }
functions:
  report: { image: acme/report, version: "1", uses: [main] }
  status: { image: acme/status, version: "1", public: /status }
`;

describe("every part of a small architecture", () => {
  const result = compileText(SMALL);
  const { architecture } = result;
  const templates = placedTemplates(result);

  /** Every resource of a type, with where it is. */
  const allOf = (...types: readonly string[]) =>
    templates.flatMap(({ place, stack, template }) =>
      resourcesOf(template)
        .filter(([, { Type }]) => types.includes(String(Type)))
        .map(([logicalId]) => ({ place, stack, logicalId })),
    );

  test("is as it says", () => {
    expect(judge(architecture, templates)).toEqual(NONE);
  });

  test.each(allOf("AWS::EC2::SecurityGroup"))("$stack $logicalId opened to the VPC", (at) => {
    const SecurityGroupIngress = [{ IpProtocol: "tcp", FromPort: 0, ToPort: 65535, CidrIp: "10.0.0.0/8" }];
    const opened = change(templates, at, { [at.logicalId]: { SecurityGroupIngress } });
    expect(judge(architecture, opened).more).not.toEqual([]);
  });

  test.each(allOf("AWS::EC2::SecurityGroup"))("$stack $logicalId opened to everywhere", (at) => {
    const SecurityGroupEgress = [{ IpProtocol: "-1", CidrIp: "0.0.0.0/0" }];
    const opened = change(templates, at, { [at.logicalId]: { SecurityGroupEgress } });
    expect(judge(architecture, opened).more).not.toEqual([]);
  });

  const needed = allOf(
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::Lambda::Permission",
    // By HTTPS whoever calls anybody may call everybody, so this one could be left out.
  ).filter(
    ({ stack, logicalId }) => !(stack === "service-web" && logicalId === "ThroughInternalLoadBalancerEgress"),
  );
  test.each(needed)("$stack $logicalId taken out", (at) => {
    expect(judge(architecture, change(templates, at, { [at.logicalId]: null })).less).not.toEqual([]);
  });
});
