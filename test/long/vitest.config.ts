import { defineConfig } from "vitest/config";

/** Tests that take minutes: the whole audit, fuzzing, load. The suite has a sample of each. */
export default defineConfig({
  test: {
    include: ["test/long/**/*.long.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    fileParallelism: false,
  },
});
