import { choice, integer, type Kind, number } from "./kinds.ts";

/** What the table says of a parameter of a simulation. */
export interface SimulationParameter {
  readonly symbol: string;
  readonly meaning: string;
  readonly kind: Kind;
  /** What happens where it is left out, in words. */
  readonly optional?: string;
}

/** How finite networks are simulated: the same names in the library, on the command line and in a file. */
export const SIMULATION_PARAMETERS = {
  dimension: { symbol: "d", meaning: "input dimension of the simulated networks", kind: integer(2) },
  trials: { symbol: "count", meaning: "simulated networks", kind: integer(1, 1e7), optional: "10" },
  seed: { symbol: "seed", meaning: "seed of the simulation", kind: integer(0), optional: "0" },
  testSamples: { symbol: "count", meaning: "test samples of each trial", kind: integer(1), optional: "5000" },
  standardError: {
    symbol: "error",
    meaning: "adds trials until the standard error of the test (classification) error is this",
    kind: number("positive"),
    optional: "no more trials",
  },
  maximalTrials: { symbol: "count", meaning: "limit on those trials", kind: integer(1, 1e7), optional: "1000" },
  backend: {
    symbol: "name",
    meaning: "linear algebra",
    kind: choice("auto", "openblas", "wasm", "ml-matrix"),
    optional: "auto",
  },
  workers: {
    symbol: "count",
    meaning: "trials at a time; 0 for none but this process",
    kind: integer(0),
    optional: "one per processor",
  },
} as const satisfies Readonly<Record<string, SimulationParameter>>;
