import { builtLibrary } from "../built.ts";

/** The simulation as it is published. */
export interface Built {
  readonly directory: string;
  readonly simulation: typeof import("../../src/simulation/index.ts");
}

export async function builtSimulation(): Promise<Built> {
  const { directory, load } = await builtLibrary();
  const simulation = (await load("simulation/index.js")) as Built["simulation"];
  return { directory: `${directory}/simulation`, simulation };
}
