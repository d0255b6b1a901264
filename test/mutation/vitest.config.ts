import { defineConfig } from "vitest/config";

/** The tests that mutants of each directory of the sources face: its own, and those of what is built on it. */
const FACED: Readonly<Record<string, string>> = {
  numerics: "numerics",
  observables: "{observables,json}",
  model: "{model,json,solver}",
  solver: "{solver,json}",
};

export default defineConfig({
  test: {
    include: [
      `test/${FACED[process.env["MUTATE"] ?? ""] ?? "{numerics,activation,observables,model,solver,json}"}/**/*.test.ts`,
    ],
    setupFiles: ["test/setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
