import type { Activation } from "../activation/activation.ts";
import { stepNumbers } from "../activation/stepNumbers.ts";
import { networkBulk } from "../bulk/network/networkBulk.ts";
import { type OneStepNetwork, oneStepRows } from "../bulk/network/oneStep.ts";
import type { StepVector } from "../bulk/network/stepForms.ts";
import { differentiable, type GradientStep } from "./gradientStep.ts";
import { type RowNorms, rowNorms, slopeMoments } from "./rowNorms.ts";
import type { Model } from "./model.ts";
import { spikedModel } from "./spikedModel.ts";
import { signStepRule, type StepRule, stepRule } from "./stepRule.ts";

export interface NetworkStep extends GradientStep {
  readonly readoutFractions: readonly number[];
  /** Whether the fluctuating row norms have a channel. */
  readonly rowNorms: boolean;
  readonly meanStrength: number;
  /** Labels ±1 with E[y | t] = `target`. */
  readonly signs?: object | undefined;
  /** What the trained weights are read with; default the student they were trained with. */
  readonly reader?: Activation;
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
export function trainedNetworkModel(step: NetworkStep): Model | undefined {
  const { learningRate, stepSampleRatio, readoutValues: u, readoutFractions } = step;
  const largest = Math.abs(learningRate) * Math.max(...u.map(Math.abs));
  if (largest === 0 || stepSampleRatio === 0) return undefined;
  const student = differentiable(step.student);
  const numbers = stepNumbers(student, "student");
  const slope = slopeMoments(student, numbers);
  // Zero by symmetry for odd students, and then the pencil is smaller.
  const odd = Math.abs(numbers.curvature) <= VANISHING * Math.sqrt(numbers.slopeVariance);
  const curvature = odd ? 0 : numbers.curvature;
  const output = numbers.h0 * u.reduce((sum, value, k) => sum + value * readoutFractions[k]!, 0);
  const poleScale = stepSampleRatio / (largest * Math.sqrt(numbers.slopeVariance));
  const law = step.signs
    ? () => signStepRule(step.target, output)
    : (reach?: number) => stepRule(step.target, step.labelNoise, output, poleScale, reach);
  const data = stepGeometry(law(), 1 / stepSampleRatio);
  if (!(data.square > 0)) return undefined;

  const rates = u.map((value) => ({ rate: learningRate * value, linear: learningRate * value * curvature }));
  const normsOn = (rule: StepRule) =>
    rates.map(({ rate }) => {
      if (!step.rowNorms) return undefined;
      const group = rowNorms(rate, curvature, slope, rule, data.inverseRatio);
      return group.strength > VANISHING ? group : undefined;
    });
  const groups = rates.map(({ rate, linear }) => ({ square: rate ** 2 * slope.second * data.inverseRatio, linear }));
  const bulkVariances = groups.map(({ linear, square }) => bulkVariance(linear, square, data));
  const longTail = step.labelNoise > 0 || unboundedTarget(step.target);
  const modelOn = (geometry: StepGeometry): OneStepNetwork => {
    const { rule, inverseRatio } = geometry;
    const vectors = stepVectors(geometry, normsOn(rule));
    const shared = { fractions: readoutFractions, bulkVariances, longTail };
    return { data: { rule, inverseRatio, groups }, ...shared, ...vectors };
  };
  const model = modelOn(data);
  let spectral: OneStepNetwork | undefined;
  const spectralModel = () =>
    (spectral ??= longTail
      ? { ...modelOn(stepGeometry(law(SPECTRAL_REACH), data.inverseRatio)), whole: model }
      : model);
  const norms = normsOn(data.rule);
  const spikeStrength = learningRate * numbers.h1 * data.norm;
  return spikedModel({
    ...step,
    student: step.reader ?? step.student,
    alignment: data.alignment,
    spikeStrength,
    groups: u.map((value, k) => ({
      fraction: readoutFractions[k]!,
      spike: spikeStrength * value,
      bulkVariance: bulkVariances[k]!,
      ...rowNormChannel(norms[k], groups[k]!.linear, data),
    })),
    // An affine student has σ'' = 0 and σ' = h1: its bulk stays isotropic, C_k = I.
    ...(numbers.slopeVariance > (VANISHING * numbers.h1) ** 2 && {
      bulk: networkBulk(oneStepRows(model)),
      stepModel: spectralModel,
    }),
  });
}

/**
 * Where labels are unbounded, so is the spectrum of C, and a discrete law of y would show its far tail as separate points: for
 * spectra samples of the step beyond this (a fraction 6e-5) are left out.
 */
const SPECTRAL_REACH = 4;
/** Growth of the labels beyond |s| = 6 that counts as unbounded. */
const GROWTH = 1.2;

function unboundedTarget({ value }: Activation): boolean {
  const size = (s: number) => Math.max(Math.abs(value(s)), Math.abs(value(-s)));
  return size(8) > GROWTH * Math.max(...[1, 2, 3, 4, 5, 6].map(size));
}

/** Relative size below which a number that may vanish by symmetry is a rounding error. */
const VANISHING = 1e-13;

/** 1/α₀ below which row norms and spike direction count as collinear: what that neglects is less than rounding would cost. */
const COLLINEAR = 1e-8;

/** The law of y with the geometry of b₀. */
interface StepGeometry {
  readonly rule: StepRule;
  /** 1/α₀ */
  readonly inverseRatio: number;
  /** E y */
  readonly mean: number;
  /** E y² */
  readonly square: number;
  /** |b₀| */
  readonly norm: number;
  /** γ */
  readonly alignment: number;
  /** ρ, not from 1 − γ²: it must keep its digits as α₀ → ∞. */
  readonly orthogonal: number;
}

function stepGeometry(rule: StepRule, inverseRatio: number): StepGeometry {
  const sum = (weights: Float64Array, power: number) => weights.reduce((sum, w, i) => sum + w * rule.y[i]! ** power, 0);
  const [mean, square, slope] = [sum(rule.weight, 1), sum(rule.weight, 2), sum(rule.first, 1)];
  const norm = Math.sqrt(slope ** 2 + square * inverseRatio);
  // An infinite batch of a target without linear part leaves no spike.
  const [alignment, orthogonal] = norm > 0 ? [slope / norm, Math.sqrt(square * inverseRatio) / norm] : [0, 1];
  return { rule, inverseRatio, mean, square, norm, alignment, orthogonal };
}

/** c_k from u_k a and u_k² κ_B. */
function bulkVariance(a: number, kappa: number, { mean, square, inverseRatio }: StepGeometry): number {
  return 1 + 2 * a * mean + a * a * (mean ** 2 + square * inverseRatio) + kappa * square;
}

/**
 * Strength of the channel of the row norms. An infinite batch makes every row w = (1 + u_k aE[ys²]) w⁰ along θ, and its
 * squared norm fluctuates as E[sΨ₁] w⁰ᵀθ: a multiple of the spike direction, which is no channel of its own.
 */
function rowNormChannel(norms: RowNorms | undefined, a: number, { rule, inverseRatio, alignment }: StepGeometry) {
  if (!norms) return { rowNormStrength: 0 };
  if (inverseRatio > COLLINEAR) return { rowNormStrength: norms.strength };
  const stretch = 1 + a * rule.second.reduce((sum, w, i) => sum + w * rule.y[i]!, 0);
  return { rowNormStrength: 0, rowNormAlongSpike: (alignment * norms.alongTarget) / stretch };
}

/**
 * v = γθ + ρω and ζ̂ = ρθ − γω, where ω is the part of b₀ that is noise: in this form nothing is divided by ρ. The row
 * norms' covariance with the bulk, q = (I + aA)p + x_χ, enters as χ in block s and Ψ₁ in block q.
 */
function stepVectors(
  { rule, square, inverseRatio, alignment, orthogonal }: StepGeometry,
  norms: readonly (RowNorms | undefined)[],
): Pick<OneStepNetwork, "spikeDirections" | "targetDirections" | "rowNorms" | "rowNormExcess"> {
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
