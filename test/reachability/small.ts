/** Small worlds, in which the judge is judged: one VPC with a client and a server, and what a test changes of it. */
import { parse } from "yaml";
import { isJsonObject, type JsonObject } from "../../compiler/schema.ts";
import type { PlacedTemplate } from "./deployment.ts";
import { flowLine, requestLine } from "./lines.ts";
import { type Reachability, reachability } from "./reachability.ts";

/**
 * An open subnet with a way to the internet, a hidden one with a way out through NAT, and one without a route table.
 * The client lies in the hidden one and the server in the one without; the client may ask the server on tcp 5432.
 */
const BASE = `
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
Gateway: {Type: AWS::EC2::InternetGateway}
Attachment:
  Type: AWS::EC2::VPCGatewayAttachment
  Properties: {VpcId: {Ref: Vpc}, InternetGatewayId: {Ref: Gateway}}
OpenSubnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.1.0.0/24}}
OpenTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: Vpc}}}
OpenAssociation:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: OpenSubnet}, RouteTableId: {Ref: OpenTable}}
OpenRoute:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: {Ref: OpenTable}, DestinationCidrBlock: 0.0.0.0/0, GatewayId: {Ref: Gateway}}
Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc}}
Nat:
  Type: AWS::EC2::NatGateway
  Properties: {SubnetId: {Ref: OpenSubnet}, AllocationId: {"Fn::GetAtt": [Address, AllocationId]}}
HiddenSubnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.1.1.0/24}}
HiddenTable: {Type: AWS::EC2::RouteTable, Properties: {VpcId: {Ref: Vpc}}}
HiddenAssociation:
  Type: AWS::EC2::SubnetRouteTableAssociation
  Properties: {SubnetId: {Ref: HiddenSubnet}, RouteTableId: {Ref: HiddenTable}}
HiddenRoute:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: {Ref: HiddenTable}, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: {Ref: Nat}}
ShutSubnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.1.2.0/24}}
ClientGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: {Ref: Vpc}
    SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 127.0.0.1/32}]
ServerGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: {Ref: Vpc}
    SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 127.0.0.1/32}]
ClientOut:
  Type: AWS::EC2::SecurityGroupEgress
  Properties:
    GroupId: {"Fn::GetAtt": [ClientGroup, GroupId]}
    IpProtocol: tcp
    FromPort: 5432
    ToPort: 5432
    DestinationSecurityGroupId: {Ref: ServerGroup}
ServerIn:
  Type: AWS::EC2::SecurityGroupIngress
  Properties:
    GroupId: {Ref: ServerGroup}
    IpProtocol: tcp
    FromPort: 5432
    ToPort: 5432
    SourceSecurityGroupId: {"Fn::GetAtt": [ClientGroup, GroupId]}
Client:
  Type: AWS::EC2::Instance
  Properties: {SubnetId: {Ref: HiddenSubnet}, SecurityGroupIds: [{Ref: ClientGroup}]}
Server:
  Type: AWS::EC2::Instance
  Properties: {SubnetId: {Ref: ShutSubnet}, SecurityGroupIds: [{Ref: ServerGroup}]}
`;

/**
 * Resources with others in YAML laid over them: properties replace properties of the same name, `null` removes a
 * property or a resource.
 */
function changed(resources: JsonObject, changes: string): JsonObject {
  const all = { ...resources };
  for (const [id, change] of Object.entries((parse(changes) ?? {}) as JsonObject)) {
    const before = all[id];
    if (!isJsonObject(change)) delete all[id];
    else if (!isJsonObject(before) || change.Type !== undefined) all[id] = change;
    else {
      const properties = Object.entries({
        ...(before.Properties as JsonObject),
        ...(change.Properties as JsonObject),
      });
      all[id] = {
        ...before,
        Properties: Object.fromEntries(properties.filter(([, value]) => value !== null)),
      };
    }
  }
  return all;
}

/** A stack in the account of `dev`, or of another place. */
export const stack = (
  resources: JsonObject,
  { name = "small", place = "dev", parameters = {} }: StackOptions = {},
): PlacedTemplate => ({
  place,
  account: place === "dev" ? "111111111111" : "222222222222",
  region: "eu-west-1",
  stack: name,
  template: { Parameters: parameters, Resources: resources },
});

interface StackOptions {
  readonly name?: string;
  readonly place?: string;
  readonly parameters?: JsonObject;
}

/** A stack of the place `prod` beside the one of `dev`: its resources in YAML. */
export interface Beside {
  readonly resources: string;
  readonly parameters?: JsonObject;
}

/** @param changes laid over the small world one after the other */
export function judge(changes: string | readonly string[] = [], beside?: Beside): Reachability {
  const templates = [stack([changes].flat().reduce(changed, parse(BASE)))];
  if (!beside) return reachability(templates);
  const { resources, parameters = {} } = beside;
  return reachability([...templates, stack(parse(resources), { place: "prod", parameters })]);
}

/** What passes from one to another, in words; `nothing` where nothing does. Both are logical IDs, or whole names. */
export function passing(from: string, to: string, changes: string | readonly string[] = []): string {
  const { flows, ways } = judge(changes);
  const names = [from, to].map((name) => (/^[A-Z]/.test(name) ? `dev small.${name}` : name));
  const found = [...flows, ...ways].filter((flow) => flow.from === names[0] && flow.to === names[1]);
  return found.map((flow) => flowLine(flow).split(": ").slice(1).join(": ")).join(" and ") || "nothing";
}

/** The requests that load balancers send on, in words. */
export const requests = (...changes: readonly string[]): string[] => judge(changes).requests.map(requestLine);
