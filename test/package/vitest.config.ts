import { defineConfig } from "vitest/config";

/** The checks of the published package: they build, pack and install it, so they are no part of the suite. */
export default defineConfig({
  test: {
    include: ["test/package/*.check.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
