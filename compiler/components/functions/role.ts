/** The role of a function: no more than it must have to run. */
import {
  accountId,
  type Expression,
  Import,
  type PlainObject,
  partition,
  region,
  sub,
  type Value,
} from "../../cfn/values.ts";
import type { Handle } from "../../stack.ts";
import { keysOutputs } from "../keys.ts";
import { secretOutput, secretsOutputs } from "../secrets/outputs.ts";
import { policyOf, readSecrets, trust } from "../workload/statements.ts";
import type { FunctionContext } from "./index.ts";

/** The ARN of a function by its name: it comes after its role. */
const functionArn = (name: string): Expression =>
  sub`arn:${partition}:lambda:${region}:${accountId}:function:${name}`;

/** @param more what it may do besides */
export function addRole(
  { stack, what, physicalName, settings }: FunctionContext,
  isInVpc: boolean,
  more: readonly PlainObject[],
): Handle<"AWS::IAM::Role"> {
  const own = functionArn(physicalName);
  const secrets = settings.secrets.map((secret) => ({
    secretArn: new Import(secretOutput(secret)),
    keyArn: new Import(secretsOutputs.keyArn),
  }));
  return stack.add("AWS::IAM::Role", "Role", {
    Description: `What ${what} may do`,
    AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
    Policies: [
      {
        PolicyName: "run",
        PolicyDocument: policyOf([
          ...more,
          decryptVariables(own),
          ...(settings.tracing ? [TRACE] : []),
          ...readSecrets(secrets),
        ]),
      },
      ...(isInVpc ? [{ PolicyName: "attach-to-vpc", PolicyDocument: policyOf(attachToVpc(own)) }] : []),
    ],
  });
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/services-lambda.html */
const decryptVariables = (own: Expression): PlainObject => ({
  Sid: "DecryptVariables",
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: new Import(keysOutputs.variablesKeyArn),
  Condition: { StringEquals: { "kms:EncryptionContext:aws:lambda:FunctionArn": own } },
});

/** These actions can be limited to no resource. */
const TRACE: PlainObject = {
  Sid: "Trace",
  Effect: "Allow",
  Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  Resource: "*",
};

const INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
];
const LOOKING_ACTIONS = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];

/**
 * Lambda makes its network interfaces by the function's role, and needs all interfaces of the account for that; what
 * calls from inside the function may not.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
const attachToVpc = (own: Expression): PlainObject[] => [
  {
    Sid: "AttachToVpc",
    Effect: "Allow",
    Action: INTERFACE_ACTIONS,
    Resource: sub`arn:${partition}:ec2:${region}:${accountId}:*/*`,
  },
  // These actions can be limited to no resource.
  { Sid: "LookAtVpc", Effect: "Allow", Action: LOOKING_ACTIONS, Resource: "*" },
  {
    Sid: "NotByItsCode",
    Effect: "Deny",
    Action: [...INTERFACE_ACTIONS, ...LOOKING_ACTIONS],
    Resource: "*",
    Condition: { ArnEquals: { "lambda:SourceFunctionArn": own } },
  },
];

/** The statement by which somebody puts messages into a queue. */
export const sendTo = (sid: string, queueArn: Value): PlainObject => ({
  Sid: sid,
  Effect: "Allow",
  Action: "sqs:SendMessage",
  Resource: queueArn,
});
