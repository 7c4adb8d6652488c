/** Other VPCs: by peering, by transit gateways, and otherwise not at all. */
import { describe, expect, test } from "vitest";
import { judge, passing } from "./small.ts";

/** Another VPC, and groups that let everything through, so that only the way counts. */
const OTHER = `
ClientGroup: {Properties: {SecurityGroupEgress: null, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}
OtherVpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16}}
OtherSubnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: OtherVpc}, CidrBlock: 10.2.0.0/24}}
OtherTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: OtherVpc}}}
OtherAssociation:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: OtherSubnet}, RouteTableId: {Ref: OtherTable}}
OtherGroup:
  Type: AWS::EC2::SecurityGroup
  Properties: {VpcId: {Ref: OtherVpc}, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}
Other:
  Type: AWS::EC2::Instance
  Properties: {SubnetId: {Ref: OtherSubnet}, SecurityGroupIds: [{Ref: OtherGroup}]}
`;

/** A route of a table to a range. */
const route = (id: string, table: string, cidr: string, way: string) => `
${id}: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: ${table}}, DestinationCidrBlock: ${cidr}, ${way}}}`;

const toOther = (...changes: readonly string[]) => passing("Client", "Other", [OTHER, ...changes].join("\n"));
const fromOther = (...changes: readonly string[]) =>
  passing("Other", "Client", [OTHER, ...changes].join("\n"));

test("nothing leads to another VPC by itself, whatever groups let through", () => {
  expect(toOther()).toBe("nothing");
  expect(passing("dev anybody in the VPC", "Other", OTHER)).toBe("everything");
  expect(passing("HiddenSubnet", "OtherSubnet", OTHER)).toBe("nothing");
});

describe("peering", () => {
  const PEERING = `
Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: {Ref: Vpc}, PeerVpcId: {Ref: OtherVpc}}}`;
  const way = "VpcPeeringConnectionId: {Ref: Peering}";
  const there = route("There", "HiddenTable", "10.2.0.0/16", way);
  const back = route("Back", "OtherTable", "10.1.0.0/16", way);

  test("needs a route there and one back", () => {
    expect(toOther(PEERING)).toBe("nothing");
    expect(toOther(PEERING, there)).toBe("everything (no way back)");
    expect(toOther(PEERING, back)).toBe("nothing");
    expect(toOther(PEERING, there, back)).toBe("everything");
    expect(fromOther(PEERING, there, back)).toBe("everything");
  });

  test("joins subnets that have a route, and no others", () => {
    const way = (from: string, to: string) => passing(from, to, [OTHER, PEERING, there, back].join("\n"));
    expect(way("HiddenSubnet", "OtherSubnet")).toBe("everything");
    expect(way("OpenSubnet", "OtherSubnet")).toBe("nothing");
    expect(way("ShutSubnet", "OtherSubnet")).toBe("nothing");
  });

  test("leads no further than to the other VPC", () => {
    const far = route("Far", "HiddenTable", "10.3.0.0/16", way);
    const third = OTHER.replaceAll("Other", "Third")
      .replaceAll("10.2.", "10.3.")
      .replace(/ClientGroup.*/, "");
    expect(passing("Client", "Third", [OTHER, third, PEERING, there, back, far].join("\n"))).toBe("nothing");
  });
});

