import { z } from "zod";
import type { AnyDescription } from "../model/description.ts";
import type { NodeSimulationOptions } from "../simulation/index.ts";
import { ParameterError } from "../errors.ts";
import { withLossPoint } from "../json/description.ts";
import { choice } from "../json/fields.ts";
import { type CliOption, option } from "./modelOptions.ts";
import type { SweptModel } from "./sweptModel.ts";

const count = z.int({ error: "a whole number" });
const number = z.number({ error: "a number" });

/** Which finite networks stand beside the theory. */
export const networkFields = {
  simulate: choice("network", "srf", "model").exactOptional(),
  dimension: count.exactOptional(),
} as const;

export const NETWORK_OPTIONS: readonly CliOption[] = [
  option("simulate", "text", "what", "network (trained), srf (its surrogate), or model (as described)"),
  option("dimension", "number", "d", "input dimension of the simulated networks"),
];

/** How finite networks are simulated: the same names on the command line and in a file. */
export const simulationFields = {
  trials: count.exactOptional(),
  seed: count.exactOptional(),
  testSamples: count.exactOptional(),
  standardError: number.exactOptional(),
  maximalTrials: count.exactOptional(),
  backend: choice("auto", "openblas", "wasm", "ml-matrix").exactOptional(),
  workers: count.exactOptional(),
} as const;
export type SimulationFields = z.infer<z.ZodObject<typeof simulationFields>>;

export const SIMULATION_OPTIONS: readonly CliOption[] = [
  option("trials", "number", "count", "simulated networks (default 10)"),
  option("seed", "number", "seed", "seed of the simulation (default 0)"),
  option("testSamples", "number", "count", "test samples of each trial (default 5000)"),
  option(
    "standardError",
    "number",
    "error",
    "adds trials until the standard error of the test (classification) error is this",
  ),
  option("maximalTrials", "number", "count", "limit on those trials (default 1000)"),
  option("backend", "text", "name", "linear algebra: auto (default), openblas, wasm or ml-matrix"),
  option("workers", "number", "count", "trials at a time (default one per processor; 0 for none but this process)"),
];

/** The engine's options but the size, defaults filled in where the engine has none. */
export function engineOptions(fields: SimulationFields): Omit<NodeSimulationOptions, "dimension"> {
  const { trials = 10, seed = 0, testSamples, standardError, maximalTrials, backend, workers } = fields;
  return {
    trials,
    seed,
    ...(testSamples !== undefined && { testSamples }),
    ...(standardError !== undefined && { standardError }),
    ...(maximalTrials !== undefined && { maximalTrials }),
    ...(backend !== undefined && { backend }),
    ...(workers !== undefined && { workers }),
  };
}

export function requiredDimension({ dimension }: { readonly dimension?: number }): number {
  if (dimension === undefined) throw new ParameterError("dimension", undefined, "required to simulate: a whole number");
  return dimension;
}

/**
 * The α and λ of a run of trials, which one pass serves; nothing else may have several values.
 *
 * @throws ParameterError for another list, or a missing parameter
 */
export function trialGrid({ sweep, theories }: SweptModel): TrialGrid {
  const other = Object.entries(sweep).find(([name]) => name !== "sampleRatio" && name !== "ridge");
  if (other) throw new ParameterError(other[0], other[1], "one number; trials run over sampleRatio and ridge");
  const first = Object.fromEntries(Object.entries(sweep).map(([name, values]) => [name, values[0]]));
  const description = withLossPoint({ ...theories[0]!.description, ...first });
  const { sampleRatio, ridge } = description;
  return { description, sampleRatios: sweep.sampleRatio ?? [sampleRatio], ridges: sweep.ridge ?? [ridge] };
}

export interface TrialGrid {
  readonly description: AnyDescription;
  readonly sampleRatios: readonly number[];
  readonly ridges: readonly number[];
}
