/** The VPN and the transit gateway, opened or closed by hand: whatever leads one environment to another is found. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileText } from "../support/compile.ts";
import { resourcesOf } from "../support/everything.ts";
import { change, judge } from "./changes.ts";
import { NONE } from "./lines.ts";
import { placedTemplates } from "./placed.ts";

const SPEC = `
version: 1
name: demo
regions: [eu-west-1]
accounts:
  hub: { id: "111111111111", email: aws+hub@demo.example }
  dev: { id: "222222222222", email: aws+dev@demo.example }
  prod: { id: "333333333333", email: aws+prod@demo.example }
environments:
  hub: { account: hub }
  dev: { account: dev, domain: dev.demo.example }
  prod: { account: prod, domain: demo.example }
network: { azs: 2, nat: single }
domains: { demo.example: { environment: prod, delegates: [dev] } }
services:
  api: { image: acme/api, version: "1", port: 8080, internal: "/api/*", uses: [main] }
stores:
  main: { engine: postgres, version: "16", class: db.t4g.medium, storage: 20 }
vpn: { environment: hub, reaches: [dev, prod] }
`;

const result = compileText(SPEC);
const templates = placedTemplates(result);

/** Changes in YAML, by place and stack: `dev network`. */
const changed = (changes: Readonly<Record<string, string>>) =>
  judge(
    result.architecture,
    Object.entries(changes).reduce<typeof templates>((all, [at, text]) => {
      const [place = "", stack = ""] = at.split(" ");
      return change(all, { place, stack }, parse(text));
    }, templates),
  );

const PROD_ATTACHMENT = "<prod transit-attachment Attachment>";
const ENVIRONMENTS = "<hub transit-gateway EnvironmentsRouteTable>";
/** A route of dev's first private subnet to the network of prod. */
const LED_TO_PROD = `
ToProd:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: <dev network PrivateRouteTable1>, DestinationCidrBlock: 10.2.0.0/16, TransitGatewayId: <hub transit-gateway TransitGateway>}`;
const PROPAGATED = `
Propagation:
  Type: AWS::EC2::TransitGatewayRouteTablePropagation
  Properties: {TransitGatewayRouteTableId: ${ENVIRONMENTS}, TransitGatewayAttachmentId: ${PROD_ATTACHMENT}}`;
const HUB_RANGE = "10.0.216.0/21";
const fromVpn = (port: number) =>
  `[{IpProtocol: tcp, FromPort: ${port}, ToPort: ${port}, CidrIp: ${HUB_RANGE}}]`;

test("as it is", () => {
  expect(judge(result.architecture, templates)).toEqual(NONE);
});

describe("from one environment to another", () => {
  test("by a route in the VPC: the transit gateway drops what it leads there", () => {
    expect(changed({ "dev transit-attachment": LED_TO_PROD })).toEqual(NONE);
  });

  test("by a propagation: it is seen, whether or not a VPC leads there", () => {
    const { more } = changed({ "hub transit-gateway": PROPAGATED });
    expect(more).toContain("dev → transit gateway → prod network.PrivateSubnet1");
    expect(more.filter((line) => !line.includes("transit gateway"))).toEqual([]);
    const led = changed({ "hub transit-gateway": PROPAGATED, "dev transit-attachment": LED_TO_PROD });
    expect(led.more).toContain(
      "dev network.PrivateSubnet1 → prod network.PrivateSubnet1: everything (no way back)",
    );
  });

  test("by a route of the transit gateway", () => {
    const route = `
      ToProd:
        Type: AWS::EC2::TransitGatewayRoute
        Properties: {TransitGatewayRouteTableId: ${ENVIRONMENTS}, DestinationCidrBlock: 10.2.0.0/16, TransitGatewayAttachmentId: ${PROD_ATTACHMENT}}`;
    const { more } = changed({ "hub transit-gateway": route, "dev transit-attachment": LED_TO_PROD });
    expect(more).toContain(
      "dev network.PrivateSubnet1 → prod network.IsolatedSubnet1: everything (no way back)",
    );
  });

  test("by an association with the VPN's table", () => {
    const { more, less } = changed({
      "hub transit-routes-dev":
        "Association: {TransitGatewayRouteTableId: <hub transit-gateway VpnRouteTable>}",
    });
    expect(more).toContain("dev → transit gateway → prod network.PrivateSubnet1");
    expect(less).toContain("dev → transit gateway → hub network-vpn.Subnet1");
  });

  test("by the default tables of the transit gateway", () => {
    const gateway = "TransitGateway: {DefaultRouteTableAssociation: enable}";
    expect(() => changed({ "hub transit-gateway": gateway })).toThrow("with one route table only");
  });

  test("by a peering connection", () => {
    const peering = (place: string, cidr: string) => `
      Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: <${place} network PrivateRouteTable1>, DestinationCidrBlock: ${cidr}, VpcPeeringConnectionId: <dev network Peering>}}`;
    const { more } = changed({
      "dev network": `Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: {Ref: Vpc}, PeerVpcId: <prod network Vpc>}}`,
      "dev transit-attachment": peering("dev", "10.2.0.0/16"),
      "prod transit-attachment": peering("prod", "10.1.0.0/16"),
    });
    expect(more).toContain("dev network.PrivateSubnet1 → prod network.PrivateSubnet1: everything");
  });
});

