/** Sessions: what Session Manager does in a Region with every session, whoever's instance it is on. */
import { securityAccountOf } from "../../architecture.ts";
import { Import, type Output } from "../../cfn/values.ts";
import type { Component } from "../../component.ts";
import { Stack } from "../../stack.ts";
import { baselineOutputs } from "../baseline/outputs.ts";
import { keysOutputs } from "../keys.ts";
import { checkSessions } from "./check.ts";
import { hasInstances } from "./upkeep.ts";

const STACK_SET = "sessions";

const sessionsPath = ["security", "sessions"] as const;

/** There wherever instances of ours are. */
export const sessionsOutputs = {
  keyArn: {
    stackSet: STACK_SET,
    name: "key-arn",
    type: "String",
    description: "ARN of the key that encrypts sessions on instances",
  },
  logGroupArn: {
    stackSet: STACK_SET,
    name: "log-group-arn",
    type: "String",
    description: "ARN of the log group that takes the sessions on instances, to which their roles must write",
  },
} as const satisfies Record<string, Output>;

/** Minutes without a key pressed, after which a session ends. */
const IDLE_MINUTES = "15";

interface SessionsSettings {
  readonly "log-retention-days": number;
}

export const sessions: Component<SessionsSettings, undefined> = {
  path: sessionsPath,
  scope: "everywhere",
  check: checkSessions,
  build({ name, architecture, placement, settings }) {
    const isWatched = securityAccountOf(architecture.spec) !== undefined;
    if (!isWatched && !hasInstances(architecture, placement)) return [];
    const stack = new Stack(name, STACK_SET, "What Session Manager does with sessions", sessionsPath);
    const key = new Import(isWatched ? baselineOutputs.keyArn : keysOutputs.logsKeyArn);
    const group = stack.add(
      "AWS::Logs::LogGroup",
      "LogGroup",
      { LogGroupName: `/${name}/sessions`, RetentionInDays: settings["log-retention-days"], KmsKeyId: key },
      { retain: true },
    );
    // The name by which Session Manager knows its preferences:
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-preferences-cli.html
    stack.add("AWS::SSM::Document", "Preferences", {
      Name: "SSM-SessionManagerRunShell",
      DocumentType: "Session",
      DocumentFormat: "JSON",
      UpdateMethod: "NewVersion",
      Content: {
        schemaVersion: "1.0",
        description: "What Session Manager does with sessions",
        sessionType: "Standard_Stream",
        inputs: {
          cloudWatchLogGroupName: group.ref,
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          kmsKeyId: key,
          idleSessionTimeout: IDLE_MINUTES,
          runAsEnabled: false,
        },
      },
    });
    stack.publish(sessionsOutputs.keyArn, key);
    stack.publish(sessionsOutputs.logGroupArn, group.att("Arn"));
    return [stack.build()];
  },
};
