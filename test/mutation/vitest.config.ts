import { defineConfig } from "vitest/config";

/** The tests that mutants of a directory of the sources face: its own, and few of what is built on it. */
const FACED: Readonly<Record<string, readonly string[]>> = {
  bulk: ["solver/{anisotropicBulk,parts,reference}"],
  covariates: ["covariates/{laws,reference}"],
  equations: ["equations/{catalogue,errors,laws,reference}"],
  numerics: ["numerics/**"],
  observables: ["observables/**", "json/observables"],
  model: ["model/**", "json/{cases,reference}", "badInput"],
  ridge: ["solver/{reference,parts,extremeRidge,oscillating,squareLossEntry}"],
  spectrum: ["spectrum/**", "observables/featureSpectrum"],
};

const directories = process.env["MUTATE"]?.split(",") ?? Object.keys(FACED);
const faced = new Set(directories.flatMap((directory) => FACED[directory] ?? []));

export default defineConfig({
  test: {
    include: Array.from(faced, (tests) => `test/${tests}.test.ts`.replace("**.test.ts", "**/*.test.ts")),
    setupFiles: ["test/setup.ts", "test/mutation/quick.setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
