import type { Activation } from "../activation/activation.ts";
import { hermiteNumbers, stepNumbers } from "../activation/stepNumbers.ts";
import { withDerivative } from "../activation/numericDerivative.ts";
import { ParameterError, requireFields } from "../errors.ts";
import { mapped } from "../numerics/mapped.ts";

/** The spiked random features equivalent to a network after one gradient step (theory §2). */
export interface GradientStepMap {
  /** r = η̃|h1||b₀|; the sign of h1 is in `readoutSign`. */
  readonly spikeStrength: number;
  /** c_k, one per readout value. */
  readonly bulkVariance: readonly number[];
  /** γ = h1*∕|b₀| */
  readonly alignment: number;
  /** Sign of h1, to be absorbed in u. */
  readonly readoutSign: 1 | -1;
}

/** What determines the spike and the bulk after one gradient step (theory §2). */
export interface GradientStep {
  readonly student: Activation;
  readonly target: Activation;
  /** η̃ */
  readonly learningRate: number;
  /** α₀ ≥ 0, Infinity legal. */
  readonly stepSampleRatio: number;
  /** Δ */
  readonly labelNoise: number;
  readonly readoutValues: readonly number[];
}

/** A student that a gradient can be taken through; a function without derivative gets one by differences. */
export function differentiable(student: Activation): Activation & { derivative: (x: number) => number } {
  if (student.jumps.length > 0) {
    throw new ParameterError("student", student.name, "for a gradient step, a continuous activation (it jumps)");
  }
  return withDerivative(student, "student");
}

const STEP_FIELDS = ["student", "target", "learningRate", "stepSampleRatio", "labelNoise", "readoutValues"];

/**
 * Map from one gradient step to spiked random features (Cui24; theory §2):
 *
 *   |b₀|² = h1*² + (h2* + Δ)/α₀
 *   r = η̃|h1||b₀|
 *   c_k = 1 + η̃²u_k² Var σ′ (h2* + Δ)/α₀
 *   γ = h1*∕|b₀|
 *
 * Exact as α₀ → ∞ and approximate otherwise (theory §9). No step (η̃ = 0 or α₀ = 0) gives r = 0, c = 1, γ = 0, and so
 * does an infinite batch with h1* = 0, which leaves nothing to learn.
 *
 * @throws ParameterError for a student without derivative or with jumps
 * @throws QuadratureError if a moment is not finite
 * @example
 * const { spikeStrength, alignment } = gradientStepMap({
 *   student: activation("tanh"), target: activation("sin"),
 *   learningRate: 3, stepSampleRatio: 20, labelNoise: 0, readoutValues: [1],
 * });
 * [spikeStrength, alignment].map((x) => x.toFixed(6)); // ["1.134056", "0.971854"]
 */
export function gradientStepMap(step: GradientStep): GradientStepMap {
  requireFields(
    "step",
    step,
    STEP_FIELDS,
    `an object with ${STEP_FIELDS.join(", ")}; student and target as activation(…) gives them`,
  );
  requireFields("student", step.student, ["value"], "an activation, as activation(…) gives it");
  requireFields("target", step.target, ["value"], "an activation, as activation(…) gives it");
  const { learningRate, stepSampleRatio, labelNoise, readoutValues } = step;
  const none = {
    spikeStrength: 0,
    bulkVariance: mapped(readoutValues, () => 1),
    alignment: 0,
    readoutSign: 1,
  } as const;
  if (learningRate === 0 || stepSampleRatio === 0) return none;
  const { h1, slopeVariance } = stepNumbers(differentiable(step.student), "student");
  const target = hermiteNumbers(step.target, "target");
  const noise = (target.h2 + labelNoise) / stepSampleRatio;
  const norm = Math.sqrt(target.h1 ** 2 + noise);
  if (norm === 0) return none;
  return {
    spikeStrength: learningRate * Math.abs(h1) * norm,
    bulkVariance: mapped(readoutValues, (u) => 1 + (learningRate * u) ** 2 * slopeVariance * noise),
    alignment: target.h1 / norm,
    readoutSign: h1 < 0 ? -1 : 1,
  };
}
