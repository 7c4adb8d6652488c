/** What runs at set times. */
import { showName } from "../../wording.ts";
import type { Checked } from "./check.ts";

/** When something runs, as `schema/definitions.json` describes it. */
export interface ScheduleSettings {
  readonly expression: string;
  readonly "time-zone": string;
}

/** Reports a time zone that there is not. */
export function checkTimeZone({
  name,
  settings: { schedule },
  complain,
}: Checked<{ readonly schedule?: ScheduleSettings }>): void {
  const zone = schedule?.["time-zone"];
  if (zone === undefined || isTimeZone(zone)) return;
  complain(
    "bad-value",
    ["schedule", "time-zone"],
    `\`${name}\` runs by the time of ${showName(zone)}, which is no time zone`,
    "the IANA database calls them by continent and city, such as Europe/Berlin",
  );
}

/** Whether the IANA database has a time zone of that name, as far as this Node knows it. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
