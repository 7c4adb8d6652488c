/** A function at set times, by EventBridge Scheduler. */
import { type Handle, part } from "../../stack.ts";
import type { ScheduleSettings } from "../workload/schedule.ts";
import { policyOf, scheduleGroups, trust } from "../workload/statements.ts";
import type { Triggered } from "./index.ts";
import { sendTo } from "./role.ts";

/** Seconds after which a run that could not be started is given up: the next would be near. */
const GIVE_UP = 3600;

export function addSchedule(context: Triggered, schedule: ScheduleSettings): void {
  const { stack, what, path, target, within, deadLetters } = context;
  const options = { part: part("Schedule", true, ...within), from: [...path, "schedule"] };
  stack.add(
    "AWS::Scheduler::Schedule",
    "Schedule",
    {
      Description: `Runs ${what}`,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule["time-zone"],
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: target,
        RoleArn: addRole(context).att("Arn"),
        DeadLetterConfig: { Arn: deadLetters.att("Arn") },
        RetryPolicy: { MaximumEventAgeInSeconds: GIVE_UP, MaximumRetryAttempts: 10 },
      },
    },
    options,
  );
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role */
function addRole({ stack, what, path, target, within, deadLetters }: Triggered): Handle<"AWS::IAM::Role"> {
  return stack.add(
    "AWS::IAM::Role",
    "ScheduleRole",
    {
      Description: `Lets EventBridge Scheduler run ${what}`,
      AssumeRolePolicyDocument: trust("scheduler.amazonaws.com", scheduleGroups),
      Policies: [
        {
          PolicyName: "run-function",
          PolicyDocument: policyOf([
            { Sid: "Run", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: target },
            sendTo("KeepMissedRuns", deadLetters.att("Arn")),
          ]),
        },
      ],
    },
    { part: part("Schedule", true, ...within), from: [...path, "schedule"] },
  );
}
