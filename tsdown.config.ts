import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "cli/main": "src/cli/main.ts",
    "simulation/index": "src/simulation/index.ts",
    "simulation/browser": "src/simulation/browser.ts",
    "simulation/worker": "src/simulation/worker.ts",
  },
  // One file per module: the worker thread's file keeps its place beside the module that starts it.
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