describe("a transit gateway", () => {
  const GATEWAY = `
Transit: {Type: AWS::EC2::TransitGateway, Properties: {}}
Attached:
  Type: AWS::EC2::TransitGatewayAttachment
  Properties: {TransitGatewayId: {Ref: Transit}, VpcId: {Ref: Vpc}, SubnetIds: [{Ref: HiddenSubnet}]}
OtherAttached:
  Type: AWS::EC2::TransitGatewayAttachment
  Properties: {TransitGatewayId: {Ref: Transit}, VpcId: {Ref: OtherVpc}, SubnetIds: [{Ref: OtherSubnet}]}`;
  /** One whose tables are all named. */
  const NAMED = GATEWAY.replace(
    "{Type: AWS::EC2::TransitGateway, Properties: {}}",
    "{Type: AWS::EC2::TransitGateway, Properties: {DefaultRouteTableAssociation: disable, DefaultRouteTablePropagation: disable}}",
  );
  const way = "TransitGatewayId: {Ref: Transit}";
  const there = route("There", "HiddenTable", "10.2.0.0/16", way);
  const back = route("Back", "OtherTable", "10.0.0.0/8", way);

  test("joins what is attached, by its default table, with routes there and back", () => {
    expect(toOther(GATEWAY)).toBe("nothing");
    expect(toOther(GATEWAY, there)).toBe("everything (no way back)");
    expect(toOther(GATEWAY, there, back)).toBe("everything");
    expect(fromOther(GATEWAY, there, back)).toBe("everything");
  });

  test("does not join what is not attached", () => {
    expect(toOther(GATEWAY.replace("VpcId: {Ref: OtherVpc}", "VpcId: {Ref: Vpc}"), there, back)).toBe(
      "nothing",
    );
  });

  const table = `
Tables: {Type: AWS::EC2::TransitGatewayRouteTable, Properties: {TransitGatewayId: {Ref: Transit}}}
AttachedThere:
  Type: AWS::EC2::TransitGatewayRouteTableAssociation
  Properties: {TransitGatewayRouteTableId: {Ref: Tables}, TransitGatewayAttachmentId: {Ref: Attached}}
OtherAttachedThere:
  Type: AWS::EC2::TransitGatewayRouteTableAssociation
  Properties: {TransitGatewayRouteTableId: {Ref: Tables}, TransitGatewayAttachmentId: {Ref: OtherAttached}}`;
  const propagation = (attachment: string) => `
${attachment}Propagated:
  Type: AWS::EC2::TransitGatewayRouteTablePropagation
  Properties: {TransitGatewayRouteTableId: {Ref: Tables}, TransitGatewayAttachmentId: {Ref: ${attachment}}}`;

  test("has only the routes of the table an attachment is associated with", () => {
    const both = [there, back];
    expect(toOther(NAMED, ...both)).toBe("nothing");
    expect(toOther(NAMED, ...both, table)).toBe("nothing");
    expect(toOther(NAMED, ...both, table, propagation("OtherAttached"))).toBe("everything (no way back)");
    expect(toOther(NAMED, ...both, table, propagation("OtherAttached"), propagation("Attached"))).toBe(
      "everything",
    );
    const elsewhere = `
Elsewhere: {Type: AWS::EC2::TransitGatewayRouteTable, Properties: {TransitGatewayId: {Ref: Transit}}}
${table.replace("{Ref: Tables}, TransitGatewayAttachmentId: {Ref: Attached}", "{Ref: Elsewhere}, TransitGatewayAttachmentId: {Ref: Attached}")}`;
    const propagated = [propagation("OtherAttached"), propagation("Attached")];
    expect(toOther(NAMED, ...both, elsewhere, ...propagated)).toBe("nothing");
  });

  test("has routes of its own, of which the narrowest counts, and those that drop", () => {
    const own = (id: string, cidr: string, to: string) => `
${id}:
  Type: AWS::EC2::TransitGatewayRoute
  Properties: {TransitGatewayRouteTableId: {Ref: Tables}, DestinationCidrBlock: ${cidr}, ${to}}`;
    const to = (attachment: string) => `TransitGatewayAttachmentId: {Ref: ${attachment}}`;
    const routes = [there, back, table, own("Own", "10.2.0.0/16", to("OtherAttached"))];
    const backwards = own("Backwards", "10.1.0.0/16", to("Attached"));
    expect(toOther(NAMED, ...routes, backwards)).toBe("everything");
    expect(toOther(NAMED, ...routes, backwards, own("Drop", "10.2.0.0/24", "Blackhole: true"))).toBe(
      "nothing",
    );
    expect(toOther(NAMED, ...routes, backwards, own("Drop", "10.0.0.0/8", "Blackhole: true"))).toBe(
      "everything",
    );
  });

  test("does not go in circles", () => {
    const circle = route("Circle", "HiddenTable", "10.9.0.0/16", way);
    const own = `
Own:
  Type: AWS::EC2::TransitGatewayRoute
  Properties: {TransitGatewayRouteTableId: {Ref: Tables}, DestinationCidrBlock: 10.9.0.0/16, TransitGatewayAttachmentId: {Ref: Attached}}`;
    const nine = OTHER.replace("10.2.0.0/16", "10.9.0.0/16").replace("10.2.0.0/24", "10.9.0.0/24");
    expect(passing("Client", "Other", [nine, NAMED, table, circle, own].join("\n"))).toBe("nothing");
  });

  test("has attachments with one association each", () => {
    expect(() => toOther(GATEWAY, there, table)).toThrow("associated with one route table only");
  });

  test("is known by an ARN's parameter in another account", () => {
    const shared = `
Share: {Type: AWS::SSM::Parameter, Properties: {Name: /transit, Type: String, Value: {Ref: Transit}}}`;
    const spoke = `
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.4.0.0/16}}
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.4.0.0/24}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: Vpc}}}
Association:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: Subnet}, RouteTableId: {Ref: Table}}
Attached:
  Type: AWS::EC2::TransitGatewayAttachment
  Properties: {TransitGatewayId: {Ref: Transit}, VpcId: {Ref: Vpc}, SubnetIds: [{Ref: Subnet}]}
Back: {Type: AWS::EC2::Route, Properties: {RouteTableId: {Ref: Table}, DestinationCidrBlock: 10.1.0.0/16, TransitGatewayId: {Ref: Transit}}}`;
    const parameters = {
      Transit: {
        Type: "AWS::SSM::Parameter::Value<String>",
        Default: "arn:aws:ssm:eu-west-1:111111111111:parameter/transit",
      },
    };
    const changes = [OTHER, GATEWAY, shared, route("There", "HiddenTable", "10.4.0.0/16", way)].join("\n");
    const { ways } = judge(changes, { resources: spoke, parameters });
    expect(ways.map(({ from, to }) => `${from} → ${to}`)).toContain(
      "dev small.HiddenSubnet → prod small.Subnet",
    );
    expect(ways.map(({ from, to }) => `${from} → ${to}`)).not.toContain(
      "dev small.OpenSubnet → prod small.Subnet",
    );
  });
});
