import { activation, type ActivationInput } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { derivativeOf } from "../activation/stepNumbers.ts";
import { withDerivative } from "../activation/numericDerivative.ts";
import { checkSpectrum } from "../covariates/checks.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import { checkInputs } from "../covariates/inputLevels.ts";
import { covariateSolver } from "../covariates/solveCovariates.ts";
import { isCovariateDescription } from "../curve/solve.ts";
import { QuadratureError } from "../errors.ts";
import { gaussHermite } from "../numerics/gaussHermite.ts";
import { hasSigns } from "../parameters/labels.ts";
import { stepParameter, sweptParameter, type SweptName } from "../parameters/table.ts";
import { multiIndexTarget, type TargetInput } from "../target/multiIndexTarget.ts";

/**
 * The unit of a parameter: what a description measures it in. Searches look at multiples of it, so that another unit of labels, of
 * features or of inputs changes an optimum by its factor alone.
 *
 *   λ    variance of a feature; tr Ω of covariates
 *   r    √(Var σ ∕ E σ′²) ∕ rms(u): an argument over which σ changes
 *   η̃    r over √(h1²|b₀|² + ȟ E y²∕α₀) = √(E σ′² E y²∕α₀ + h1² h1*²), the change of an argument by a step of rate 1 (theory §2)
 *   Δ    E y² of labels without noise
 *   n    rank of Ω
 *
 * and 1 of ratios. Each is right up to a factor of order 1, and 1 where an average does not exist or vanishes.
 */
export function unitOf(name: SweptName, description: object): number {
  try {
    const unit = rawUnit(sweptParameter(name), { ...description, ...stepOf(name, description) });
    return unit > 0 && unit < Infinity ? unit : 1;
  } catch (error) {
    if (error instanceof QuadratureError) return 1;
    throw error;
  }
}

/** The numbers of the step that a name is of. */
function stepOf(name: SweptName, { steps }: { readonly steps?: readonly object[] }): object | undefined {
  const of = stepParameter(name);
  return of && steps?.[of.step];
}

function rawUnit(name: SweptName, description: object): number {
  switch (name) {
    case "ridge":
      return ridgeUnit(description);
    case "spikeStrength":
      return argumentScale(description, studentOf(description));
    case "learningRate": {
      const student = studentOf(description);
      return argumentScale(description, student) / argumentChange(description, student);
    }
    case "labelNoise":
      return targetOf(description).square;
    case "samples":
      return covarianceOf(description as CovariateDescription).rank;
    default:
      return 1;
  }
}

function ridgeUnit(description: object): number {
  const features = !isCovariateDescription(description) || description.model === "structuredGradientStep";
  if (features) return varianceOf(featureOf(description).moments);
  return covarianceOf(description).trace;
}

/** tr Ω in the unit of λ, the rank of Ω, and what of E y² the features explain. */
function covarianceOf(description: CovariateDescription): { trace: number; rank: number; square: number } {
  if (description.model === "structuredRandomFeatures") {
    const { model, ridgeUnit } = covariateSolver(description);
    return { trace: model.trace / ridgeUnit, rank: model.rank, square: model.secondMoment - model.labelNoise };
  }
  const { eigenvalues, multiplicities, signal } = checkSpectrum(description as Parameters<typeof checkSpectrum>[0]);
  const sum = (f: (i: number) => number): number => eigenvalues.reduce((total, _, i) => total + f(i), 0);
  return {
    trace: sum((i) => multiplicities[i]! * eigenvalues[i]!),
    rank: sum((i) => multiplicities[i]!),
    square: sum((i) => signal[i]! / eigenvalues[i]!),
  };
}

interface StudentScale {
  /** Variance of an argument: c, trΣ/d of structured inputs, or 1. */
  readonly inputs: number;
  /** Var σ(√c z), the variance of a feature. */
  readonly variance: number;
  /** E[zσ(√c z)]/√c = E σ′(√c z) */
  readonly meanSlope: number;
  /** E σ′(√c z)² */
  readonly slopeSquare: number;
}

/** σ, c and the moments of σ(√c z) */
function featureOf(description: object) {
  const { student, bulkVariance } = description as { student: ActivationInput; bulkVariance?: unknown };
  const structured = isCovariateDescription(description) && description.model === "structuredGradientStep";
  const variance = structured ? checkInputs(description).variance : bulkVariance;
  const inputs = typeof variance === "number" && variance > 0 ? variance : 1;
  const sigma = activation(student, "student");
  return { sigma, inputs, moments: conditionalMoments(sigma, 0, Math.sqrt(inputs), "student") };
}

const varianceOf = ({ mean, square }: { readonly mean: number; readonly square: number }): number =>
  square - mean * mean;

function studentOf(description: object): StudentScale {
  const { sigma, inputs, moments } = featureOf(description);
  const derivative = derivativeOf(withDerivative(sigma, "student"));
  const { square: slopeSquare } = conditionalMoments(derivative, 0, Math.sqrt(inputs), "derivative of student");
  return { inputs, variance: varianceOf(moments), meanSlope: moments.first / Math.sqrt(inputs), slopeSquare };
}

function argumentScale(description: object, student: StudentScale): number {
  const { readoutValues } = description as { readonly readoutValues?: readonly number[] };
  const values = Array.isArray(readoutValues) && readoutValues.length > 0 ? (readoutValues as number[]) : [1];
  return Math.sqrt(student.variance / student.slopeSquare / meanSquare(values));
}

/** Of a step of rate 1 and readout values of size 1, on inputs of variance c: the step is a sum of c times as many terms. */
function argumentChange(description: object, student: StudentScale): number {
  const { stepSampleRatio } = description as { readonly stepSampleRatio?: unknown };
  const samples = typeof stepSampleRatio === "number" && stepSampleRatio > 0 ? stepSampleRatio : 1;
  const { linear, square } = labelsOf(description);
  return student.inputs * Math.sqrt(student.slopeSquare * (square / samples) + (student.meanSlope * linear) ** 2);
}

interface LabelScale {
  /** |h1*| */
  readonly linear: number;
  /** E y², label noise included where it is known. */
  readonly square: number;
}

function labelsOf(description: object): LabelScale {
  const { labelNoise, labels, teacher } = description as Readonly<Record<string, unknown>>;
  const { linear, square } = targetOf(description);
  // Labels ±1 follow the sign of the target.
  if (hasSigns({ labels, teacher } as Parameters<typeof hasSigns>[0]))
    return { linear: linear / Math.sqrt(square), square: 1 };
  return { linear, square: square + (typeof labelNoise === "number" ? labelNoise : 0) };
}

/** Nodes along each direction: averages of a target of several variables to the digits that a unit needs. */
const NODES = 5;

/** |h1*| and E σ*², or of covariates the square that the signal explains. */
function targetOf(description: object): LabelScale {
  if (isCovariateDescription(description) && description.model === "gaussianCovariates") {
    const { square } = covarianceOf(description);
    return { linear: Math.sqrt(square), square };
  }
  const { value, directions } = multiIndexTarget((description as { readonly target: TargetInput }).target);
  const { nodes, weights } = gaussHermite(NODES);
  const linear = new Float64Array(directions);
  let square = 0;
  const visit = (s: readonly number[], weight: number): void => {
    if (s.length < directions) {
      nodes.forEach((node, i) => visit([...s, node], weight * weights[i]!));
      return;
    }
    const y = value(s);
    square += weight * y * y;
    s.forEach((x, i) => (linear[i]! += weight * x * y));
  };
  visit([], 1);
  return { linear: Math.hypot(...linear), square };
}

function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}
