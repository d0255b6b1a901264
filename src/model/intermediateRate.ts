import { activation, type ActivationInput } from "../activation/activation.ts";
import { ParameterError, requireFields } from "../errors.ts";
import type { PowerChannels, TrainedNetwork } from "./description.ts";
import { gaussianReadout } from "./gaussianReadout.ts";
import { gradientStepMap } from "./gradientStep.ts";
import { requireAlignedSpike } from "./stepHypotheses.ts";
import { check, RANGES } from "./validation.ts";

/** Relative distance to a window boundary that counts as on it. */
const ON_BOUNDARY = 1e-9;

/**
 * Number of spikes ℓ = ⌊2a/(1 − 2a)⌋ + 1 at the learning rate η ≍ n^a (Moniri24; theory §6): ℓ for
 * (ℓ − 1)/(2ℓ) < a < ℓ/(2ℓ + 2).
 *
 * @param rateExponent a in (0, ½), not at a window boundary 1/4, 1/3, 3/8, …
 * @throws ParameterError at a boundary, where the theory makes no statement, and outside (0, ½)
 * @example
 * spikeCount(0.3); // 2
 */
export function spikeCount(rateExponent: number): number {
  const a = rateExponent;
  if (!(a > 0 && a < 0.5)) throw new ParameterError("rateExponent", a, "a number in (0, 1/2)");
  const window = (2 * a) / (1 - 2 * a);
  const nearest = Math.round(window);
  if (Math.abs(window - nearest) <= ON_BOUNDARY * (1 + window)) {
    const boundary = `${nearest}/${2 * nearest + 2}`;
    throw new ParameterError(
      "rateExponent",
      a,
      `not at the window boundary ${boundary}, where a spike is about to appear`,
    );
  }
  return Math.floor(window) + 1;
}

/** Most spikes that are made into channels: the moments E κ^{2ℓ} grow like (2ℓ)!!. */
const MOST_SPIKES = 20;

/** One gradient step at the intermediate rate of Moniri24, with our ratios and ridge. */
export interface IntermediateRateStep {
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  /** a in (0, ½): η ≍ n^a. */
  readonly rateExponent: number;
  /** α₀ = n₀/d > 0 of the step; default α. */
  readonly stepSampleRatio?: number;
  /** Δ ≥ 0; default 0. */
  readonly labelNoise?: number;
  /** α */
  readonly sampleRatio: number;
  /** β */
  readonly widthRatio: number;
  /** λ, not divided by n: from Moniri24's, λ = λ′α/β. */
  readonly ridge: number;
}

/**
 * Moniri24's intermediate rate as the model `powerChannels`: channels κ, …, κ^ℓ with ℓ from the exponent; those whose
 * Hermite coefficient is zero are skipped when the model is solved (theory §6).
 *
 * @throws ParameterError at a window boundary, outside (0, ½), if h1 = 0 (no spike) or h1* = 0 (nothing is learned)
 * @example
 * intermediateRate({
 *   student: "relu", target: "He1(x) + He2(x) / 2", rateExponent: 0.3, sampleRatio: 2, widthRatio: 1, ridge: 0.1,
 * }).powerChannels; // [1, 2]
 */
export function intermediateRate(step: IntermediateRateStep): PowerChannels {
  requireFields("step", step, ["student", "target"], "an object with student, target, rateExponent, …");
  const spikes = spikeCount(step.rateExponent);
  if (spikes > MOST_SPIKES) {
    const legal = `an exponent with at most ${MOST_SPIKES} spikes (this one has ${spikes})`;
    throw new ParameterError("rateExponent", step.rateExponent, legal);
  }
  const student = activation(step.student, "student");
  const target = activation(step.target, "target");
  requireAlignedSpike(student, target);
  const labelNoise = check("labelNoise", step.labelNoise ?? 0, RANGES.nonNegative);
  const { sampleRatio, widthRatio, ridge } = step;
  const stepSampleRatio = check("stepSampleRatio", step.stepSampleRatio ?? sampleRatio, RANGES.positiveOrInfinite);
  const readoutValues = [1];
  const { alignment } = gradientStepMap({
    student,
    target,
    labelNoise,
    learningRate: 1,
    stepSampleRatio,
    readoutValues,
  });
  return {
    model: "powerChannels",
    student: step.student,
    target: step.target,
    labelNoise,
    sampleRatio,
    widthRatio,
    ridge,
    alignment,
    powerChannels: Array.from({ length: spikes }, (_, k) => k + 1),
  };
}

/** A network of definite size: n, d, p, and the learning rate η of Ba22 and Moniri24. */
export interface FiniteSizeStep {
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  /** n: samples of the ridge regression. */
  readonly samples: number;
  /** n₀: samples of the step; default n. */
  readonly stepSamples?: number;
  /** d */
  readonly dimension: number;
  /** p */
  readonly width: number;
  /** η of the step with a_j ~ N(0, 1/p): η̃ = η/√p. Of order one, n^a or √p, as one likes. */
  readonly learningRate: number;
  /** λ, not divided by n. */
  readonly ridge: number;
  /** Δ ≥ 0; default 0. */
  readonly labelNoise?: number;
  /** Values of the discretised Gaussian readout; default 11. */
  readonly readoutNodes?: number;
}

/**
 * The one model that interpolates between all learning-rate regimes at given sizes (theory §6, finite-size option):
 * spiked random features with a discretised Gaussian readout, whose mean channels cost norm, F = d.
 *
 * @throws ParameterError, ExpressionError for illegal input
 * @example
 * const model = finiteSizeStep({
 *   student: "tanh", target: "tanh", samples: 1000, dimension: 500, width: 500, learningRate: 5, ridge: 0.01,
 * });
 * [model.sampleRatio, model.widthRatio, model.finiteDimension]; // [2, 1, 500]
 */
export function finiteSizeStep(step: FiniteSizeStep): TrainedNetwork {
  requireFields("step", step, ["student", "target"], "an object with student, target, dimension, width, samples, …");
  const size = (name: "samples" | "dimension" | "width" | "stepSamples", value: number) => {
    if (!(Number.isInteger(value) && value >= 1)) throw new ParameterError(name, value, "a whole number >= 1");
    return value;
  };
  const d = size("dimension", step.dimension);
  const p = size("width", step.width);
  const n = size("samples", step.samples);
  return {
    model: "trainedNetwork",
    theory: "srf",
    student: step.student,
    target: step.target,
    labelNoise: step.labelNoise ?? 0,
    sampleRatio: n / d,
    widthRatio: p / d,
    ridge: step.ridge,
    learningRate: check("learningRate", step.learningRate, RANGES.nonNegative) / Math.sqrt(p),
    stepSampleRatio: size("stepSamples", step.stepSamples ?? n) / d,
    finiteDimension: d,
    ...gaussianReadout(step.readoutNodes ?? 11),
  };
}
