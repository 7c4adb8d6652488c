/** Security groups, rule by rule: each thing that lets the client to the server, and what is without it. */
import { describe, expect, test } from "vitest";
import { judge, passing } from "./small.ts";

const fromClient = (changes = "") => passing("Client", "Server", changes);

describe("two rules that name the other's group", () => {
  test("let through what both say", () => {
    expect(fromClient()).toBe("tcp 5432");
  });

  test("let through nothing the other way", () => {
    expect(passing("Server", "Client")).toBe("nothing");
  });

  test("without the one that lets in", () => {
    expect(fromClient("ServerIn: null")).toBe("nothing");
  });

  test("without the one that lets out", () => {
    expect(fromClient("ClientOut: null")).toBe("nothing");
  });

  test("for another port", () => {
    expect(fromClient("ServerIn: {Properties: {FromPort: 5433, ToPort: 5433}}")).toBe("nothing");
  });

  test("for ports that only overlap", () => {
    expect(
      fromClient(`
        ServerIn: {Properties: {FromPort: 5400, ToPort: 5440}}
        ClientOut: {Properties: {FromPort: 5430, ToPort: 5500}}`),
    ).toBe("tcp 5430-5440");
  });

  test("for another protocol", () => {
    expect(fromClient("ServerIn: {Properties: {IpProtocol: udp}}")).toBe("nothing");
  });

  test("for the protocol by its number", () => {
    expect(fromClient("ServerIn: {Properties: {IpProtocol: 6}}")).toBe("tcp 5432");
  });

  test("for all protocols, whatever the ports", () => {
    expect(
      fromClient(`
        ServerIn: {Properties: {IpProtocol: "-1", FromPort: 1, ToPort: 1}}
        ClientOut: {Properties: {IpProtocol: -1}}`),
    ).toBe("everything");
  });

  test("for ICMP, whatever the message", () => {
    const icmp = "{Properties: {IpProtocol: icmp, FromPort: 8, ToPort: 0}}";
    expect(fromClient(`{ServerIn: ${icmp}, ClientOut: ${icmp}}`)).toBe("icmp");
  });

  test("for a group that the client does not carry", () => {
    expect(fromClient("ServerIn: {Properties: {SourceSecurityGroupId: {Ref: ServerGroup}}}")).toBe("nothing");
  });

  test("of which the client carries one among others", () => {
    expect(
      fromClient("Client: {Properties: {SecurityGroupIds: [{Ref: ServerGroup}, {Ref: ClientGroup}]}}"),
    ).toBe("tcp 5432");
  });

  test("do not let a member of a group to another, unless the group is let in by itself", () => {
    expect(passing("Server", "Server")).toBe("nothing");
    expect(
      passing(
        "Server",
        "Server",
        `
        ServerIn: {Properties: {SourceSecurityGroupId: {Ref: ServerGroup}}}
        ClientOut: {Properties: {GroupId: {Ref: ServerGroup}}}`,
      ),
    ).toBe("tcp 5432");
  });
});

describe("rules that name a range", () => {
  const ranged = (cidr: string) =>
    fromClient(`ServerIn: {Properties: {SourceSecurityGroupId: null, CidrIp: ${cidr}}}`);

  test("that the client's subnet is in", () => {
    expect(ranged("10.1.1.0/24")).toBe("tcp 5432");
    expect(ranged("0.0.0.0/0")).toBe("tcp 5432");
  });

  test("that it is not in", () => {
    expect(ranged("10.1.0.0/24")).toBe("nothing");
  });

  test("that is a part of the client's subnet", () => {
    expect(ranged("10.1.1.128/25")).toBe("tcp 5432 (not from or to all of it)");
    expect(ranged("10.1.1.7/32")).toBe("tcp 5432 (not from or to all of it)");
  });

  test("let in whoever else is in the VPC", () => {
    expect(passing("dev anybody in the VPC", "Server")).toBe("nothing");
    expect(
      passing(
        "dev anybody in the VPC",
        "Server",
        "ServerIn: {Properties: {SourceSecurityGroupId: null, CidrIp: 10.1.0.0/16}}",
      ),
    ).toBe("tcp 5432");
  });

  test("let out to whoever else is in the VPC", () => {
    expect(passing("Client", "dev anybody in the VPC")).toBe("nothing");
    expect(
      passing(
        "Client",
        "dev anybody in the VPC",
        "ClientOut: {Properties: {DestinationSecurityGroupId: null, CidrIp: 10.1.0.0/16}}",
      ),
    ).toBe("tcp 5432");
  });

  test("that is no range", () => {
    expect(() => ranged("10.1.1.0")).toThrow("10.1.1.0 is not an IPv4 range");
  });
});

