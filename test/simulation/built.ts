import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "tsdown";

/** The simulation as it is published: worker threads load JavaScript files, which the sources are not. */
export interface Built {
  readonly directory: string;
  readonly simulation: typeof import("../../src/simulation/index.ts");
  readonly remove: () => Promise<void>;
}

/** Builds the simulation into a directory of its own, where its dependencies resolve. */
export async function buildSimulation(): Promise<Built> {
  const directory = await mkdtemp("node_modules/.simulation-");
  await build({
    config: false,
    entry: { index: "src/simulation/index.ts", worker: "src/simulation/worker.ts" },
    outDir: directory,
    unbundle: true,
    format: "esm",
    platform: "neutral",
    dts: false,
    logLevel: "silent",
    clean: false,
  });
  const url = pathToFileURL(join(directory, "index.js")).href;
  const simulation = (await import(/* @vite-ignore */ url)) as Built["simulation"];
  return { directory, simulation, remove: () => rm(directory, { recursive: true }) };
}
