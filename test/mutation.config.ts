import { defineConfig } from "vitest/config";

/** The tests that mutation testing runs: those of the code it mutates. */
export default defineConfig({
  test: {
    include: ["test/{activation,numerics,solver,model,observables,curve,json}/**/*.test.ts", "test/badInput.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
