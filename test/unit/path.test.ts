/** Paths of the spec as people write and read them. */
import { expect, test } from "vitest";
import { formatPath, parsePath } from "../../compiler/path.ts";

test.each([
  [["environments", "dev", "network"], "environments.dev.network"],
  [["regions", 0], "regions[0]"],
  [["domains", "acme.example", "delegates", 1], 'domains."acme.example".delegates[1]'],
  [["a", 'with "quotes" and \\'], 'a."with \\"quotes\\" and \\\\"'],
] as const)("%j is written %s, and read again", (path, text) => {
  expect(formatPath(path)).toBe(text);
  expect(parsePath(text)).toEqual(path);
});

test.each(['"never closed', 'a."wrong \\x escape"', "a[one]"])("%s is no path", (text) => {
  expect(parsePath(text)).toBeUndefined();
});
