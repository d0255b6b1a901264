import { activation, type ActivationInput } from "../activation/activation.ts";
import { checkSpectrum, checkLabels } from "../covariates/checks.ts";
import type {
  ConvexCovariates,
  CovariateDescription,
  GaussianCovariates,
  StructuredGradientStep,
  StructuredRandomFeatures,
} from "../covariates/description.ts";
import { checkInputs } from "../covariates/inputLevels.ts";
import { ParameterError } from "../errors.ts";
import { lossOf } from "../loss/describedLoss.ts";
import { resolveLoss } from "../loss/lossInput.ts";
import { legalParameters } from "../parameters/legal.ts";
import type { LossInput } from "../parameters/loss.ts";
import { size } from "./checks.ts";
import { coordinateCounts, type InputLaw, type SignLaw } from "./inputLaw.ts";
import type { WeightLaw } from "./weightLaw.ts";

/** What a model of covariates says of its finite networks at d input coordinates. */
export interface CovariateTrials {
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  readonly labelNoise: number;
  readonly loss?: LossInput;
  readonly labelFlips?: number;
  readonly signs?: SignLaw;
  readonly inputs: InputLaw;
  readonly weights: WeightLaw;
  readonly width: number;
  /** n/d of each number of samples that was asked for. */
  readonly sampleRatios: readonly number[];
}

/** Coordinates that may be missing from a description. */
const POINT = ["samples", "sampleRatio", "ridge"];
/**
 * The unpenalised constant is the readout of a feature of this size, as a penalty of 1e-6 λc₀²/2 changes nothing that trials resolve.
 */
const CONSTANT_FEATURE = 1e3;

/**
 * Finite networks of a model of covariates: all its multiplicities, samples and widths are scaled by one factor, to d coordinates
 * in all, at which theory is the same (λ of Gaussian covariates scales along).
 *
 * @param samples n of each point, in the unit of the multiplicities; for a step, α
 * @throws ParameterError for an illegal description, and for what no finite network realises
 */
