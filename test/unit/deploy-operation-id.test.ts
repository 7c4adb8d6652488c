/** Names of operations: the same wish, the same name. */
import { expect, test } from "vitest";
import type { LiveOperation } from "../../deploy/live.ts";
import type { DesiredStackSet, Target } from "../../deploy/manifest.ts";
import { finalName, finalRefreshName, isFulfilled, nextNumber, stepName } from "../../deploy/operation-id.ts";

const desired = { template: "Resources: {}", tags: [], capabilities: [] } as unknown as DesiredStackSet;
const target = (id: string) => ({ id, region: "eu-west-1" }) as Target;
const wish = { stackSetId: "acme-network:1", desired, targets: [target("1"), target("2")] };
const operation = (id: string, more: Partial<LiveOperation> = {}): LiveOperation => ({
  id,
  action: "UPDATE",
  status: "SUCCEEDED",
  failed: 0,
  createdAt: 0,
  ...more,
});
const BASE = finalName(wish);

test("a name says who made it, is short enough, and has only what AWS allows", () => {
  expect(`${BASE}-${nextNumber(BASE, [])}`).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/);
  expect(BASE).toMatch(/^landform-[0-9a-f]{32}-final$/);
});

test("the same wish has the same name, whatever the order of its targets", () => {
  expect(finalName({ ...wish, targets: wish.targets.toReversed() })).toBe(BASE);
});

test.each([
  ["another template", { ...wish, desired: { ...desired, template: "Resources: {A: 1}" } }],
  ["other targets", { ...wish, targets: [target("1")] }],
  ["a stack set that was made again", { ...wish, stackSetId: "acme-network:2" }],
])("%s is another wish", (_, other) => {
  expect(finalName(other)).not.toBe(BASE);
});

test("a step on the way is named for what it does", () => {
  const batch = { accounts: ["1"], regions: ["eu-west-1"] };
  expect(stepName(wish, "update", batch)).toBe(stepName(wish, "update", batch));
  expect(stepName(wish, "update", batch)).not.toBe(stepName(wish, "add", batch));
});

test("a refresh is another operation than the deploy, after which the same wish is fulfilled", () => {
  const batch = { accounts: ["1", "2"], regions: ["eu-west-1"] };
  const base = finalRefreshName(wish, batch);
  const first = operation(`${base}-1`);
  expect(first.id).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/);
  expect(isFulfilled(BASE, [first, operation(`${BASE}-1`)])).toBe(true);
  expect(nextNumber(BASE, [first])).toBe(1);
  expect(nextNumber(base, [first])).toBe(2);
  expect(finalRefreshName(wish, { ...batch, accounts: ["1"] })).not.toBe(base);
});

test("a wish that comes again gets the next number", () => {
  expect(nextNumber(BASE, [operation(`${BASE}-1`), operation("other"), operation(`${BASE}-2`)])).toBe(3);
});

test.each<[string, LiveOperation[], boolean]>([
  ["its operation is the newest and went well", [operation(`${BASE}-2`), operation("other")], true],
  [
    "only a look for drift came after",
    [operation("d", { action: "DETECT_DRIFT" }), operation(`${BASE}-1`)],
    true,
  ],
  ["another operation came after", [operation("other"), operation(`${BASE}-1`)], false],
  ["it failed", [operation(`${BASE}-1`, { status: "FAILED" })], false],
  ["stacks failed within its tolerance", [operation(`${BASE}-1`, { failed: 1 })], false],
  ["it runs", [operation(`${BASE}-1`, { status: "RUNNING" })], false],
  [
    "a look for drift runs",
    [operation("d", { action: "DETECT_DRIFT", status: "RUNNING" }), operation(`${BASE}-1`)],
    false,
  ],
  ["there was none", [], false],
])("a wish is fulfilled where %s: %s", (_, operations, expected) => {
  expect(isFulfilled(BASE, operations)).toBe(expected);
});
