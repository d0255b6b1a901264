import { defineConfig } from "vitest/config";

/** Tests that start processes, servers or a browser, whose late events must not reach another file. */
const WITH_PROCESSES = ["cli/serve", "queue/*", "simulation/workers", "site/*"].map((path) => `test/${path}.test.ts`);

export default defineConfig({
  test: {
    globalSetup: ["test/buildDirectory.setup.ts"],
    setupFiles: ["test/setup.ts"],
    // By default one core is left to others: of two, half.
    maxWorkers: "100%",
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // What is polled comes late on a busy machine: only what never comes is a failure.
    expect: { poll: { timeout: 60_000 } },
    coverage: { provider: "v8", include: ["src/**/*.ts"] },
    projects: [
      {
        extends: true,
        // The sources are loaded once by a worker, and stay compiled: a quarter of the time.
        test: {
          name: "theory",
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: ["test/long/**", ...WITH_PROCESSES],
        },
      },
      { extends: true, test: { name: "processes", include: WITH_PROCESSES } },
    ],
  },
});
