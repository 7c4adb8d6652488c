import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts", "test/python/setup.ts"],
    reporters: ["default", "./test/support/summary.ts"],
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
