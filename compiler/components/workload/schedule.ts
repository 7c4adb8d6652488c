/** What runs at set times. */
import { showName } from "../../wording.ts";
import type { Checked } from "./check.ts";

/** When something runs, as `schema/definitions.json` describes it. */
export interface ScheduleSettings {
  readonly expression: string;
  readonly "time-zone": string;
}

type Scheduled = Checked<{ readonly schedule?: ScheduleSettings }>;

/** Reports times and time zones that there are not. */
export function checkSchedule(checked: Scheduled): void {
  checkTimeZone(checked);
  const { expression } = checked.settings.schedule ?? {};
  if (expression?.startsWith("cron")) checkCron(checked, expression);
  else if (expression?.startsWith("at")) checkDate(checked, expression);
}

function checkTimeZone({ name, settings: { schedule }, complain }: Scheduled): void {
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
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A field of cron: its numbers, names for them in their order, and what it takes besides. */
interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  readonly besides?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */
const FIELDS: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "days of the month", from: 1, to: 31, besides: /^(\?|L|LW|L-\d+|([1-9]|[12]\d|3[01])W)$/ },
  { name: "months", from: 1, to: 12, names: MONTHS },
  {
    name: "days of the week",
    from: 1,
    to: 7,
    names: DAYS,
    besides: new RegExp(`^(\\?|L|([1-7]|${DAYS.join("|")})(L|#[1-5]))$`, "i"),
  },
  { name: "years", from: 1970, to: 2199 },
];

function checkCron({ name, complain }: Scheduled, expression: string): void {
  const texts = expression.slice("cron(".length, -1).split(" ");
  FIELDS.forEach((field, index) => {
    const wrong = texts[index]?.split(",").find((item) => !isIn(field, item));
    if (wrong === undefined) return;
    const { from, to, names } = field;
    complain(
      "bad-value",
      ["schedule", "expression"],
      `\`${name}\` runs by \`${expression}\`, and there are no ${field.name} \`${wrong}\``,
      `they are ${from} to ${to}${names ? `, or ${names[0]} to ${names.at(-1)}` : ""}; ranges have a hyphen, steps a slash, as in ${from}/2`,
    );
  });
}

/** Whether a field can be a number, a name, a range, `*`, one of these in steps, or what it takes besides. */
function isIn({ from, to, names = [], besides }: Field, item: string): boolean {
  const [range = "", step, ...rest] = item.split("/");
  const isOne = (text: string) =>
    names.includes(text.toUpperCase()) || (/^\d+$/.test(text) && Number(text) >= from && Number(text) <= to);
  const ends = range.split("-");
  const isRange = range === "*" || (ends.length <= 2 && ends.every(isOne));
  const isStep = step === undefined || (/^\d+$/.test(step) && Number(step) > 0);
  return besides?.test(item) || (isRange && isStep && rest.length === 0);
}

function checkDate({ name, complain }: Scheduled, expression: string): void {
  const date = expression.slice("at(".length, -1);
  // What there is not becomes another day, or none.
  const time = new Date(`${date}Z`);
  if (!Number.isNaN(time.getTime()) && time.toISOString().startsWith(date)) return;
  complain(
    "bad-value",
    ["schedule", "expression"],
    `\`${name}\` runs at ${date}, which is no time`,
    "write it as 2027-01-31T03:00:00",
  );
}
