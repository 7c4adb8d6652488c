/** What others read of the audit. */
import type { Output } from "../../cfn/values.ts";

export const TRAIL = "trail";

/** The log group of an account's trail. */
export const trailLogGroup = (specName: string): string => `/${specName}/${TRAIL}`;

export const auditOutputs = {
  /** In each account's home Region, for whoever counts what is said to the account. */
  trailLogGroupName: {
    stackSet: TRAIL,
    name: "log-group-name",
    type: "String",
    description: "Name of the log group that the account's trail writes to",
  },
} as const satisfies Record<string, Output>;
