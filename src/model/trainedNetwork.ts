import { stepNumbers } from "../activation/conditionalMoments.ts";
import { anisotropicBulk, type AnisotropicModel } from "../solver/anisotropicBulk.ts";
import type { StepVector } from "../solver/stepForms.ts";
import type { ConditionalFeatureStatistics } from "./conditionalFeatureStatistics.ts";
import { differentiable, type GradientStep } from "./gradientStep.ts";
import { type RowNorms, rowNorms, slopeMoments } from "./rowNorms.ts";
import { spikedStatistics } from "./spikedStatistics.ts";
import { type StepRule, stepRule } from "./stepRule.ts";

export interface NetworkStep extends GradientStep {
  readonly readoutFractions: readonly number[];
  /** Whether the fluctuating row norms have a channel. */
  readonly rowNorms: boolean;
  readonly meanStrength: number;
}

/**
 * The network after one gradient step itself, given the step's data (theory §9): rows
 * `w_j = u_k η̃h1 b₀ + (bulk with covariance C_k/d)`, C_k = (I + u_k aA)² + u_k² κ_B B, with the residual label
 * y = σ*(s) + √Δε − h0 Σπu and
 *
 *   |b₀|² = E[ys]² + E[y²]/α₀,  γ = E[ys]/|b₀|,  r = η̃h1|b₀|,  a = η̃ς,  κ_B = η̃²ν/α₀,
 *   c_k = (1/d)tr C_k = 1 + 2u_k aE[y] + u_k²a²(E[y]² + E[y²]/α₀) + u_k²κ_B E[y²].
 *
 * @returns undefined where the step leaves the weights as they are
 * @throws ParameterError for a student without derivative or with jumps
 * @throws QuadratureError if a moment is not finite
 */
export function trainedNetworkStatistics(step: NetworkStep): ConditionalFeatureStatistics | undefined {
  const { learningRate, stepSampleRatio, readoutValues, readoutFractions } = step;
  if (learningRate === 0 || stepSampleRatio === 0) return undefined;
  const student = differentiable(step.student);
  const { h0, h1, slopeVariance, curvature } = stepNumbers(student, "student");
  const inverseRatio = 1 / stepSampleRatio;
  const output = h0 * readoutValues.reduce((sum, u, k) => sum + u * readoutFractions[k]!, 0);
  const largest = Math.abs(learningRate) * Math.max(...readoutValues.map(Math.abs));
  const rule = stepRule(step.target, step.labelNoise, output, stepSampleRatio / (largest * Math.sqrt(slopeVariance)));
  const moments = labelMoments(rule);
  const norm = Math.sqrt(moments.slope ** 2 + moments.square * inverseRatio);
  if (!(moments.square > 0) || largest === 0) return undefined;

  const alignment = norm > 0 ? moments.slope / norm : 0;
  const orthogonal = norm > 0 ? Math.sqrt(moments.square * inverseRatio) / norm : 1;
  const a = learningRate * (Math.abs(curvature) > VANISHING * Math.sqrt(slopeVariance) ? curvature : 0);
  const nu = Math.max(0, slopeVariance - curvature ** 2);
  const kappa = learningRate ** 2 * nu * inverseRatio;
  const bulkVariances = readoutValues.map((u) => {
    const linear = 2 * u * a * moments.mean + (u * a) ** 2 * (moments.mean ** 2 + moments.square * inverseRatio);
    return 1 + linear + u * u * kappa * moments.square;
  });
  const slope = slopeMoments(student, h1, curvature);
  const norms = readoutValues.map((u) => {
    const group = rowNorms(learningRate * u, a === 0 ? 0 : curvature, slope, rule, inverseRatio);
    return step.rowNorms && group.strength > VANISHING ? group : undefined;
  });
  const model: AnisotropicModel = {
    data: { rule, inverseRatio, groups: readoutValues.map((u) => ({ square: kappa * u * u, linear: a * u })) },
    fractions: readoutFractions,
    bulkVariances,
    ...stepVectors(rule, moments.square, alignment, orthogonal, inverseRatio, norms),
  };
  const spikeStrength = learningRate * h1 * norm;
  return spikedStatistics({
    ...step,
    alignment,
    spikeStrength,
    groups: readoutValues.map((u, k) => ({
      fraction: readoutFractions[k]!,
      spike: spikeStrength * u,
      bulkVariance: bulkVariances[k]!,
      rowNormStrength: norms[k]?.strength ?? 0,
    })),
    bulk: (statistics, widthRatio) => anisotropicBulk(model, statistics.channels, widthRatio),
  });
}

/** Relative size below which a number that may vanish by symmetry is a rounding error. */
const VANISHING = 1e-13;

/** E y, E y², E[ys] of the step's rule. */
function labelMoments(rule: StepRule): { mean: number; square: number; slope: number } {
  const sum = (weights: Float64Array, power: number) =>
    weights.reduce((total, w, i) => total + w * rule.y[i]! ** power, 0);
  return { mean: sum(rule.weight, 1), square: sum(rule.weight, 2), slope: sum(rule.first, 1) };
}

/**
 * v = γθ + ρω and ζ̂ = ρθ − γω, where ω is the part of b₀ that is noise: in this form nothing is divided by ρ. The row
 * norms' covariance with the bulk, q = (I + aA)p + x_χ, enters as χ in block s and Ψ₁ in block q.
 */
function stepVectors(
  rule: StepRule,
  square: number,
  alignment: number,
  orthogonal: number,
  inverseRatio: number,
  norms: readonly (RowNorms | undefined)[],
): Pick<AnisotropicModel, "spikeDirections" | "targetDirections" | "rowNorms" | "rowNormExcess"> {
  const K = norms.length;
  const unit = rule.y.map((y) => y / Math.sqrt(square));
  const direction = (k: number, alongTheta: number, alongNoise: number): StepVector => {
    return { slots: [k], mean: [alongTheta], noise: [unit.map((value) => alongNoise * value)] };
  };
  const alongTheta = (f: Float64Array) => f.reduce((sum, value, i) => sum + rule.first[i]! * value, 0);
  const scaled = (f: Float64Array) => f.map((value) => value * Math.sqrt(inverseRatio));
  return {
    spikeDirections: norms.map((_, k) => direction(k, alignment, orthogonal)),
    targetDirections: norms.map((_, k) => direction(k, orthogonal, -alignment)),
    rowNorms: norms.map((group, k) => {
      if (!group) return undefined;
      const functions = [group.chi, group.psi1];
      return { slots: [K + k, 2 * K + k], mean: functions.map(alongTheta), noise: functions.map(scaled) };
    }),
    rowNormExcess: norms.map((group) => group?.excess ?? 0),
  };
}
