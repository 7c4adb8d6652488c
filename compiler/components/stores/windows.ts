/** Backup and maintenance windows. */
import type { Checked } from "./check.ts";

const DAY = 24 * 60;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Minutes of a day or of a week. */
interface Window {
  readonly start: number;
  readonly minutes: number;
}

/** @param text `02:00-03:00`, or `sun:04:00-sun:05:00` */
export function parseWindow(text: string): Window {
  const [start = 0, end = 0] = text.split("-").map(minuteOf);
  const cycle = /[a-z]/.test(text) ? 7 * DAY : DAY;
  return { start, minutes: (end - start + cycle) % cycle };
}

function minuteOf(time: string): number {
  const [minutes = 0, hours = 0] = time.split(":").slice(-2).toReversed().map(Number);
  return Math.max(DAYS.indexOf(time.slice(0, 3)), 0) * DAY + hours * 60 + minutes;
}

/** Whether a daily window and a weekly one have a minute in common. */
export function windowsOverlap(daily: Window, weekly: Window): boolean {
  const gap = (from: number, to: number) => (((to - from) % DAY) + DAY) % DAY;
  return gap(daily.start, weekly.start) < daily.minutes || gap(weekly.start, daily.start) < weekly.minutes;
}

/**
 * Reports windows that a service would refuse: too short, or overlapping.
 *
 * @param shortest minutes the service needs at least for each
 * @param keys the windows that the store has
 */
export function checkWindows(
  { settings, placeOf, report }: Checked,
  service: string,
  shortest: number,
  keys: readonly ("backup-window" | "maintenance-window")[],
): void {
  const bad = (key: string, message: string, help: string) =>
    report({ code: "bad-value", message, help, at: placeOf(key) });
  const short = keys.filter((key) => parseWindow(settings[key]).minutes < shortest);
  for (const key of short) {
    bad(key, `${settings[key]} is too short`, `${service} wants ${shortest} minutes or more`);
  }
  const { "backup-window": backup, "maintenance-window": maintenance } = settings;
  if (short.length > 0 || keys.length < 2) return;
  if (windowsOverlap(parseWindow(backup), parseWindow(maintenance))) {
    const message = `the backup window ${backup} overlaps the maintenance window ${maintenance}`;
    bad("backup-window", message, "move one of them");
  }
}
