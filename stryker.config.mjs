/** What is mutated: a directory of src, or several by commas; without it, all that are held to a score. */
const directories = process.env["MUTATE"] ?? "numerics,ridge,bulk,equations,covariates,spectrum,model,observables";

export default {
  testRunner: "in-process",
  plugins: ["./test/mutation/inProcess.mjs", "./test/mutation/sample.mjs"],
  checkers: ["sample"],
  mutate: directories.split(",").map((directory) => `src/${directory}/**/*.ts`),
  reporters: ["json", "progress-append-only"],
  jsonReporter: { fileName: `reports/mutation-${directories}-${process.env["MUTATION_DRAW"] ?? 0}.json` },
  disableTypeChecks: false,
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  concurrency: 1,
  // Generous: a slow machine must not pass for a mutant that never ends.
  timeoutMS: 5_000,
  timeoutFactor: 3,
  dryRunTimeoutMinutes: 60,
  thresholds: { high: 95, low: 85, break: null },
};
