/** Ways to AWS services that do not leave the VPC. */
import { nowhere } from "../../cfn/security.ts";
import { type Expression, region, sub } from "../../cfn/values.ts";
import { pascalCase } from "../../names.ts";
import { part, type Stack } from "../../stack.ts";
import { type NetworkSettings, networkPath } from "./settings.ts";
import type { Vpc } from "./subnets.ts";

const FROM = [...networkPath, "endpoints"];

/** Gateway endpoints for S3 and DynamoDB in all route tables; interface endpoints for the services asked for. */
export function addEndpoints(
  stack: Stack,
  vpc: Vpc,
  { endpoints }: NetworkSettings,
  subnets: readonly Expression[],
  routeTables: readonly Expression[],
): void {
  for (const service of ["s3", "dynamodb"]) {
    stack.add("AWS::EC2::VPCEndpoint", `${pascalCase(service)}GatewayEndpoint`, {
      VpcId: vpc.ref,
      ServiceName: sub`com.amazonaws.${region}.${service}`,
      VpcEndpointType: "Gateway",
      RouteTableIds: [...routeTables],
      Tags: [{ Key: "Name", Value: service }],
    });
  }
  const any = part("InterfaceEndpoints", endpoints.length > 0);
  const group = stack.add(
    "AWS::EC2::SecurityGroup",
    "InterfaceEndpointsSecurityGroup",
    {
      GroupDescription: "HTTPS from the VPC to its interface endpoints",
      VpcId: vpc.ref,
      SecurityGroupIngress: [
        {
          Description: "HTTPS from the VPC",
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          CidrIp: vpc.att("CidrBlock"),
        },
      ],
      SecurityGroupEgress: nowhere,
      Tags: [{ Key: "Name", Value: "interface-endpoints" }],
    },
    { part: any, from: FROM },
  );
  for (const service of endpoints) {
    const id = `${pascalCase(service)}InterfaceEndpoint`;
    stack.add(
      "AWS::EC2::VPCEndpoint",
      id,
      {
        VpcId: vpc.ref,
        ServiceName: sub`com.amazonaws.${region}.${service}`,
        VpcEndpointType: "Interface",
        PrivateDnsEnabled: true,
        SubnetIds: [...subnets],
        SecurityGroupIds: [group.ref],
        Tags: [{ Key: "Name", Value: service }],
      },
      { part: part(id, true, any), from: FROM },
    );
  }
}
