import type { ModelDescription } from "../model/description.ts";
import { algebraOf, resolveBackend, type BackendChoice } from "./backends/select.ts";
import { simulateInThread, type SimulationOptions } from "./simulate.ts";
import type { Simulation } from "./summary.ts";

/** Options of {@link simulate} on Node. */
export interface NodeSimulationOptions extends SimulationOptions {
  /** Linear algebra; default "auto". */
  readonly backend?: BackendChoice;
}

/**
 * Simulates finite networks: redraws weights, data and test set in every trial and reports the errors that theory predicts
 * (theory §12).
 *
 * @param description Model of which the trials are finite-size samples; its `sampleRatio` and `ridge` are the defaults of the grid.
 * @returns Mean, standard error and bootstrap interval at every (α, λ), and every trial.
 * @throws ParameterError before any work, for illegal parameters or a forced backend that is not installed.
 *
 * @example
 * ```ts
 * import { simulate } from "replica-theory/simulation";
 * const { points } = await simulate(
 *   { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
 *   { dimension: 50, trials: 4, testSamples: 500, seed: 1 },
 * );
 * console.log(points.length); // 1
 * ```
 */
export async function simulate(description: ModelDescription, options: NodeSimulationOptions): Promise<Simulation> {
  return simulateInThread(description, options, algebraOf(resolveBackend(options.backend)));
}