describe("from the VPN and what is around it", () => {
  test("to a database: a group that lets it in is not enough, since no way leads there", () => {
    const open = `SecurityGroup: {SecurityGroupIngress: ${fromVpn(5432)}}`;
    expect(changed({ "prod store-main": open })).toEqual(NONE);
  });

  test("to a database, with a way there and back", () => {
    const { more } = changed({
      "prod store-main": `SecurityGroup: {SecurityGroupIngress: ${fromVpn(5432)}}`,
      "prod network": `
        Back: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: IsolatedRouteTable}, DestinationCidrBlock: ${HUB_RANGE}, TransitGatewayId: <hub transit-gateway TransitGateway>}}`,
      "hub transit-routes-prod": `
        There: {Type: AWS::EC2::Route, Properties: {RouteTableId: <hub network-vpn RouteTable>, DestinationCidrBlock: 10.2.0.0/16, TransitGatewayId: <hub transit-gateway TransitGateway>}}
        On: {Type: AWS::EC2::TransitGatewayRoute, Properties: {TransitGatewayRouteTableId: <hub transit-gateway VpnRouteTable>, DestinationCidrBlock: 10.2.0.0/16, TransitGatewayAttachmentId: ${PROD_ATTACHMENT}}}`,
    });
    expect(more).toContain(
      "hub anybody in the VPC → prod store-main.Database: tcp 5432 (not from or to all of it)",
    );
  });

  test("to another port of the internal load balancer, and to a service", () => {
    const port = "InternalLoadBalancerIngress: {FromPort: 80}";
    expect(changed({ "dev private-access": port }).more).toContain(
      "hub anybody in the VPC → dev load-balancer-internal.LoadBalancer: tcp 80-443 (not from or to all of it)",
    );
    const service = `SecurityGroup: {SecurityGroupIngress: ${fromVpn(8080)}}`;
    expect(changed({ "dev service-api": service }).more).toContain(
      "hub anybody in the VPC → dev service-api.Service: tcp 8080 (not from or to all of it)",
    );
  });

  test("to the internal load balancer by all of the VPC, or everybody", () => {
    const wide = (cidr: string) => `InternalLoadBalancerIngress: {CidrIp: ${cidr}}`;
    expect(changed({ "dev private-access": wide("10.1.0.0/16") }).more).toContain(
      "dev anybody in the VPC → dev load-balancer-internal.LoadBalancer: tcp 443",
    );
    expect(changed({ "dev private-access": wide("0.0.0.0/0") }).more).toContain(
      "dev anybody in the VPC → dev load-balancer-internal.LoadBalancer: tcp 443",
    );
  });

  test("from the private subnets beside it, which its ways in the public table would open by NAT", () => {
    const route = `
      ToDev: {Type: AWS::EC2::Route, Properties: {RouteTableId: <hub network PublicRouteTable>, DestinationCidrBlock: 10.1.0.0/19, TransitGatewayId: <hub transit-gateway TransitGateway>}}`;
    expect(() => changed({ "hub transit-routes-dev": route })).toThrow(
      "a NAT gateway that leads elsewhere than to the internet",
    );
  });

  test("with public subnets of an environment that have a way to it", () => {
    const route = `
      FromPublic: {Type: AWS::EC2::Route, Properties: {RouteTableId: <dev network PublicRouteTable>, DestinationCidrBlock: ${HUB_RANGE}, TransitGatewayId: <hub transit-gateway TransitGateway>}}`;
    expect(changed({ "dev transit-attachment": route }).more).toContain(
      "dev network.PublicSubnet1 → hub network-vpn.Subnet1: everything (no way back)",
    );
  });
});

describe("the server", () => {
  test("by every port", () => {
    const wide = "[{IpProtocol: '-1', CidrIp: 0.0.0.0/0}]";
    expect(changed({ "hub vpn": `ServerSecurityGroup: {SecurityGroupIngress: ${wide}}` }).more).toContain(
      "internet → hub vpn.AutoScalingGroup: everything",
    );
  });

  test("that nobody is told to take its address", () => {
    expect(() =>
      changed({ "hub vpn": "ServerLaunchTemplate: {LaunchTemplateData: {UserData: null}}" }),
    ).toThrow("who holds this address is in no template");
  });
});

describe("every part of it is needed", () => {
  const stacks = /^(network-vpn|transit-.*|private-access)$/;
  const types =
    /::(Route|SubnetRouteTableAssociation|SecurityGroupIngress|TransitGatewayRoute.*Association|TransitGatewayRoute)$/;
  const parts = templates
    .filter(({ stack }) => stacks.test(stack))
    .flatMap(({ place, stack, template }) =>
      resourcesOf(template)
        .filter(([, { Type }]) => types.test(String(Type)))
        .map(([logicalId]) => ({ place, stack, logicalId })),
    );

  test.each(parts)("$place $stack $logicalId taken out", (at) => {
    const { less } = judge(result.architecture, change(templates, at, { [at.logicalId]: null }));
    expect(less).not.toEqual([]);
  });
});
