import { activation, type Activation, type ActivationInput } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { curvedMean, meanLogistic, meanSign, shifted, signOf, type SignMean, stepsOf } from "../activation/signs.ts";
import {
  checkOutliers,
  checkTeacher,
  hasSigns,
  isScore,
  isSignTarget,
  type LabelKind,
  type OutlierParameters,
  SCORE,
} from "../parameters/labels.ts";
import type { Problem, RowOf, TargetMoments } from "../problem/problem.ts";
import { type Model, type SignLaw, targetBreakpoints } from "./model.ts";

/** What of a description makes its labels. */
export interface LabelParameters extends LabelKind, OutlierParameters {
  readonly target: ActivationInput;
  readonly labelNoise: number;
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
  /** Where some of the noise is that of outliers: their share and variance, and the variance of the others. */
  readonly outliers?: { readonly share: number; readonly variance: number; readonly regular: number };
  /** Where labels are signs, with the score g = σ* and its own noise Δ. */
  readonly signs?: SignLaw & { readonly score: Activation; readonly scoreNoise: number };
}

/**
 * Labels y = σ*(t) + √Δε or, for `labels: "sign"` or a teacher, y = ±1 with the score g = σ* + s, flipped with probability ε_f, of
 * which models read (statistics §1)
 *
 *   ȳ(t) = E[y | t] = (1 − 2ε_f)(2Φ(g/√Δ) − 1),  (1 − 2ε_f) sign g for Δ = 0,  (1 − 2ε_f) tanh(kg/2) for a logistic teacher.
 *
 * @throws ParameterError for a parameter of another teacher
 */
export function labelsOf(parameters: LabelParameters): Labels {
  const { target, labelNoise, teacherShift = 0 } = parameters;
  const signed = hasSigns(parameters);
  checkTeacher(parameters);
  checkOutliers(parameters, signed);
  if (!signed) {
    const { outlierShare: share = 0, outlierVariance: variance = 0 } = parameters;
    const whole = (1 - share) * labelNoise + share * variance;
    const outliers = share > 0 && { outliers: { share, variance, regular: labelNoise } };
    return { target: activation(target, "target"), labelNoise: whole, meanNoise: whole, ...outliers };
  }
  const scored = shifted(target, teacherShift, "target");
  const score = activation(scored, "target");
  const law = signLawOf(parameters, scored);
  const mean = law.kind === "curve" ? law.mean : certainMean(parameters, scored);
  const meanNoise = Math.max(0, 1 - hermiteNumbers(mean, "target").h2);
  const signs = { mean, law, flips: parameters.labelFlips, score, scoreNoise: labelNoise };
  return { target: mean, labelNoise: 0, meanNoise, signs };
}

/** ȳ as closed forms read it: steps of t + √Δε, or a curve. */
function signLawOf(parameters: LabelParameters, scored: ActivationInput): SignMean {
  const { target, labelNoise, labelFlips, teacher, teacherShift = 0, logisticScale = 1 } = parameters;
  const certain = 1 - 2 * labelFlips;
  const places = () => stepsOf(signOf(scored, "target")).places;
  if (teacher === "logistic") return curvedMean(meanLogistic(scored, logisticScale, "target", certain), places());
  if (labelNoise === 0) return { kind: "steps", steps: stepsOf(signOf(scored, "target", certain)), noise: 0 };
  if (isScore(target)) {
    return { kind: "steps", steps: { places: [-teacherShift], values: [-certain, certain] }, noise: labelNoise };
  }
  return curvedMean(meanSign(scored, Math.sqrt(labelNoise), "target", certain), places());
}

function certainMean({ labelNoise, labelFlips }: LabelParameters, scored: ActivationInput): Activation {
  const factor = 1 - 2 * labelFlips;
  if (labelNoise > 0) return meanSign(scored, Math.sqrt(labelNoise), "target", factor);
  return signOf(scored, "target", factor);
}

/**
 * A model of E[y | t] as that of its labels. Of labels ±1: with E y² = 1, and n(κ) = 1 − E[ȳ² | κ] as the variance of the label
 * given κ.
 */
export function withLabels(model: Model, { signs, outliers }: Labels): Model {
  if (outliers) {
    const { regular, ...others } = outliers;
    return { ...model, labels: { ...model.labels, labelNoise: regular, outliers: others } };
  }
  if (!signs) return model;
  const { problem, targetNumbers } = model;
  const { mean, flips, law, score, scoreNoise } = signs;
  return {
    ...model,
    problem: {
      ...problem,
      row: withNoise(problem.row),
    },
    labels: { target: score, alignment: model.alignment, labelNoise: scoreNoise, signs: { mean, flips, law } },
    targetNumbers: { ...targetNumbers, h2: 1 },
  };
}

function withNoise(rowOf: RowOf): RowOf {
  const row = (kappa: Float64Array) => {
    const known = rowOf(kappa);
    return { ...known, target: { ...known.target, noise: noiseGiven(known.target) } };
  };
  return Object.assign(row, rowOf.averaged && { averaged: withNoise(rowOf.averaged) });
}

/**
 * A model whose readout is trained on labels ±1 with a loss of margins. Where its labels are not signs as they are (those that a
 * gradient step has seen stay what they are), y = sign(σ*(t) + √Δε) for the readout, with the score t where the target is a sign.
 *
 * @throws QuadratureError if a moment of the labels is not resolved
 */
export function withSignReadout(model: Model, parameters: LabelParameters): Model {
  if (model.labels.signs) return model;
  const { target } = parameters;
  const score = isSignTarget(target) ? SCORE : target;
  const labels = labelsOf({ ...parameters, target: score, labels: "sign" });
  const { alignment, problem } = model;
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const relabelled: Problem = {
    ...problem,
    labelNoise: 0,
    breakpoints: targetBreakpoints(labels.target, alignment),
    row(kappa) {
      const row = problem.row(kappa);
      const { mean, first, residual, error } = conditionalMoments(
        labels.target,
        alignment * kappa[0]!,
        orthogonal,
        "target",
      );
      return { ...row, target: { mean, slopes: [first], residual }, error: Math.max(error, row.error ?? 0) };
    },
  };
  return withLabels({ ...model, problem: relabelled }, labels);
}

function noiseGiven({ mean, slopes, residual }: TargetMoments): number {
  return Math.max(0, 1 - slopes.reduce((sum, slope) => sum + slope * slope, mean * mean + residual));
}
