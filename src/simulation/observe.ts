import { ParameterError } from "../errors.ts";
import type { LinearAlgebra } from "./linearAlgebra.ts";
import { type FunctionGrid, type ObservedFunction, observeFunction } from "./observedFunction.ts";
import { type ObservedSpikes, observeSpikes } from "./observedSpikes.ts";
import { observeWeights, type ObservedWeights } from "./observedWeights.ts";
import { type ObservedSpectrum, observeSpectrum, type SpectrumObservation } from "./observedSpectrum.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialContext } from "./arena.ts";
import { fitReadouts } from "./ridgeReadouts.ts";
import { startTrial } from "./startedTrial.ts";
import { createTrialContext } from "./trial.ts";
import { TrialError, trialFailure } from "./trialError.ts";
import type { Kernels } from "./workspace.ts";

/** What is observed of a trial besides its errors. */
export type Observation =
  | ({ readonly kind: "function" } & FunctionGrid)
  | ({ readonly kind: "spectrum" } & SpectrumObservation)
  | { readonly kind: "weights" }
  | { readonly kind: "spikes" };

interface ObservedOf {
  readonly function: ObservedFunction;
  readonly spectrum: ObservedSpectrum;
  readonly weights: ObservedWeights;
  readonly spikes: ObservedSpikes;
}

/** What an observation gives of one trial, by name. */
export type Observed<O extends Observation = Observation> = ObservedOf[O["kind"]];

/** Observes trials of one specification, one after the other. The result depends on specification, observation and index only. */
export interface Observer<O extends Observation = Observation> {
  observe(trial: number): Observed<O>;
}

/**
 * Lays out the memory for observing.
 *
 * @throws ParameterError if a spectrum or the weights are observed at other ridges than 0, which makes room for eigenvectors, or a
 *   spectrum at several sample ratios.
 * @throws ParameterError if spikes are observed of a model without steps or directions.
 * @throws ParameterError if a trial does not fit one workspace (4 GiB).
 *
 * @example
 * ```ts
 * import { createObserver, specify, wasmAlgebra } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 1, widthRatio: 1, ridge: 0 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * const { observe } = await createObserver(specification, { kind: "weights" }, wasmAlgebra);
 * console.log(observe(0).singularValues.length); // 20
 * ```
 */
export async function createObserver<O extends Observation>(
  specification: SimulationSpecification,
  observation: O,
  algebra: (kernels: Kernels) => LinearAlgebra,
): Promise<Observer<O>> {
  requireRoom(specification, observation);
  const context = await createTrialContext(specification, algebra);
  return {
    observe(trial) {
      try {
        const observed = observeTrial(context, observation, trial) as Observed<O>;
        if (isFiniteThroughout(observed)) return observed;
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

function requireRoom({ ridges, sampleRatios, weights }: SimulationSpecification, { kind }: Observation): void {
  if (kind === "spikes" && weights.kind !== "directions") {
    throw new ParameterError("steps", undefined, "required, or a target of several variables, to observe spikes");
  }
  if (kind === "function" || kind === "spikes") return;
  if (ridges.some((ridge) => ridge !== 0))
    throw new ParameterError("ridges", ridges, "[0], to make room for eigenvectors");
  if (kind === "spectrum" && sampleRatios.length !== 1) {
    throw new ParameterError("sampleRatios", sampleRatios, "one ratio, that of the spectrum");
  }
}

function observeTrial(context: TrialContext, observation: Observation, trial: number): Observed {
  const started = startTrial(context, trial);
  if (observation.kind === "spectrum") return observeSpectrum(context, started, observation);
  if (observation.kind === "spikes") return observeSpikes(context);
  if (observation.kind === "weights") return observeWeights(context, started);
  fitReadouts(context, started);
  return observeFunction(context, started, observation);
}

/** Whether lists, and lists of lists, hold finite numbers alone. */
export function isFiniteThroughout(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isFiniteThroughout);
  return Number.isFinite(value);
}
