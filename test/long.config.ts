import { defineConfig } from "vitest/config";

/** Tests that take minutes: many more random cases than the suite has. */
export default defineConfig({
  test: {
    include: ["test/long/**/*.test.ts"],
    globalSetup: ["test/buildDirectory.setup.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
