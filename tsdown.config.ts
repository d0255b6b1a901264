import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "cli/main": "src/cli/main.ts",
    "equations/index": "src/equations/index.ts",
    "numerics/index": "src/numerics/index.ts",
    "simulation/index": "src/simulation/index.ts",
    "simulation/browser": "src/simulation/browser.ts",
    "simulation/worker": "src/simulation/worker.ts",
    "queue/index": "src/queue/index.ts",
    "queue/summaryThread": "src/queue/summaryThread.ts",
  },
  // One file per module: the files of worker threads keep their places beside the modules that start them.
  unbundle: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  dts: true,
  sourcemap: true,
  clean: true,
  // A neutral platform keeps the theory free of Node; the command line names its Node modules itself.
  deps: { neverBundle: [/^node:/] },
});
