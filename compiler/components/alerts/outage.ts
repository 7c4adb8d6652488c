/**
 * Outages: one message for all that is wrong with a thing, and none where what it needs is out of order, which is told
 * of already.
 */
import { type Expression, join } from "../../cfn/values.ts";
import { type Observation, outageName } from "../../observation.ts";
import type { Part, Stack } from "../../stack.ts";
import { told } from "./told.ts";

/** Seconds that an outage waits whether one of what it needs goes out of order too, whose alarms may take longer. */
const WAIT = 120;
/** Seconds that it has to recover when what it needs is in order again. */
const RECOVERY = 300;

/** What an outage is made of. */
export interface Outage {
  /** Its alarms, as a composite alarm's rule names each. */
  readonly rule: readonly (Expression | string)[];
  /** What it needs, and waits for. */
  readonly needs: readonly Observation[];
}

/** @param one which of several it is of in a stack; where absent, the stack's only one */
export function addOutage(
  stack: Stack,
  name: string,
  observation: Observation,
  { rule, needs }: Outage,
  one?: Part,
): void {
  const options = one ? { part: one } : {};
  const idPrefix = one?.name ?? "";
  const own = outageName(name, observation);
  const failing = needs.map((need) => outageName(name, need));
  const [only, ...others] = failing;
  const suppressor =
    others.length === 0
      ? only
      : stack.add(
          "AWS::CloudWatch::CompositeAlarm",
          `${idPrefix}NeedsAlarm`,
          {
            AlarmName: `${own}-needs`,
            AlarmDescription: `Something that ${observation.what} needs is out of order, so its own outage is not told of. It tells nobody.`,
            AlarmRule: anyOf(failing.map(isOn)),
          },
          options,
        ).ref;
  stack.add(
    "AWS::CloudWatch::CompositeAlarm",
    `${idPrefix}OutageAlarm`,
    {
      AlarmName: own,
      AlarmDescription: descriptionOf(observation),
      AlarmRule: anyOf(rule),
      AlarmActions: told,
      OKActions: told,
      ...(suppressor !== undefined && {
        ActionsSuppressor: suppressor,
        ActionsSuppressorWaitPeriod: WAIT,
        ActionsSuppressorExtensionPeriod: RECOVERY,
      }),
    },
    options,
  );
}

/** What to do first is with each alarm, and here too, since the message of an outage has no other description. */
function descriptionOf({ what, alarms }: Observation): string {
  const causes = alarms
    .filter(({ isOutage }) => isOutage)
    .map(({ name, means, first }) => `${name}: ${means}. First: ${first}.`);
  return [`Something is wrong with ${what}. The message names the alarms that say what:`, ...causes].join(
    "\n",
  );
}

/** A rule that is true while an alarm is on. */
export const isOn = (alarm: string): string => `ALARM("${alarm}")`;

/** The rule that is true while one is. */
function anyOf(rules: readonly (Expression | string)[]): Expression | string {
  const [only = "", ...others] = rules;
  return others.length === 0 ? only : join(" OR ", rules);
}
