import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup.ts", "test/python/setup.ts", "test/vpn/setup.ts"],
    reporters: ["default", "./test/support/summary.ts"],
    // Its versions of 2027 will need a newer Node; ours is pinned.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
