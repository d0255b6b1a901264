import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

/** Packages whose code is in the bundle: the theory's two, and those that they need. */
const BUNDLED = [
  ...["ml-matrix", "gauss-quadrature", "is-any-array"],
  ...["ml-array-max", "ml-array-min", "ml-array-rescale"],
];

/** Modules of the sources, not their declarations, in some folders. */
const within =
  (...folders: string[]) =>
  (id: string): boolean =>
    !id.endsWith(".d.ts") && folders.some((folder) => id.includes(`/src/${folder}`));

/**
 * Files that hold many modules: at a start, files cost more than their lengths. A bundler leaves out whole files, but not every
 * line that a file does not need; so ridge regression has one of its own.
 */
const CHUNKS = [
  { name: "errors", test: within("errors.ts"), priority: 2 },
  { name: "parameters", test: within("parameters/"), priority: 1 },
  { name: "eigen", test: within("numerics/symmetricEigen.ts"), priority: 1 },
  { name: "ridge", test: within("activation/", "bulk/", "model/", "numerics/", "problem/", "ridge/") },
  {
    name: "library",
    test: within(
      ...["convex/", "covariates/", "curve/", "loss/", "multiIndex/", "observables/", "plot/", "solve/solve.ts"],
      ...["solve/modelSolver.ts", "solve/recent.ts", "spectrum/", "statistics/", "target/", "tuning/"],
    ),
  },
];

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "solve/index": "src/solve/index.ts",
    "cli/main": "src/cli/main.ts",
    "cli/serve/thread": "src/cli/serve/threadEntry.ts",
    "data/index": "src/data/index.ts",
    "data/browser": "src/data/browser.ts",
    "equations/index": "src/equations/index.ts",
    "numerics/index": "src/numerics/index.ts",
    "compare/index": "src/compare/index.ts",
    "simulation/index": "src/simulation/index.ts",
    "simulation/browser": "src/simulation/browser.ts",
    "simulation/worker": "src/simulation/worker.ts",
    "queue/index": "src/queue/index.ts",
    "queue/summaryThread": "src/queue/summaryThread.ts",
  },
  // Few files to read at a start. What several entries share lies in chunks beside the folders of the entries, so that a
  // module that starts a thread finds its file there.
  format: "esm",
  platform: "neutral",
  target: "es2022",
  dts: true,
  sourcemap: true,
  clean: true,
  outputOptions: { codeSplitting: { groups: CHUNKS } },
  minify: true,
  // A neutral platform keeps the theory free of Node; the command line names its Node modules itself.
  // The theory's own two packages come along: in their sources, of which what is not used stays out.
  alias: { "ml-matrix": fileURLToPath(new URL("node_modules/ml-matrix/src/index.js", import.meta.url)) },
  // Their licences ask for their notices beside the copy.
  copy: BUNDLED.map((name) => ({ from: `node_modules/${name}/LICENSE`, to: `dist/licenses`, rename: name })),
  deps: { neverBundle: [/^node:/], alwaysBundle: ["ml-matrix", "gauss-quadrature"], onlyBundle: false },
});
