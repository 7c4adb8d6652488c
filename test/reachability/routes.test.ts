/** Routes, gateways and network ACLs: each thing on the way, and what is without it. */
import { describe, expect, test } from "vitest";
import { judge, passing } from "./small.ts";

/** Groups that let everything through, so that only the way counts. */
const OPEN = `
  ClientGroup: {Properties: {SecurityGroupEgress: null, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}
  ServerGroup: {Properties: {SecurityGroupEgress: null, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}`;

const open = (from: string, to: string, changes = "") => passing(from, to, `${OPEN}\n${changes}`);

const BLOCK =
  "  Block: {Type: AWS::EC2::VPCBlockPublicAccessOptions, Properties: {InternetGatewayBlockMode: block-bidirectional}}";
const EXCLUSION = `
  Exclusion:
    Type: AWS::EC2::VPCBlockPublicAccessExclusion
    Properties: {VpcId: {Ref: Vpc}, InternetGatewayExclusionMode: allow-bidirectional}`;

describe("out to the internet", () => {
  test("through NAT", () => {
    expect(open("Client", "internet")).toBe("everything");
  });

  test("without a route", () => {
    expect(open("Client", "internet", "  HiddenRoute: null")).toBe("nothing");
  });

  test("from a subnet without a route table", () => {
    expect(open("Server", "internet")).toBe("nothing");
  });

  test("with a route for a part of it only", () => {
    const half = "  HiddenRoute: {Properties: {DestinationCidrBlock: 128.0.0.0/1}}";
    expect(open("Client", "128.0.0.0/1", half)).toBe("everything");
    expect(open("Client", "internet", half)).toBe("nothing");
  });

  test("through a NAT gateway in a subnet without a way to the internet", () => {
    expect(open("Client", "internet", "  Nat: {Properties: {SubnetId: {Ref: ShutSubnet}}}")).toBe("nothing");
  });

  test("through a NAT gateway in its own subnet, in circles", () => {
    expect(open("Client", "internet", "  Nat: {Properties: {SubnetId: {Ref: HiddenSubnet}}}")).toBe(
      "nothing",
    );
  });

  test("through an internet gateway only with a public address", () => {
    const moved = (changes: string) =>
      open("Client", "internet", `  Client: {Properties: {SubnetId: {Ref: OpenSubnet}}}\n${changes}`);
    expect(moved("")).toBe("nothing");
    expect(moved("  OpenSubnet: {Properties: {MapPublicIpOnLaunch: true}}")).toBe("everything");
    expect(
      moved(`
  Own: {Type: AWS::EC2::EIP, Properties: {InstanceId: {Ref: Client}}}`),
    ).toBe("everything");
    expect(
      moved(`
  Own: {Type: AWS::EC2::EIP}
  Held: {Type: AWS::EC2::EIPAssociation, Properties: {AllocationId: {"Fn::GetAtt": [Own, AllocationId]}, InstanceId: {Ref: Client}}}`),
    ).toBe("everything");
  });

  test("from a VPC that is blocked, unless it is excluded", () => {
    expect(open("Client", "internet", BLOCK)).toBe("nothing");
    expect(open("Client", "internet", `${BLOCK}\n${EXCLUSION}`)).toBe("everything");
  });

  test("through an internet gateway that is not attached", () => {
    expect(open("Client", "internet", "  Attachment: null")).toBe("nothing");
  });
});

describe("in from the internet", () => {
  const PUBLIC = "  Own: {Type: AWS::EC2::EIP, Properties: {InstanceId: {Ref: Server}}}";
  const inOpen = `${PUBLIC}\n  Server: {Properties: {SubnetId: {Ref: OpenSubnet}}}`;
  const fromInternet = (changes: string) => open("internet", "Server", changes);

  test("to a public address", () => {
    expect(fromInternet(inOpen)).toBe("everything");
  });

  test("without one", () => {
    expect(fromInternet("  Server: {Properties: {SubnetId: {Ref: OpenSubnet}}}")).toBe("nothing");
  });

  test("to a VPC that is blocked, unless it is excluded", () => {
    expect(fromInternet(`${inOpen}\n${BLOCK}`)).toBe("nothing");
    expect(fromInternet(`${inOpen}\n${BLOCK}\n${EXCLUSION}`)).toBe("everything");
  });

  test("without an internet gateway", () => {
    expect(fromInternet(`${inOpen}\n  Attachment: null`)).toBe("nothing");
  });

  test("without a route back", () => {
    expect(fromInternet(PUBLIC)).toBe("everything (no way back)");
    expect(fromInternet(`${inOpen}\n  OpenRoute: null`)).toBe("everything (no way back)");
  });

  test("with a route back through NAT, which is none", () => {
    expect(fromInternet(`${PUBLIC}\n  Server: {Properties: {SubnetId: {Ref: HiddenSubnet}}}`)).toBe(
      "everything (no way back)",
    );
  });

  test("from a part of it", () => {
    const office = `${inOpen}\n  ServerGroup: {Properties: {SecurityGroupEgress: null, SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 198.51.100.0/24}]}}`;
    const from = (name: string) => passing(name, "Server", office);
    expect(from("198.51.100.0/24")).toBe("everything");
    expect(from("internet")).toBe("nothing");
  });

  test("not from a private range, in which nobody is", () => {
    const { outsiders } = judge(
      "ServerGroup: {Properties: {SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 192.168.0.0/16}]}}",
    );
    expect(outsiders.map(({ name }) => name)).toEqual(["internet"]);
  });
});

