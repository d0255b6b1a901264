import type { LinearAlgebra } from "./linearAlgebra.ts";
import { type FunctionGrid, observeFunction } from "./observedFunction.ts";
import { observeWeights } from "./observedWeights.ts";
import { observeSpectrum, type SpectrumObservation } from "./observedSpectrum.ts";
import type { SimulationSpecification } from "./specification.ts";
import { createTrialContext, fitReadouts, startTrial } from "./trial.ts";
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
 * @throws RangeError if a trial does not fit one workspace (4 GiB).
 */
export async function createObserver(
  specification: SimulationSpecification,
  observation: Observation,
  algebra: (kernels: Kernels) => LinearAlgebra,
): Promise<Observer> {
  const context = await createTrialContext(specification, algebra);
  return {
    observe(trial) {
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
    },
  };
}
