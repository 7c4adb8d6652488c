/** What CloudFormation makes of templates, as far as who reaches whom depends on it. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../../compiler/schema.ts";
import { deploy } from "./deployment.ts";
import { stack } from "./small.ts";

/** The value of a property of one resource; `others` are resources in YAML beside it. */
function value(expression: string, others = "", parameters: JsonObject = {}): unknown {
  const resources = `${others}\nIt: {Type: AWS::S3::Bucket, Properties: {Value: ${expression}}}`;
  return deploy([stack(parse(resources), { parameters })]).find(({ logicalId }) => logicalId === "It")
    ?.properties.Value;
}

const VPC = `
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: {Ref: Vpc}}}
`;

describe("references", () => {
  test.each([
    ["{Ref: Vpc}", "<dev small Vpc>"],
    ["{'Fn::GetAtt': [Vpc, VpcId]}", "<dev small Vpc>"],
    ["{'Fn::GetAtt': Group.GroupId}", "<dev small Group>"],
    ["{'Fn::GetAtt': [Group, VpcId]}", "<dev small Vpc>"],
    ["{'Fn::GetAtt': [Vpc, CidrBlock]}", "10.1.0.0/16"],
    ["{'Fn::GetAtt': [Vpc, DefaultSecurityGroup]}", "<dev small Vpc DefaultSecurityGroup>"],
    ["{Ref: AWS::Region}", "eu-west-1"],
    ["{Ref: AWS::AccountId}", "111111111111"],
  ])("%s", (expression, expected) => {
    expect(value(expression, VPC)).toBe(expected);
  });

  test("to nothing are errors", () => {
    expect(() => value("{Ref: Vpn}", VPC)).toThrow("<dev small Vpn>: there is no such resource or parameter");
    expect(() => value("{'Fn::GetAtt': [Vpn, Id]}", VPC)).toThrow(
      "<dev small Vpn>: there is no such resource",
    );
  });
});

describe("functions", () => {
  test.each([
    ["{'Fn::Join': [',', [{Ref: Vpc}, b, {Ref: AWS::NoValue}]]}", "<dev small Vpc>,b"],
    ["{'Fn::Split': [',', 'a,b']}", ["a", "b"]],
    ["{'Fn::Select': [1, {'Fn::Split': [',', 'a,b']}]}", "b"],
    ["{'Fn::Select': [0, {'Fn::GetAZs': ''}]}", "eu-west-1a"],
    [`{'Fn::Sub': '\${Vpc} \${Vpc.CidrBlock} \${!A}'}`, `<dev small Vpc> 10.1.0.0/16 \${A}`],
    [`{'Fn::Sub': ['\${A} \${Vpc}', {A: {Ref: AWS::Partition}}]}`, "aws <dev small Vpc>"],
    ["[a, {Ref: AWS::NoValue}]", ["a"]],
    ["{a: {Ref: AWS::NoValue}, b: 1}", { b: 1 }],
  ])("%s", (expression, expected) => {
    expect(value(expression, VPC)).toEqual(expected);
  });

  test("that a target's template has no more are errors", () => {
    expect(() => value("{'Fn::If': [A, b, c]}")).toThrow("Fn::If is not evaluated here");
    expect(() => value("{'Fn::FindInMap': [A, b, c]}")).toThrow("Fn::FindInMap is not evaluated here");
    expect(() => value("{'Fn::ImportValue': a}")).toThrow("Fn::ImportValue is not evaluated here");
  });

  test("select no item that is not there", () => {
    expect(() => value("{'Fn::Select': [2, [a, b]]}")).toThrow("there is no item 2 in a, b");
  });
});

