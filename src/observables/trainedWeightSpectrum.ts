import { activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import type { ModelDescription } from "../model/description.ts";
import { conditionalFeatureStatistics, trainedNetwork } from "../model/statistics.ts";
import { check, RANGES } from "../model/validation.ts";
import { featureSpectrumOf, type SpectrumOptions } from "./featureSpectrum.ts";

/** A network's weights: they do not depend on the ridge regression that follows. */
export type TrainedWeights = WithoutReadout<ModelDescription>;
type WithoutReadout<T> = T extends unknown ? Omit<T, "sampleRatio" | "ridge" | "rowNorms"> : never;

/** Limiting singular values of the p×d weights. */
export interface TrainedWeightSpectrum {
  /** Singular values at which the density is given, ascending. */
  readonly grid: readonly number[];
  /** Density of the p singular values over the bulk; it integrates to 1 − massAtZero. */
  readonly density: readonly number[];
  /** Intervals of the bulk, ascending; with unbounded labels, without the samples of the step beyond four standard deviations. */
  readonly edges: readonly (readonly [left: number, right: number])[];
  /** max(0, 1 − d/p) */
  readonly massAtZero: number;
  /** Singular values outside the bulk, ascending; with `finiteDimension` that of the spike is among them. */
  readonly outliers: readonly number[];
  /** Limit of the spike's singular value over √p; undefined without a spike of order √p or with `finiteDimension`. */
  readonly outlierPerRootWidth: number | undefined;
}

/**
 * Singular values of the weights, of a trained network above all (theory §9): those of independent rows with covariances C_k/d in
 * fractions π_k, and the spike. They are the spectrum of the features W x of linear neurons, seen by infinitely many samples.
 *
 * @param weights of any model but power channels; of a trained network with theory "network" (default), or "srf" for the
 *   Marchenko–Pastur law of the isotropic surrogate
 * @param options points or grid of the density; a grid is one of singular values
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if no solution on the physical branch was found
 * @example
 * const { edges } = trainedWeightSpectrum({
 *   model: "trainedNetwork", student: "tanh", target: "sin",
 *   learningRate: 2, stepSampleRatio: 1, widthRatio: 0.8,
 * });
 * edges[0].map((x) => x.toFixed(4)); // [ "0.1127", "2.0851" ]
 */
export function trainedWeightSpectrum(weights: TrainedWeights, options: SpectrumOptions = {}): TrainedWeightSpectrum {
  const widthRatio = check("widthRatio", weights.widthRatio, RANGES.positive);
  const statistics = linearNeurons(weights);
  // An eigenvalue x of the features' covariance over β is a squared singular value s² = βx.
  const squares = options.grid && { grid: options.grid.map((s) => (s * s) / widthRatio) };
  const spectrum = featureSpectrumOf(statistics, { sampleRatio: Infinity, widthRatio }, { ...options, ...squares });
  const singular = (x: number) => Math.sqrt(widthRatio * x);
  const [spike] = spectrum.outliersPerNeuron;
  return {
    grid: spectrum.grid.map(singular),
    density: spectrum.density.map((density, i) => (2 * density * singular(spectrum.grid[i]!)) / widthRatio),
    edges: spectrum.edges.map(([left, right]) => [singular(left), singular(right)] as const),
    massAtZero: spectrum.massAtZero,
    outliers: spectrum.outliers.map(singular),
    outlierPerRootWidth: spike === undefined ? undefined : singular(spike),
  };
}

/** Statistics of the features W x. */
function linearNeurons(weights: TrainedWeights) {
  if (weights.model === "powerChannels") {
    throw new ParameterError(
      "model",
      weights.model,
      "one with a spike of finite rank; power channels stand for no weights",
    );
  }
  if (weights.model === "trainedNetwork") return trainedNetwork({ ...weights, rowNorms: false }, activation("x"));
  return conditionalFeatureStatistics({ ...weights, student: "x" });
}
