/** A task at set times, by EventBridge Scheduler; what could not be started is kept in a queue. */
import { accountId, Import, partition, region, sub } from "../../cfn/values.ts";
import type { Handle } from "../../stack.ts";
import { clusterOutputs } from "../cluster/outputs.ts";
import { policyOf, scheduleGroups, trust } from "../workload/statements.ts";
import { capacityOf, strategyOf } from "./capacity.ts";
import type { ServiceContext } from "./index.ts";
import { networkOf } from "./service.ts";
import type { ServiceSettings } from "./settings.ts";
import type { Task } from "./task.ts";

/** Seconds after which a task that could not be started is given up: the next run would be near. */
const GIVE_UP = 3600;
/** Seconds, two weeks: the longest SQS keeps a message. */
const KEPT = 1_209_600;

export function addSchedule(
  context: ServiceContext,
  schedule: NonNullable<ServiceSettings["schedule"]>,
  task: Task,
): void {
  const { stack, what, path, settings, architecture, placement } = context;
  const from = [...path, "schedule"];
  const queue = stack.add(
    "AWS::SQS::Queue",
    "MissedRuns",
    { SqsManagedSseEnabled: true, MessageRetentionPeriod: KEPT },
    { from },
  );
  const role = addRole(context, task, queue);
  stack.add(
    "AWS::Scheduler::Schedule",
    "Schedule",
    {
      Description: `Runs ${what}`,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule["time-zone"],
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: new Import(clusterOutputs.arn),
        RoleArn: role.att("Arn"),
        EcsParameters: {
          TaskDefinitionArn: task.definition.ref,
          TaskCount: 1,
          CapacityProviderStrategy: strategyOf(capacityOf(architecture, placement, settings)),
          NetworkConfiguration: networkOf(context),
          EnableECSManagedTags: true,
          PropagateTags: "TASK_DEFINITION",
        },
        DeadLetterConfig: { Arn: queue.att("Arn") },
        RetryPolicy: { MaximumEventAgeInSeconds: GIVE_UP, MaximumRetryAttempts: 10 },
      },
    },
    { from },
  );
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role */
function addRole(
  { stack, what, name, service }: ServiceContext,
  { roles }: Task,
  queue: Handle<"AWS::SQS::Queue">,
): Handle<"AWS::IAM::Role"> {
  return stack.add("AWS::IAM::Role", "ScheduleRole", {
    Description: `Lets EventBridge Scheduler start ${what}`,
    AssumeRolePolicyDocument: trust("scheduler.amazonaws.com", scheduleGroups),
    Policies: [
      {
        PolicyName: "run-task",
        PolicyDocument: policyOf([
          {
            Sid: "RunTask",
            Effect: "Allow",
            Action: "ecs:RunTask",
            Resource: sub`arn:${partition}:ecs:${region}:${accountId}:task-definition/${`${name}-${service}`}:*`,
            Condition: { ArnEquals: { "ecs:cluster": new Import(clusterOutputs.arn) } },
          },
          {
            Sid: "TagTask",
            Effect: "Allow",
            Action: "ecs:TagResource",
            Resource: sub`arn:${partition}:ecs:${region}:${accountId}:task/*`,
            Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
          },
          {
            Sid: "PassRoles",
            Effect: "Allow",
            Action: "iam:PassRole",
            Resource: roles.map((role) => role.att("Arn")),
            Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
          },
          { Sid: "KeepMissedRuns", Effect: "Allow", Action: "sqs:SendMessage", Resource: queue.att("Arn") },
        ]),
      },
    ],
  });
}