describe("ports", () => {
  test.each([
    ["{Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}", "Endpoint.Port", 5432],
    ["{Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, Port: 5000}}", "Endpoint.Port", 5000],
    ["{Type: AWS::ElastiCache::ServerlessCache, Properties: {Engine: valkey}}", "Endpoint.Port", 6379],
    [
      "{Type: AWS::ElastiCache::CacheCluster, Properties: {Engine: memcached}}",
      "ConfigurationEndpoint.Port",
      11211,
    ],
  ])("%s", (store, attribute, expected) => {
    expect(value(`{'Fn::GetAtt': [Store, ${attribute}]}`, `Store: ${store}`)).toBe(expected);
  });

  test("of an engine without a known one are errors", () => {
    const store = "Store: {Type: AWS::RDS::DBInstance, Properties: {Engine: oracle-ee}}";
    expect(() => value("{'Fn::GetAtt': [Store, Endpoint.Port]}", store)).toThrow(
      "no port is known of oracle-ee",
    );
  });
});

describe("published values", () => {
  const publish = (name: string, text: string, type = "String") =>
    parse(
      `{Published: {Type: AWS::SSM::Parameter, Properties: {Name: ${name}, Type: ${type}, Value: ${text}}}}`,
    );
  const reader = (type: string, name: string, place = "dev") =>
    stack(parse("{It: {Type: AWS::S3::Bucket, Properties: {Value: {Ref: Read}}}}"), {
      name: "reader",
      place,
      parameters: { Read: { Type: `AWS::SSM::Parameter::Value<${type}>`, Default: name } },
    });
  const read = (...stacks: Parameters<typeof deploy>[0]) =>
    deploy(stacks).find((resource) => resource.stack === "reader")?.properties.Value;
  const vpc = { Vpc: { Type: "AWS::EC2::VPC" }, ...publish("/vpc", "{Ref: Vpc}") };

  test("are read in the same account and Region, whatever the order", () => {
    expect(read(stack(vpc), reader("AWS::EC2::VPC::Id", "/vpc"))).toBe("<dev small Vpc>");
    expect(read(reader("AWS::EC2::VPC::Id", "/vpc"), stack(vpc))).toBe("<dev small Vpc>");
  });

  test("of another account are read by ARN only", () => {
    expect(() => read(stack(vpc), reader("String", "/vpc", "prod"))).toThrow("no stack publishes /vpc");
    const arn = "arn:aws:ssm:eu-west-1:111111111111:parameter/vpc";
    expect(read(stack(vpc), reader("String", arn, "prod"))).toBe("<dev small Vpc>");
    expect(() => read(stack(vpc), reader("String", arn.replace("west", "east"), "prod"))).toThrow(
      "no stack publishes",
    );
  });

  test("are lists where they are read as such", () => {
    const list = stack(publish("/list", "{'Fn::Join': [',', [a, b]]}", "StringList"));
    expect(read(list, reader("List<AWS::EC2::Subnet::Id>", "/list"))).toEqual(["a", "b"]);
    expect(read(list, reader("CommaDelimitedList", "/list"))).toEqual(["a", "b"]);
    expect(read(list, reader("String", "/list"))).toBe("a,b");
  });

  test("stand in texts as dynamic references, with a version or without", () => {
    const text = (reference: string) =>
      read(
        stack(vpc),
        stack({ It: { Type: "AWS::S3::Bucket", Properties: { Value: reference } } }, { name: "reader" }),
      );
    expect(text("{{resolve:ssm:/vpc}}")).toBe("<dev small Vpc>");
    expect(text("a {{resolve:ssm:/vpc:3}} b")).toBe("a <dev small Vpc> b");
    expect(() => text("{{resolve:ssm:/vpn}}")).toThrow("dev reader: no stack publishes /vpn");
  });

  test("of AWS's are not known", () => {
    expect(read(reader("String", "/aws/service/image"))).toBe("ssm:/aws/service/image");
  });

  test("may be published once", () => {
    expect(() => deploy([stack(vpc), stack(vpc, { name: "other" })])).toThrow("/vpc is published twice");
  });

  test("do not read themselves", () => {
    const circle = stack(publish("/a", "'{{resolve:ssm:/a}}'"));
    expect(() => deploy([circle])).toThrow("<dev small Published Value> reads itself");
  });
});
