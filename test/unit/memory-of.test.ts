/** The memory of database classes, as AWS's table of them has it. */
import { expect, test } from "vitest";
import { memoryOf } from "../../compiler/components/stores/postgres/memory.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
test.each([
  ["db.t4g.micro", 1],
  ["db.t3.small", 2],
  ["db.t4g.medium", 4],
  ["db.t3.2xlarge", 32],
  ["db.m7g.large", 8],
  ["db.m5.12xlarge", 192],
  ["db.r7g.large", 16],
  ["db.r5b.24xlarge", 768],
  ["db.c6gd.medium", 2],
  ["db.x2g.16xlarge", 1024],
  ["db.x2iedn.xlarge", 128],
  ["db.x2iezn.2xlarge", 256],
  ["db.z1d.3xlarge", 96],
])("%s has %d GiB", (instanceClass, gib) => {
  expect(memoryOf(instanceClass)).toBe(gib);
});

test.each(["db.q9.large", "db.m5.metal", "cache.t4g.small", "db.r5.2xlarge.tpc2.mem2x"])(
  "of %s none is known",
  (instanceClass) => {
    expect(memoryOf(instanceClass)).toBeUndefined();
  },
);
