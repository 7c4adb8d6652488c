/** The log groups a database writes to. */
import { Import } from "../../../cfn/values.ts";
import type { Handle, ResourceOptions } from "../../../stack.ts";
import { keysOutputs } from "../../keys.ts";
import type { StoreContext } from "../index.ts";

export const LOGS = ["postgresql", "upgrade"] as const;

/** The group that RDS writes a log of a database to. */
export const logGroupOf = (identifier: string, log: (typeof LOGS)[number]): string =>
  `/aws/rds/instance/${identifier}/${log}`;

/**
 * RDS would make these groups itself, unencrypted and for ever; so they are there before the database.
 *
 * @param prefix of the logical IDs
 */
export function addLogGroups(
  { stack, settings, path }: StoreContext,
  identifier: string,
  prefix: string,
  options: ResourceOptions,
): Handle<"AWS::Logs::LogGroup">[] {
  return LOGS.map((log) =>
    stack.add(
      "AWS::Logs::LogGroup",
      `${prefix}${log === "upgrade" ? "Upgrade" : "Postgresql"}LogGroup`,
      {
        LogGroupName: logGroupOf(identifier, log),
        RetentionInDays: settings["log-retention-days"],
        KmsKeyId: new Import(keysOutputs.logsKeyArn),
      },
      { from: [...path, "log-retention-days"], ...options },
    ),
  );
}
