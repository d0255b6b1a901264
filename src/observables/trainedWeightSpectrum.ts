import { activation } from "../activation/activation.ts";
import { ParameterError, requireDescription } from "../errors.ts";
import type { ModelDescription } from "../model/description.ts";
import { featureModel, trainedNetwork } from "../model/featureModel.ts";
import { check, RANGES } from "../model/validation.ts";
import { featureSpectrumOf, featureSupportOf, type SpectrumOptions, type SpectrumSupport } from "./featureSpectrum.ts";

/** A network's weights: they do not depend on the ridge regression that follows. */
export type TrainedWeights = WithoutReadout<ModelDescription>;
type WithoutReadout<T> = T extends unknown ? Omit<T, "sampleRatio" | "ridge" | "rowNorms"> : never;

/** Where the limiting singular values of the p×d weights lie. */
export interface TrainedWeightSupport {
  /** Intervals of the bulk, ascending; with unbounded labels, without the samples of the step beyond four standard deviations. */
  readonly edges: readonly (readonly [left: number, right: number])[];
  /** Share of the p singular values in each of them. */
  readonly bandMasses: readonly number[];
  /** max(0, 1 − d/p) */
  readonly massAtZero: number;
  /** Singular values outside the bulk, ascending; with `finiteDimension` that of the spike is among them. */
  readonly outliers: readonly number[];
  /** Limit of the spike's singular value over √p; undefined without a spike of order √p or with `finiteDimension`. */
  readonly outlierPerRootWidth: number | undefined;
}

/** Limiting singular values of the p×d weights. */
export interface TrainedWeightSpectrum extends TrainedWeightSupport {
  /** Singular values at which the density is given, ascending. */
  readonly grid: readonly number[];
  /** Density of the p singular values over the bulk; it integrates to 1 − massAtZero. */
  readonly density: readonly number[];
  /** Largest error of the mass of a band and, relatively, of Σ s² and Σ s⁴ of the bulk, integrated over the library's own grid. */
  readonly errorEstimate: number;
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
  requireDescription(weights);
  const widthRatio = check("widthRatio", weights.widthRatio, RANGES.positive);
  const statistics = linearNeurons(weights);
  // An eigenvalue x of the features' covariance over β is a squared singular value s² = βx.
  const squares = options.grid && { grid: options.grid.map((s) => (s * s) / widthRatio) };
  const spectrum = featureSpectrumOf(statistics, { sampleRatio: Infinity, widthRatio }, { ...options, ...squares });
  const singular = singularValue(widthRatio);
  return {
    grid: spectrum.grid.map(singular),
    density: spectrum.density.map((density, i) => (2 * density * singular(spectrum.grid[i]!)) / widthRatio),
    ...supportOf(spectrum, widthRatio),
    errorEstimate: spectrum.errorEstimate,
  };
}

/**
 * The same without the density.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if no solution on the physical branch was found
 * @example
 * const { edges } = trainedWeightSupport({
 *   model: "trainedNetwork", student: "tanh", target: "sin",
 *   learningRate: 2, stepSampleRatio: 1, widthRatio: 1,
 * });
 * edges[0].map((x) => x.toFixed(4)); // [ "0.0000", "2.2068" ]
 */
export function trainedWeightSupport(weights: TrainedWeights): TrainedWeightSupport {
  requireDescription(weights);
  const widthRatio = check("widthRatio", weights.widthRatio, RANGES.positive);
  return supportOf(featureSupportOf(linearNeurons(weights), { sampleRatio: Infinity, widthRatio }), widthRatio);
}

/** s² = βx */
const singularValue = (widthRatio: number) => (x: number) => Math.sqrt(widthRatio * x);

function supportOf(support: SpectrumSupport, widthRatio: number): TrainedWeightSupport {
  const singular = singularValue(widthRatio);
  const [spike] = support.outliersPerNeuron;
  return {
    edges: support.edges.map(([left, right]) => [singular(left), singular(right)] as const),
    bandMasses: support.bandMasses,
    massAtZero: support.massAtZero,
    outliers: support.outliers.map(singular),
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
  return featureModel({ ...weights, student: "x" });
}
