/** Backup and maintenance windows: how long they are, and whether they overlap on some day. */
import { expect, test } from "vitest";
import { parseWindow, windowsOverlap } from "../../compiler/components/stores/windows.ts";

test.each([
  ["02:00-03:00", 60],
  ["23:30-00:30", 60],
  ["sun:23:30-mon:00:15", 45],
  ["sat:22:00-sun:04:00", 360],
  ["04:00-04:00", 0],
])("%s has %i minutes", (text, minutes) => {
  expect(parseWindow(text).minutes).toBe(minutes);
});

test.each([
  ["02:00-03:00", "sun:03:00-sun:04:00", false],
  ["02:00-03:00", "sun:02:59-sun:03:59", true],
  ["02:00-03:00", "sat:23:00-sun:02:01", true],
  ["23:30-00:30", "mon:00:29-mon:01:00", true],
  ["23:30-00:30", "mon:00:30-mon:23:30", false],
  ["02:00-03:00", "sun:22:00-tue:01:00", true],
])("%s and %s overlap: %s", (daily, weekly, overlap) => {
  expect(windowsOverlap(parseWindow(daily), parseWindow(weekly))).toBe(overlap);
});
