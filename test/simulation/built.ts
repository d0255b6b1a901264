import { buildLibrary } from "../built.ts";

/** The simulation as it is published. */
export interface Built {
  readonly directory: string;
  readonly simulation: typeof import("../../src/simulation/index.ts");
  readonly remove: () => Promise<void>;
}

export async function buildSimulation(): Promise<Built> {
  const { directory, load, remove } = await buildLibrary();
  const simulation = (await load("simulation/index.js")) as Built["simulation"];
  return { directory: `${directory}/simulation`, simulation, remove };
}
