import { activation } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { ParameterError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { differentiable } from "../model/gradientStep.ts";
import { spikedModel } from "../model/spikedModel.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import { averageOf } from "../numerics/gaussianAverage.ts";
import type { StructuredGradientStep } from "./description.ts";
import { type BulkLevels, structuredBulk } from "./structuredBulk.ts";
import { checkInputs, type InputLevels } from "./inputLevels.ts";
import { dimensionNotices } from "./structuredRandomFeatures.ts";

/** A step without the point (α, β, λ). */
export type StructuredStepModel = Omit<StructuredGradientStep, "sampleRatio" | "widthRatio" | "ridge" | "loss">;

/** A trained network on structured inputs, ready for the solver. */
export interface StructuredStep {
  readonly model: Model;
  /** r|Σ^½v|, signed. */
  readonly spikeStrength: number;
  /** γ = ṽᵀθ̃ */
  readonly alignment: number;
  /** d_eff = (trΣ)²/trΣ² */
  readonly effectiveDimension: number;
  readonly notices: readonly string[];
}

/** Relative size below which a number that vanishes by symmetry is rounding. */
const VANISHING = 1e-11;

/**
 * One gradient step on inputs of covariance Σ (covariates §8): the spike follows Σθ and the noise of the step's data,
 *
 *   E b_i² = h1*²σ_i²θ_i² + (h2* + Δ)σ_i/n₀,  v = b₀/|b₀|,  r = η̃ h1|b₀|,  C = Σ + η̃² ȟ (h2* + Δ)/α₀ Σ²,
 *
 * in white coordinates, with the Hermite numbers of σ at the variance trΣ/d.
 *
 * @throws ParameterError for a student that is not odd, a target of mean ≠ 0, and illegal values
 * @throws QuadratureError if a moment is not finite
 */
export function structuredGradientStep(model: StructuredStepModel): StructuredStep {
  const inputs = checkInputs(model);
  const rate = check("learningRate", model.learningRate, RANGES.finite);
  const given = check("stepSampleRatio", model.stepSampleRatio, RANGES.nonNegativeOrInfinite);
  const labelNoise = check("labelNoise", model.labelNoise ?? 0, RANGES.variance);
  const student = differentiable(activation(model.student, "student"));
  const target = activation(model.target, "target");
  const deviation = Math.sqrt(inputs.variance);
  const { mean, first, second, square } = conditionalMoments(student, 0, deviation, "student");
  if (Math.hypot(mean, second) > VANISHING * Math.sqrt(square)) {
    throw new ParameterError("student", student.name, "odd (E σ = 0 and E σ″ = 0) for a step on structured inputs");
  }
  const { h0, h1, h2 } = hermiteNumbers(target, "target");
  if (Math.abs(h0) > VANISHING * Math.sqrt(h2)) {
    throw new ParameterError("target", target.name, "of mean 0 (E σ* = 0) for a step on structured inputs");
  }
  // Without samples there is no step.
  const [learningRate, inverseRatio] = given === 0 ? [0, 0] : [rate, 1 / given];
  const slope = first / deviation;
  const breakpoints = [...student.kinks, ...student.jumps].map((x) => x / deviation);
  const slopeVariance = averageOf(
    (z) => (student.derivative(deviation * z) - slope) ** 2,
    "derivative of student",
    breakpoints,
  );
  const noise = (h2 + labelNoise) * inverseRatio;
  const geometry = stepGeometry(inputs, h1, noise);
  const spread = learningRate ** 2 * slopeVariance * noise;
  const levels = bulkLevels(inputs, geometry, spread);
  const bulkVariance = levels.variances.reduce((sum, C, i) => sum + C * levels.fractions[i]!, 0);
  const spikeStrength = learningRate * slope * geometry.norm * geometry.stretch;
  const spiked = spikedModel({
    student,
    target,
    spikeStrength,
    alignment: geometry.alignment,
    labelNoise,
    groups: [{ fraction: 1, spike: spikeStrength, bulkVariance, rowNormStrength: 0 }],
    meanStrength: Infinity,
    bulk: structuredBulk(levels),
  });
  const { effectiveDimension } = inputs;
  return {
    model: spiked,
    spikeStrength,
    alignment: geometry.alignment,
    effectiveDimension,
    notices: dimensionNotices(inputs),
  };
}

/** The spike by levels: ṽ = along θ̃ with amplitude a_i on the level, and noise of square ν_i across. */
interface StepGeometry {
  /** |b₀| */
  readonly norm: number;
  /** |Σ^½v| */
  readonly stretch: number;
  /** γ */
  readonly alignment: number;
  /** ρ */
  readonly orthogonal: number;
  /** |θ̃| on each level. */
  readonly target: readonly number[];
  readonly along: readonly number[];
  readonly noise: readonly number[];
}

function stepGeometry(inputs: InputLevels, h1: number, noise: number): StepGeometry {
  const { eigenvalues, multiplicities, power, dimension } = inputs;
  // Squares of h1*Σθ and of the noise, by level.
  const learnt = eigenvalues.map((sigma, i) => (h1 * sigma) ** 2 * power[i]!);
  const random = eigenvalues.map((sigma, i) => (noise * sigma * multiplicities[i]!) / dimension);
  const total = (weights: readonly number[]) =>
    learnt.reduce((sum, value, i) => sum + weights[i]! * (value + random[i]!), 0);
  const norm = Math.sqrt(total(eigenvalues.map(() => 1)));
  const stretched = Math.sqrt(total(eigenvalues));
  const target = eigenvalues.map((sigma, i) => Math.sqrt(sigma * power[i]!));
  if (!(stretched > 0)) {
    // No step to follow: any direction will do, and that of the target is one.
    return { norm: 0, stretch: 0, alignment: 1, orthogonal: 0, target, along: target, noise: target.map(() => 0) };
  }
  const along = eigenvalues.map((sigma, i) => (Math.sign(h1) * Math.sqrt(sigma * learnt[i]!)) / stretched);
  const across = eigenvalues.map((sigma, i) => (sigma * random[i]!) / stretched ** 2);
  const alignment = along.reduce((sum, value, i) => sum + value * target[i]!, 0);
  const orthogonal = Math.sqrt(
    along.reduce((sum, value, i) => sum + (target[i]! - alignment * value) ** 2 + alignment ** 2 * across[i]!, 0),
  );
  const clipped = Math.max(-1, Math.min(1, alignment));
  return { norm, stretch: stretched / norm, alignment: clipped, orthogonal, target, along, noise: across };
}

/** ρ below this is rounding: the target is along the spike, and nothing is left across. */
const COLLINEAR = 1e-12;

function bulkLevels(inputs: InputLevels, geometry: StepGeometry, spread: number): BulkLevels {
  const { eigenvalues, multiplicities, dimension } = inputs;
  const { alignment, orthogonal, target, along, noise } = geometry;
  const collinear = orthogonal < COLLINEAR;
  const fractions = Float64Array.from(multiplicities, (count) => count / dimension);
  // ζ̂ = (θ̃ − γṽ)/ρ.
  const rest = target.map((value, i) => value - alignment * along[i]!);
  const byLevel = (value: (i: number) => number) => Float64Array.from(eigenvalues, (_, i) => value(i));
  return {
    variances: byLevel((i) => eigenvalues[i]! * (1 + spread * eigenvalues[i]!)),
    fractions,
    spike: byLevel((i) => along[i]! ** 2 + noise[i]!),
    mixed: byLevel((i) => (collinear ? 0 : (along[i]! * rest[i]! - alignment * noise[i]!) / orthogonal)),
    target: collinear ? fractions : byLevel((i) => (rest[i]! ** 2 + alignment ** 2 * noise[i]!) / orthogonal ** 2),
  };
}