describe("rules in the group itself", () => {
  const rule = (peer: string) => `[{IpProtocol: tcp, FromPort: 80, ToPort: 80, ${peer}}]`;
  const inline = `
    ServerGroup: {Properties: {SecurityGroupIngress: ${rule("CidrIp: 10.1.1.0/24")}}}
    ClientGroup: {Properties: {SecurityGroupEgress: ${rule("DestinationSecurityGroupId: {Ref: ServerGroup}")}}}`;

  test("count beside those from elsewhere", () => {
    expect(fromClient(inline)).toBe("tcp 80, 5432");
  });

  test("that let nothing out are needed: without any everything goes out, also beside a rule from elsewhere", () => {
    const open = "ClientGroup: {Properties: {SecurityGroupEgress: null}}";
    expect(passing("Client", "internet")).toBe("nothing");
    expect(passing("Client", "internet", open)).toBe("everything");
    expect(passing("Client", "internet", `{${open}, ClientOut: null}`)).toBe("everything");
  });
});

describe("rules that name a prefix list", () => {
  test("of a template", () => {
    const list = (cidr: string) => `
      List:
        Type: AWS::EC2::PrefixList
        Properties: {Entries: [{Cidr: 192.168.0.0/16}, {Cidr: ${cidr}}]}
      ServerIn: {Properties: {SourceSecurityGroupId: null, SourcePrefixListId: {Ref: List}}}`;
    expect(fromClient(list("10.1.1.0/24"))).toBe("tcp 5432");
    expect(fromClient(list("10.1.2.0/24"))).toBe("nothing");
  });

  test("of AWS's, on which is nobody of ours", () => {
    const managed = "ServerIn: {Properties: {SourceSecurityGroupId: null, SourcePrefixListId: pl-12345678}}";
    expect(fromClient(managed)).toBe("nothing");
    const open = `{${managed}, Server: {Properties: {SubnetId: null, NetworkInterfaces: [{SubnetId: {Ref: OpenSubnet}, GroupSet: [{Ref: ServerGroup}], AssociatePublicIpAddress: true}]}}}`;
    expect(passing("internet on pl-12345678", "Server", open)).toBe("tcp 5432");
    expect(passing("internet", "Server", open)).toBe("nothing");
  });
});

describe("rules of a form that is not known are errors", () => {
  const rule = (properties: string) => () => judge(`ServerIn: {Properties: {${properties}}}`);

  test.each([
    ["SourceSecurityGroupId: null", "a rule names nobody"],
    ["CidrIp: 10.0.0.0/8", "a rule names SourceSecurityGroupId and CidrIp"],
    ["SourceSecurityGroupId: null, SourceSecurityGroupName: a", "names its peer by SourceSecurityGroupName"],
    ["SourceSecurityGroupId: null, CidrIpv6: '::/0'", "IPv6 is not judged here"],
    ["SourceSecurityGroupId: sg-0123456789abcdef0", "sg-0123456789abcdef0 where a AWS::EC2::SecurityGroup"],
    ["GroupId: {Ref: Server}", "<dev small Server> where a AWS::EC2::SecurityGroup of a template"],
    ["GroupId: null, GroupName: a", "nothing where a AWS::EC2::SecurityGroup of a template should be named"],
    ["FromPort: null", "there is no FromPort"],
    ["IpProtocol: tls", "no IP protocol tls"],
    ["FromPort: 5433", "no ports 5433 to 5432"],
  ])("%s", (properties, message) => {
    expect(rule(properties)).toThrow(message);
  });

  test("a group of another VPC", () => {
    expect(() =>
      judge(`
        OtherVpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16}}
        ServerGroup: {Properties: {VpcId: {Ref: OtherVpc}}}
        Server: null`),
    ).toThrow("<dev small ServerGroup> is a group of another VPC");
  });
});