export function covariateTrials(
  description: CovariateDescription,
  dimension: number,
  samples: readonly number[],
): CovariateTrials {
  legalParameters(description, POINT);
  switch (description.model) {
    case "gaussianCovariates":
      return gaussianTrials(description, dimension, samples);
    case "structuredRandomFeatures":
      return featureTrials(description, dimension, samples);
    case "structuredGradientStep":
      return stepTrials(description, dimension, samples);
  }
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

function gaussianTrials(
  description: GaussianCovariates | ConvexCovariates,
  dimension: number,
  samples: readonly number[],
): CovariateTrials {
  const levels = checkSpectrum(description);
  const total = sum(levels.multiplicities);
  const explained = sum(levels.signal.map((value, i) => value / levels.eigenvalues[i]!));
  const intercept = "intercept" in description && description.intercept;
  const width = dimension + (intercept ? 1 : 0);
  // The readout is of φ/√p, whose covariance is that of v in units of the multiplicities.
  const unit = (width * total) / dimension;
  const labels = labelsOf(description, explained);
  return {
    student: "identity",
    ...labels.of,
    inputs: {
      counts: coordinateCounts("multiplicities", levels.multiplicities, dimension),
      deviations: Array.from(levels.eigenvalues, (omega) => Math.sqrt(omega * unit)),
      field: Array.from(levels.signal, (power, i) => Math.sqrt(power / unit) / levels.eigenvalues[i]!),
      hidden: labels.hidden,
    },
    weights: { kind: "none", constant: intercept ? CONSTANT_FEATURE * Math.sqrt(width) : 0 },
    width,
    sampleRatios: ratios("samples", samples, total, dimension),
  };
}

/** How labels follow from the field, and the variance of the field that no feature has. */
function labelsOf(description: GaussianCovariates | ConvexCovariates, explained: number) {
  const { teacher, labelFlips = 0 } = description as Partial<ConvexCovariates>;
  const loss = lossOf(description);
  if (teacher === undefined) {
    if (loss !== "square") throw new ParameterError("teacher", undefined, `required for the loss of the readout`);
    const { unexplained, labelNoise } = checkLabels(description, explained);
    return { of: { target: "identity", labelNoise: unexplained + labelNoise }, hidden: 0 };
  }
  const { teacherVariance, teacherShift, logisticScale, labelNoise = 0, target } = description as ConvexCovariates;
  const hidden = teacherVariance - explained;
  if (!(hidden >= -1e-12 * teacherVariance)) {
    throw new ParameterError("teacherVariance", teacherVariance, `at least Σ signal/eigenvalues = ${explained}`);
  }
  const signs = {
    shift: teacherShift ?? 0,
    ...(teacher === "logistic" && { logisticScale: logisticScale ?? 1 }),
  };
  if (teacher === "regression") {
    if (target === undefined) throw new ParameterError("target", target, 'required for the teacher "regression"');
    activation(target, "target");
    if (resolveLoss(loss).kind === "margin") {
      throw new ParameterError("teacher", teacher, "one of labels ±1 for a loss of margins");
    }
  }
  return {
    of: {
      target: target ?? "identity",
      labelNoise,
      loss,
      ...(labelFlips > 0 && { labelFlips }),
      ...(teacher !== "regression" && { signs }),
    },
    hidden: Math.max(0, hidden),
  };
}

/** Inputs of covariance Σ with θᵀΣθ = 1. */
function inputLaw(description: StructuredRandomFeatures | StructuredGradientStep, dimension: number) {
  const { eigenvalues, multiplicities, power, dimension: total } = checkInputs(description);
  const counts = coordinateCounts("inputMultiplicities", multiplicities, dimension);
  const inputs: InputLaw = { counts, deviations: eigenvalues.map(Math.sqrt), field: power.map(Math.sqrt), hidden: 0 };
  return { inputs, total };
}

function featureTrials(
  description: StructuredRandomFeatures,
  dimension: number,
  samples: readonly number[],
): CovariateTrials {
  const { student, target, labelNoise = 0 } = description;
  const { inputs, total } = inputLaw(description, dimension);
  activation(student, "student");
  activation(target, "target");
  const widths = description.widths.map((width, i) => size(`widths[${i}]`, width / total, dimension));
  return {
    student,
    target,
    labelNoise,
    inputs,
    weights: { kind: "layers", widths: widths.slice(0, -1) },
    width: widths.at(-1)!,
    sampleRatios: ratios("samples", samples, total, dimension),
  };
}

function stepTrials(
  description: StructuredGradientStep,
  dimension: number,
  samples: readonly number[],
): CovariateTrials {
  const { student, target, labelNoise = 0, learningRate, stepSampleRatio, widthRatio } = description;
  const { inputs } = inputLaw(description, dimension);
  activation(target, "target");
  const { derivative, jumps } = activation(student, "student");
  if (jumps.length > 0 || derivative === undefined) {
    throw new ParameterError("student", student, "a function without jumps and with a derivative, for a gradient step");
  }
  if (stepSampleRatio === Infinity) {
    const legal = "finite in a simulation: an infinite batch cannot be drawn";
    throw new ParameterError("stepSampleRatio", stepSampleRatio, legal);
  }
  const stepSamples = learningRate === 0 ? 0 : Math.round(stepSampleRatio * dimension);
  return {
    student,
    target,
    labelNoise,
    inputs,
    weights: { kind: "trained", learningRate, stepSamples },
    width: size("widthRatio", widthRatio, dimension),
    sampleRatios: ratios("sampleRatio", samples, 1, dimension),
  };
}

/** n/d of every n in units of which the coordinates have `total`. */
function ratios(name: string, samples: readonly number[], total: number, dimension: number): number[] {
  if (samples.length === 0) throw new ParameterError(name, samples, "at least one value");
  for (const value of samples) size(name, value / total, dimension);
  return samples.map((value) => value / total);
}
