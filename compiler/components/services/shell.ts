/** Shells in containers, by ECS Exec: the rights that a task's role needs for them. */
import { accountId, Import, partition, region, sub } from "../../cfn/values.ts";
import { type Handle, part } from "../../stack.ts";
import { clusterOutputs } from "../cluster/outputs.ts";
import { keysOutputs } from "../keys.ts";
import { policyOf } from "../workload/statements.ts";
import type { ServiceContext } from "./index.ts";

const logGroups = sub`arn:${partition}:logs:${region}:${accountId}:log-group:*`;

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
export function addShell({
  stack,
  role,
  path,
}: Pick<ServiceContext, "stack" | "role" | "path">): Handle<"AWS::IAM::RolePolicy"> {
  return stack.add(
    "AWS::IAM::RolePolicy",
    "ShellPolicy",
    {
      RoleName: role.ref,
      PolicyName: "shell",
      PolicyDocument: policyOf([
        {
          // These actions know no resource: they act on the sessions of the container itself.
          Sid: "TakeSessions",
          Effect: "Allow",
          Action: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          Resource: "*",
        },
        { Sid: "FindLog", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: logGroups },
        {
          Sid: "LogSessions",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: new Import(clusterOutputs.commandLogGroupArn),
        },
        {
          Sid: "DecryptSessions",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: new Import(keysOutputs.logsKeyArn),
        },
      ]),
    },
    { part: part("Shell", true), from: [...path, "shell"] },
  );
}