describe("ways of subnets", () => {
  test("say where anybody in them gets", () => {
    expect(passing("OpenSubnet", "internet")).toBe("everything");
    expect(passing("internet", "OpenSubnet")).toBe("everything");
    expect(passing("HiddenSubnet", "internet")).toBe("everything");
    expect(passing("internet", "HiddenSubnet")).toBe("nothing");
    expect(passing("ShutSubnet", "internet")).toBe("nothing");
  });
});

describe("to an AWS service through a gateway endpoint", () => {
  const endpoint = (table: string) => `
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: {Ref: Vpc}, VpcEndpointType: Gateway, RouteTableIds: [{Ref: ${table}}]}`;

  test("from subnets with its route table", () => {
    expect(open("Client", "Endpoint", endpoint("HiddenTable"))).toBe("everything");
    expect(open("Client", "Endpoint", endpoint("OpenTable"))).toBe("nothing");
  });

  test("if the group lets out", () => {
    expect(passing("Client", "Endpoint", endpoint("HiddenTable"))).toBe("nothing");
  });
});

describe("network ACLs", () => {
  const acl = (...entries: readonly string[]) => `
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: {Ref: Vpc}}}
  AclOfServer:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {NetworkAclId: {Ref: Acl}, SubnetId: {Ref: ShutSubnet}}
${entries
  .map(
    (entry, index) =>
      `  Entry${index}: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: {Ref: Acl}, ${entry}}}`,
  )
  .join("\n")}`;
  const IN = "RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0";
  const OUT = `${IN}, Egress: true`;
  const toServer = (...entries: readonly string[]) => open("Client", "Server", acl(...entries));

  test("none lets everything through", () => {
    expect(open("Client", "Server")).toBe("everything");
  });

  test("one without entries lets nothing through", () => {
    expect(toServer()).toBe("nothing");
  });

  test("must let in, and answers out", () => {
    expect(toServer(IN, OUT)).toBe("everything");
    expect(toServer(OUT)).toBe("nothing");
    expect(toServer(IN)).toBe("everything (no way back)");
  });

  test("let answers out on the ports that clients use", () => {
    const port =
      "RuleNumber: 100, Protocol: 6, PortRange: {From: 5432, To: 5432}, RuleAction: allow, CidrBlock: 10.1.1.0/24";
    const answers = (from: number) =>
      `RuleNumber: 100, Protocol: 6, PortRange: {From: ${from}, To: 65535}, RuleAction: allow, CidrBlock: 10.1.1.0/24, Egress: true`;
    expect(toServer(port, answers(1024))).toBe("tcp 5432");
    expect(toServer(port, answers(32768))).toBe("tcp 5432 (no way back)");
  });

  test("are decided by the first entry by number", () => {
    const deny = (number: number) =>
      `RuleNumber: ${number}, Protocol: 6, PortRange: {From: 22, To: 22}, RuleAction: deny, CidrBlock: 10.1.1.0/24`;
    expect(toServer(IN, OUT, deny(200))).toBe("everything");
    expect(toServer(IN, OUT, deny(50))).toMatch(/tcp 0-21, 23-65535/);
  });

  test("are about ranges", () => {
    expect(toServer(IN.replace("0.0.0.0/0", "10.1.0.0/24"), OUT)).toBe("nothing");
  });

  test("are not asked within a subnet", () => {
    const moved = "  Client: {Properties: {SubnetId: {Ref: ShutSubnet}}}";
    expect(open("Client", "Server", `${acl()}\n${moved}`)).toBe("everything");
  });
});

describe("what is not judged is an error", () => {
  test.each([
    ["NatGatewayId: null", "a route goes exactly one way"],
    ["GatewayId: {Ref: Gateway}", "a route goes exactly one way"],
    ["NatGatewayId: null, InstanceId: {Ref: Client}", "a route by InstanceId is not judged here"],
    ["NatGatewayId: null, GatewayId: {Ref: Nat}", "<dev small Nat> where a AWS::EC2::InternetGateway"],
    ["DestinationCidrBlock: null, DestinationIpv6CidrBlock: '::/0'", "IPv6 is not judged here"],
    ["DestinationCidrBlock: null, DestinationPrefixListId: pl-12345678", "to a prefix list of AWS's"],
  ])("%s", (properties, message) => {
    expect(() => judge(`HiddenRoute: {Properties: {${properties}}}`)).toThrow(message);
  });

  test("a private NAT gateway", () => {
    expect(() => judge("Nat: {Properties: {ConnectivityType: private}}")).toThrow("a private NAT gateway");
  });

  test("a VPN gateway", () => {
    expect(() => judge("Attachment: {Properties: {InternetGatewayId: null, VpnGatewayId: vgw-1}}")).toThrow(
      "nothing where a AWS::EC2::InternetGateway",
    );
  });
});
