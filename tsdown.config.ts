import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

/** Packages whose code is in the bundle: the theory's two, and those that they need. */
const BUNDLED = [
  ...["ml-matrix", "gauss-quadrature", "is-any-array"],
  ...["ml-array-max", "ml-array-min", "ml-array-rescale"],
];

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "cli/main": "src/cli/main.ts",
    "cli/serve/thread": "src/cli/serve/threadEntry.ts",
    "data/index": "src/data/index.ts",
    "data/browser": "src/data/browser.ts",
    "equations/index": "src/equations/index.ts",
    "numerics/index": "src/numerics/index.ts",
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
  // A neutral platform keeps the theory free of Node; the command line names its Node modules itself.
  // The theory's own two packages come along: in their sources, of which what is not used stays out.
  alias: { "ml-matrix": fileURLToPath(new URL("node_modules/ml-matrix/src/index.js", import.meta.url)) },
  // Their licences ask for their notices beside the copy.
  copy: BUNDLED.map((name) => ({ from: `node_modules/${name}/LICENSE`, to: `dist/licenses`, rename: name })),
  deps: { neverBundle: [/^node:/], alwaysBundle: ["ml-matrix", "gauss-quadrature"], onlyBundle: false },
});
