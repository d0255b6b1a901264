import { ParameterError, requireDescription, requireFields } from "../errors.ts";
import type { Observation, Observed } from "../simulation/observe.ts";
import { type ObservationOptions, observeTrials, roomFor } from "../simulation/observeTrials.ts";
import { requireTrials } from "../simulation/collect.ts";
import { type SimulatedDescription, specify } from "../simulation/specification.ts";
import { estimate } from "../simulation/statistics.ts";
import { finiteModel, type FiniteModel } from "./finiteModel.ts";

/** Options of {@link observe}: which networks, and how many of which size. */
export interface ObserveOptions extends ObservationOptions {
  /** Dimension d ≥ 2. */
  readonly dimension: number;
  /** Networks; default 10. */
  readonly trials?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Which networks: "model" as described (default), "network" for trained ones, "srf" for the surrogate of a trained network. */
  readonly simulate?: FiniteModel;
}

/** Networks of a simulation, unless another number is asked for. */
export const OBSERVED_TRIALS = 10;

/**
 * The learned function, the spectrum of the features or that of the weights of finite networks, of each by name. Networks of the
 * same description, size and seed are those of `simulate`.
 *
 * @param observation `{ kind: "function", along, at, samples }`, `{ kind: "spectrum", vectors, powers }` or `{ kind: "weights" }`
 * @throws ParameterError for an illegal description or size
 * @throws ResultFileError if the file cannot be written or belongs to other trials
 * @example
 * import { observe } from "replica-theory/compare";
 * const spiked = {
 *   model: "smallRate", student: "tanh", target: "tanh", spikeStrength: 3, alignment: 0.8,
 *   sampleRatio: 1, widthRatio: 2, ridge: 1,
 * };
 * const networks = await observe(spiked, { kind: "weights" }, { dimension: 30, trials: 2, seed: 1, backend: "wasm" });
 * networks.map(({ singularValues, input }) => [singularValues.length, input > 0.5]); // [[30, true], [30, true]]
 */
export async function observe<O extends Observation>(
  description: SimulatedDescription,
  observation: O,
  options: ObserveOptions,
): Promise<Observed<O>[]> {
  requireDescription(description);
  requireFields("observation", observation, ["kind"], 'an object with kind: "function", "spectrum" or "weights"');
  const given: { readonly kind?: unknown } = observation;
  if (!["function", "spectrum", "weights"].includes(given.kind as string)) {
    throw new ParameterError("kind", given.kind, 'one of "function", "spectrum", "weights"');
  }
  requireFields("options", options, ["dimension"], "an object with dimension, trials and seed");
  const { dimension, trials = OBSERVED_TRIALS, seed = 0, simulate = "model", ...running } = options;
  requireTrials("trials", trials);
  const model = finiteModel(description, simulate);
  const specification = specify(model, { dimension, seed, ...roomFor(observation, model) });
  return observeTrials(specification, observation, trials, running);
}

/** Mean and standard error over the trials of a number that is read from each. */
export function estimateOf<T>(
  trials: readonly T[],
  read: (trial: T) => number,
): { readonly mean: number; readonly standardError: number } {
  const { mean, standardError } = estimate(trials.map(read));
  return { mean, standardError };
}
