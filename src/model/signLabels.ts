import { activation, type Activation, type ActivationInput } from "../activation/activation.ts";
import { hermiteNumbers } from "../activation/conditionalMoments.ts";
import { meanSign, signOf } from "../activation/signs.ts";
import type { TargetMoments } from "../problem/problem.ts";
import type { Model, SignLaw } from "./model.ts";

/** What of a description makes its labels. */
export interface LabelParameters {
  readonly target: ActivationInput;
  readonly labelNoise: number;
  readonly labels?: "real" | "sign";
  readonly labelFlips: number;
}

/** Labels as a model reads them. */
export interface Labels {
  /** E[y | t]: σ*, or ȳ where labels are signs. */
  readonly target: Activation;
  /** The variance of what is added to it: Δ, or 0 where labels are signs, whose noise depends on t. */
  readonly labelNoise: number;
  /** Its average over t, which a gradient step sees. */
  readonly meanNoise: number;
  /** Where labels are signs, with the score g = σ* and its own noise Δ. */
  readonly signs?: SignLaw & { readonly score: Activation; readonly scoreNoise: number };
}

/**
 * Labels y = σ*(t) + √Δε or, for `labels: "sign"`, y = sign(σ*(t) + √Δε), flipped with probability ε_f, of which models read
 *
 *   ȳ(t) = E[y | t] = (1 − 2ε_f)(2Φ(σ*(t)/√Δ) − 1),  or (1 − 2ε_f) sign σ* for Δ = 0 (statistics §1).
 */
export function labelsOf({ target, labelNoise, labels, labelFlips }: LabelParameters): Labels {
  const score = activation(target, "target");
  if (labels !== "sign") return { target: score, labelNoise, meanNoise: labelNoise };
  const factor = 1 - 2 * labelFlips;
  const mean =
    labelNoise > 0 ? meanSign(target, Math.sqrt(labelNoise), "target", factor) : signOf(target, "target", factor);
  const meanNoise = Math.max(0, 1 - hermiteNumbers(mean, "target").h2);
  return { target: mean, labelNoise: 0, meanNoise, signs: { mean, flips: labelFlips, score, scoreNoise: labelNoise } };
}

/** A model of ȳ as that of its labels ±1: with E y² = 1, and n(κ) = 1 − E[ȳ² | κ] as the variance of the label given κ. */
export function withSignLabels(model: Model, { signs }: Labels): Model {
  if (!signs) return model;
  const { problem, targetNumbers } = model;
  const { mean, flips, score, scoreNoise } = signs;
  return {
    ...model,
    problem: {
      ...problem,
      row(kappa) {
        const row = problem.row(kappa);
        return { ...row, target: { ...row.target, noise: noiseGiven(row.target) } };
      },
    },
    labels: { target: score, alignment: model.alignment, labelNoise: scoreNoise, signs: { mean, flips } },
    targetNumbers: { ...targetNumbers, h2: 1 },
  };
}

function noiseGiven({ mean, slopes, residual }: TargetMoments): number {
  return Math.max(0, 1 - slopes.reduce((sum, slope) => sum + slope * slope, mean * mean + residual));
}
