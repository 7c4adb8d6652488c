/** What calls others: its security group, which reaches the world by HTTPS, and what it needs for each thing it uses. */

import type { ResourceType } from "../../cfn/resources.ts";
import { Import } from "../../cfn/values.ts";
import type { Connection, Port } from "../../connection.ts";
import { pascalCase } from "../../names.ts";
import type { SpecPath } from "../../path.ts";
import { type Handle, type Part, part, type ResourceOptions, type Stack } from "../../stack.ts";
import { networkOutputs } from "../network/index.ts";
import { policyOf } from "./statements.ts";

type Group = Handle<"AWS::EC2::SecurityGroup">;

/** @param what in a sentence: `the service api` */
export function addClientGroup(
  stack: Stack,
  what: string,
  name: string,
  options: Pick<ResourceOptions, "part"> = {},
): Group {
  return stack.add(
    "AWS::EC2::SecurityGroup",
    "SecurityGroup",
    {
      GroupDescription: `Of ${what}`,
      VpcId: new Import(networkOutputs.vpcId),
      SecurityGroupEgress: [
        {
          Description: "HTTPS to AWS and to others",
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          CidrIp: "0.0.0.0/0",
        },
      ],
      Tags: [{ Key: "Name", Value: name }],
    },
    options,
  );
}

/** Who calls others: the group it is in, and the role it has. */
export interface Client {
  /** In a sentence: `the service api`. */
  readonly what: string;
  /** Absent outside of the VPC, where nothing is that it uses. */
  readonly group?: Group | undefined;
  /** What the group is a part of, where it may be absent. */
  readonly within?: Part;
  readonly role: Handle<"AWS::IAM::Role">;
}

/**
 * Lets a client use things: in to their ports, out of the client's own group, and with the rights it takes.
 *
 * @returns the resources that must be there before the client starts
 * @param connections those of what it uses, by its name in the spec
 * @param from where in the spec the use of one is said
 */
export function addUses(
  stack: Stack,
  client: Client,
  connections: ReadonlyMap<string, Connection>,
  from: (used: string) => SpecPath,
): Handle<ResourceType>[] {
  const entered = new Set<string>();
  const { group, within } = client;
  return [...connections].flatMap(([used, { port, statements }]) => {
    const id = `Uses${pascalCase(used)}`;
    const options = { part: part(id, true, ...(port && within ? [within] : [])), from: from(used) };
    const { through } = port ?? {};
    const isEntered = through !== undefined && entered.has(through);
    if (through !== undefined) entered.add(through);
    return [
      ...(port && group && !isEntered ? addWay(stack, { ...client, group }, used, port, from(used)) : []),
      ...(statements
        ? [
            stack.add(
              "AWS::IAM::RolePolicy",
              `${id}Policy`,
              { RoleName: client.role.ref, PolicyName: `uses-${used}`, PolicyDocument: policyOf(statements) },
              options,
            ),
          ]
        : []),
    ];
  });
}

/** Between two groups EC2 takes one rule for a port, so what several things are behind has one rule for all of them. */
function addWay(
  stack: Stack,
  { what, group, within }: Client & { readonly group: Group },
  used: string,
  { through, securityGroupId, ...port }: Port,
  from: SpecPath,
): Handle<ResourceType>[] {
  const id = through === undefined ? `Uses${pascalCase(used)}` : `Through${pascalCase(through)}`;
  const options = { part: part(id, true, ...(within ? [within] : [])), from };
  const range = { IpProtocol: "tcp", FromPort: port.from, ToPort: port.to };
  return [
    stack.add(
      "AWS::EC2::SecurityGroupIngress",
      `${id}Ingress`,
      {
        Description: `From ${what}`,
        GroupId: securityGroupId,
        SourceSecurityGroupId: group.att("GroupId"),
        ...range,
      },
      options,
    ),
    stack.add(
      "AWS::EC2::SecurityGroupEgress",
      `${id}Egress`,
      {
        Description: through === undefined ? `To ${used}` : `To the ${through}`,
        GroupId: group.att("GroupId"),
        DestinationSecurityGroupId: securityGroupId,
        ...range,
      },
      options,
    ),
  ];
}
