/** The evaluator that isn't ours: what it makes of a merged template in each account. */
import { beforeAll, expect, test } from "vitest";
import { type Resolved, resolveTemplates } from "./resolve.ts";
import { DEV, NETWORK, SHARED_SERVICES } from "./templates.ts";
import { describePython } from "./tools.ts";

const region = "eu-west-1";

/** What the network template comes to in dev, written out. */
const CONCRETE = `
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.1.0.0/16
      Tags: [{Key: Name, Value: network-eu-west-1}]
  Subnet1:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, AvailabilityZone: eu-west-1a, CidrBlock: 10.1.0.0/24}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Vpc
      VpcEndpointType: Interface
      ServiceName: com.amazonaws.eu-west-1.ssm
      SubnetIds: [!Ref Subnet1]
  VpcId:
    Type: AWS::SSM::Parameter
    Properties: {Name: /landform/network/vpc-id, Type: String, Value: !Ref Vpc, Tags: {Published: 'true'}}
  SubnetIds:
    Type: AWS::SSM::Parameter
    Properties: {Name: /landform/network/subnet-ids, Type: StringList, Value: !Join [',', [!Ref Subnet1]]}
`;

/** What only a deployed stack knows, and scalars of each kind. */
const SYMBOLS = `
Parameters:
  Subnets: {Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>', Default: /subnets}
Mappings:
  A: {b: {Number: 365, Text: '365', Flag: true, List: [x, y]}}
Resources:
  Key: {Type: AWS::KMS::Key}
  Thing:
    Type: Some::Unknown::Type
    DeletionPolicy: Retain
    Properties:
      Arn: !GetAtt Key.Arn
      Text: !Sub 'key:\${Key}/\${AWS::StackName}'
      Subnet: !Select [1, !Ref Subnets]
      Values: [!FindInMap [A, b, Number], !FindInMap [A, b, Text], !FindInMap [A, b, Flag], !FindInMap [A, b, List]]
Outputs:
  Id: {Value: !Ref Key}
`;

const DEPENDENCIES = `
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {Type: Some::Unknown::Type, Condition: Never}
  B: {Type: Some::Unknown::Type, DependsOn: [C, A]}
  C: {Type: Some::Unknown::Type, DependsOn: A}
`;

describePython("resolving templates", () => {
  let resolved: Resolved[];

  beforeAll(async () => {
    resolved = await resolveTemplates([
      { template: NETWORK, account: DEV, region },
      { template: CONCRETE, account: DEV, region },
      { template: NETWORK, account: SHARED_SERVICES, region },
      { template: SYMBOLS, account: DEV, region },
      { template: DEPENDENCIES, account: DEV, region },
    ]);
  }, 30_000);

  test("a merged template comes to the concrete one of each account", () => {
    const [dev, concrete, shared] = resolved;
    expect(dev).toEqual(concrete);
    expect(dev?.resources).not.toHaveProperty("Subnet3");
    expect(shared?.resources).toMatchObject({
      Subnet3: {
        Properties: { VpcId: { Ref: "Vpc" }, AvailabilityZone: "eu-west-1c" },
        DependsOn: ["Subnet1"],
      },
      Endpoint: { Properties: { SubnetIds: [{ Ref: "Subnet1" }, { Ref: "Subnet3" }] } },
      SubnetIds: { Properties: { Value: '{"Ref": "Subnet1"},{"Ref": "Subnet3"}' } },
    });
  });

  test("what only a deployed stack knows stays symbolic; scalars keep their types", () => {
    expect(resolved[3]).toEqual({
      resources: {
        Key: { Type: "AWS::KMS::Key" },
        Thing: {
          Type: "Some::Unknown::Type",
          DeletionPolicy: "Retain",
          Properties: {
            Arn: { "Fn::GetAtt": ["Key", "Arn"] },
            Text: 'key:{"Ref": "Key"}/{"Ref": "AWS::StackName"}',
            Subnet: { "Fn::Select": [1, { "Fn::Parameter": "/subnets" }] },
            Values: [365, "365", true, ["x", "y"]],
          },
        },
      },
      outputs: { Id: { Value: { Ref: "Key" } } },
    });
  });

  test("a dependency on a resource that isn't created is dropped", () => {
    expect(resolved[4]?.resources).toEqual({
      B: { Type: "Some::Unknown::Type", DependsOn: ["C"] },
      C: { Type: "Some::Unknown::Type" },
    });
  });

  test("what CloudFormation would refuse is an error", async () => {
    const falseBranch = NETWORK.replace(
      "CidrBlock: 10.0.2.0/24",
      "CidrBlock: !FindInMap [Subnet1, dev, Nope]",
    );
    const dangling = NETWORK.replace("Value: !Ref Vpc\n", "Value: !Ref Subnet3\n");
    const resolving = resolveTemplates([
      { template: NETWORK, account: "300000000099", region },
      { template: falseBranch, account: DEV, region },
      { template: dangling, account: DEV, region },
      { template: dangling, account: SHARED_SERVICES, region },
    ]);
    await expect(resolving).rejects.toThrow(
      [
        "300000000099 eu-west-1: KeyError('300000000099')",
        `${DEV} eu-west-1: KeyError('Nope')`,
        `${DEV} eu-west-1: ValueError('Ref Subnet3: the condition of Subnet3 is false')`,
      ].join("\n"),
    );
  });
});
