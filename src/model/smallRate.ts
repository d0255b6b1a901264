import { requireFields } from "../errors.ts";
import { activation, type ActivationInput } from "../activation/activation.ts";
import type { SmallRate, TrainedNetwork } from "./description.ts";
import { gaussianReadout } from "./gaussianReadout.ts";
import { gradientStepMap } from "./gradientStep.ts";
import { stepNotices } from "./stepHypotheses.ts";
import { check, RANGES } from "./validation.ts";

/**
 * One gradient step in the parameters of Ba22: f(x) = (1/√N) aᵀσ(Wx), a_j ~ N(0, 1/N), the step W ← W + η√N G on n
 * samples, then ridge regression (1/n)|y − Φa|² + (λ′/N)|a|² on n fresh ones; ψ1 = n/d, ψ2 = N/d.
 */
export interface Ba22Parameters {
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  /** ψ1 = n/d > 0: our α, and α₀ of the step unless `stepSampleRatio` is given. */
  readonly psi1: number;
  /** ψ2 = N/d > 0: our β. */
  readonly psi2: number;
  /** η ≥ 0; Θ(1) in the small-rate regime. */
  readonly learningRate: number;
  /** λ′ ≥ 0; our λ is λ′ψ1/ψ2. */
  readonly ridge: number;
  /** Standard deviation σ_ε ≥ 0 of the label noise; our Δ is its square. Default 0. */
  readonly noise?: number;
  /** α₀ = n₀/d > 0 of the step; default ψ1. */
  readonly stepSampleRatio?: number;
}

/** A model of Ba22 in our parameters. */
export interface SmallRateStep {
  readonly model: SmallRate;
  /** What the step cannot do with these activations; empty if nothing. */
  readonly notices: readonly string[];
}

/**
 * The ridge λ of this library from λ′ of Ba22 and Moniri24: λ = λ′α/β (theory §1).
 *
 * @param ridge λ′ ≥ 0
 * @param sampleRatio α
 * @param widthRatio β
 * @throws ParameterError for a negative λ′, or ratios that are not positive and finite
 * @example
 * ridgeFromPapers(0.01, 5, 2); // 0.025
 */
export function ridgeFromPapers(ridge: number, sampleRatio: number, widthRatio: number): number {
  const alpha = check("sampleRatio", sampleRatio, RANGES.positive);
  return (check("ridge", ridge, RANGES.nonNegative) * alpha) / check("widthRatio", widthRatio, RANGES.positive);
}

function shared(parameters: Ba22Parameters) {
  requireFields("parameters", parameters, ["student", "target"], "an object with student, target, psi1, psi2, …");
  const { student, target } = parameters;
  const sampleRatio = check("psi1", parameters.psi1, RANGES.positive);
  const widthRatio = check("psi2", parameters.psi2, RANGES.positive);
  const stepSampleRatio = parameters.stepSampleRatio ?? sampleRatio;
  return {
    common: {
      student,
      target,
      labelNoise: check("noise", parameters.noise ?? 0, RANGES.nonNegative) ** 2,
      sampleRatio,
      widthRatio,
      ridge: ridgeFromPapers(parameters.ridge, sampleRatio, widthRatio),
    },
    stepSampleRatio: check("stepSampleRatio", stepSampleRatio, RANGES.positiveOrInfinite),
    learningRate: check("learningRate", parameters.learningRate, RANGES.nonNegative),
  };
}

/**
 * Ba22's small rate η = Θ(1) as the model `smallRate` (theory §6): spike s₁ = η|h1||b₀|, which acts linearly, bulk c = 1.
 *
 * @throws ParameterError, ExpressionError for illegal input
 * @example
 * const { model } = ba22SmallRate({
 *   student: "tanh", target: "softplus", psi1: 2, psi2: 2, learningRate: 1, ridge: 1e-4, noise: 0.25,
 * });
 * model.spikeStrength.toFixed(6); // "0.521707"
 */
export function ba22SmallRate(parameters: Ba22Parameters): SmallRateStep {
  const { common, stepSampleRatio, learningRate } = shared(parameters);
  const student = activation(common.student, "student");
  const target = activation(common.target, "target");
  const { labelNoise } = common;
  const step = gradientStepMap({ student, target, labelNoise, learningRate, stepSampleRatio, readoutValues: [1] });
  const { spikeStrength, alignment } = step;
  return {
    model: { model: "smallRate", ...common, spikeStrength, alignment },
    notices: stepNotices(student, target),
  };
}

/**
 * Ba22's large rate η = η̃√N: the spiked random features of a Gaussian first-layer readout (theory §6), discretised.
 *
 * @param parameters as for the small rate, with `learningRate` read as η̃ = η/√N
 * @param readoutNodes number of readout values; default 9
 * @throws ParameterError, ExpressionError for illegal input
 * @example
 * const model = ba22LargeRate({ student: "erf", target: "erf", psi1: 8, psi2: 2, learningRate: 1, ridge: 1e-3 });
 * solve(model).testError.toFixed(4); // "0.0223"
 */
export function ba22LargeRate(parameters: Ba22Parameters, readoutNodes = 9): TrainedNetwork {
  const { common, stepSampleRatio, learningRate } = shared(parameters);
  return {
    model: "trainedNetwork",
    theory: "srf",
    ...common,
    learningRate,
    stepSampleRatio,
    ...gaussianReadout(readoutNodes),
  };
}
