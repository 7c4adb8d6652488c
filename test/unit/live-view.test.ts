/** What a deployment on its way looks like on a terminal. */
import pc from "picocolors";
import { expect, test } from "vitest";
import { type Row, render } from "../../cli/deploy/live-view.ts";
import type { Manifest } from "../../deploy/manifest.ts";

const REGION = "eu-west-1";
const target = (environment: string, id: string) => ({
  environment,
  account: environment,
  id,
  region: REGION,
});
const manifest = {
  waves: [["keys"], ["network", "vpn"]],
  stackSets: [{ targets: [target("dev", "1"), target("prod", "2")] }],
} as unknown as Manifest;

const keys: Row = {
  name: "keys",
  waitsFor: [],
  text: "unchanged",
  mark: "good",
  startedAt: 0,
  endedAt: 2_000,
  results: [],
};
const network: Row = {
  name: "network",
  waitsFor: ["keys"],
  text: "update running",
  mark: "busy",
  startedAt: 2_000,
  results: [
    { id: "1", region: REGION, status: "SUCCEEDED", reason: "" },
    { id: "2", region: REGION, status: "RUNNING", reason: "" },
  ],
};
const vpn: Row = { name: "vpn", waitsFor: ["network"], text: "", mark: "waiting", results: [] };

const show = (rows: readonly Row[], height = 24, waves = manifest.waves) =>
  render(manifest, {
    title: "deploying acme",
    rows,
    waves,
    now: 75_000,
    height,
    colors: pc.createColors(false),
  }).split("\n");

test("waves, stack sets and stacks, with the time each takes", () => {
  expect(show([keys, network, vpn])).toEqual([
    "deploying acme  1m 15s",
    "wave 1",
    "  ✔ keys     unchanged  2s",
    "wave 2",
    "  ⠴ network  update running  1/2  dev prod  1m 13s",
    "  · vpn      after network",
  ]);
});

test("many stacks are counted", () => {
  const results = Array.from({ length: 500 }, (_, index) => ({
    id: String(index),
    region: REGION,
    status: index < 123 ? ("SUCCEEDED" as const) : ("PENDING" as const),
    reason: "",
  }));
  expect(show([{ ...network, results }])).toContain("  ⠴ network  update running  123/500  1m 13s");
});

test("on a low terminal, what failed or is on its way stays in sight", () => {
  const rows = [keys, network, { ...vpn, mark: "bad" as const, text: "failed" }];
  expect(show(rows, 7)).toEqual([
    "deploying acme  1m 15s",
    "wave 2",
    "  ⠴ network  update running  1/2  dev prod  1m 13s",
    "  ✖ vpn      failed",
    "  and 1 more",
  ]);
});

test("what has no order stands without waves", () => {
  expect(show([network], 24, [])).toEqual([
    "deploying acme  1m 15s",
    "  ⠴ network  update running  1/2  dev prod  1m 13s",
  ]);
});
