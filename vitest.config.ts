import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts", "test/python/setup.ts"],
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
