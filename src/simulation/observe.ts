import { ParameterError } from "../errors.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import { type FunctionGrid, observeFunction } from "./observedFunction.ts";
import { observeWeights } from "./observedWeights.ts";
import { observeSpectrum, type SpectrumObservation } from "./observedSpectrum.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialContext } from "./arena.ts";
import { createTrialContext, fitReadouts, startTrial } from "./trial.ts";
import { TrialError, trialFailure } from "./trialError.ts";
import type { Kernels } from "./workspace.ts";

/** What is observed of a trial besides its errors. */
export type Observation =
  | ({ readonly kind: "function" } & FunctionGrid)
  | ({ readonly kind: "spectrum" } & SpectrumObservation)
  | { readonly kind: "weights" };

/** Observes trials of one specification, one after the other. The result depends on specification, observation and index only. */
export interface Observer {
  /**
   * Of a function: its values, for each (α, λ) in the specification's order of ascending α. Of a spectrum: the eigenvalues, then the
   * alignments of each vector. Of the weights: the singular values, then the overlaps of the top singular vectors with v, û and θ.
   */
  observe(trial: number): number[];
}

/**
 * Lays out the memory for observing.
 *
 * @throws ParameterError if a spectrum or the weights are observed at other ridges than 0, which makes room for eigenvectors, or a
 *   spectrum at several sample ratios.
 * @throws ParameterError if a trial does not fit one workspace (4 GiB).
 *
 * @example
 * ```ts
 * import { createObserver, specify, wasmAlgebra } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 1, widthRatio: 1, ridge: 0 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * const { observe } = await createObserver(specification, { kind: "weights" }, wasmAlgebra);
 * console.log(observe(0).length); // 23
 * ```
 */
export async function createObserver(
  specification: SimulationSpecification,
  observation: Observation,
  algebra: (kernels: Kernels) => LinearAlgebra,
): Promise<Observer> {
  requireRoom(specification, observation);
  const context = await createTrialContext(specification, algebra);
  return {
    observe(trial) {
      try {
        const values = observeTrial(context, observation, trial);
        if (values.every((value) => Number.isFinite(value))) return values;
      } catch (error) {
        throw trialFailure(trial, error);
      }
      throw new TrialError(
        trial,
        "what is observed is not finite: student or target overflows, or is undefined somewhere",
      );
    },
  };
}

function requireRoom({ ridges, sampleRatios }: SimulationSpecification, { kind }: Observation): void {
  if (kind === "function") return;
  if (ridges.some((ridge) => ridge !== 0))
    throw new ParameterError("ridges", ridges, "[0], to make room for eigenvectors");
  if (kind === "spectrum" && sampleRatios.length !== 1) {
    throw new ParameterError("sampleRatios", sampleRatios, "one ratio, that of the spectrum");
  }
}

function observeTrial(context: TrialContext, observation: Observation, trial: number): number[] {
  const started = startTrial(context, trial);
  if (observation.kind === "spectrum") {
    const { eigenvalues, alignments } = observeSpectrum(context, started, observation);
    return [...eigenvalues, ...alignments.flat()];
  }
  if (observation.kind === "weights") {
    const { singularValues, input, readout, target } = observeWeights(context, started);
    return [...singularValues, input, readout, target];
  }
  fitReadouts(context, started);
  return observeFunction(context, started, observation).flat();
}
