import { activation, type Activation } from "../activation/activation.ts";
import { conditionalMoments } from "../activation/conditionalMoments.ts";
import { hermiteNumbers } from "../activation/stepNumbers.ts";
import { ParameterError } from "../errors.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import { checkList, positiveLevels } from "./checks.ts";
import { type CovarianceModel, covarianceOfLevels } from "./covariance.ts";
import type { StructuredRandomFeaturesModel } from "./description.ts";
import { checkInputs, type InputLevels } from "./inputLevels.ts";
import { type Layer, layerAbove } from "./layer.ts";

/** Effective dimension below which corrections O(1/d_eff) show (covariates §7, §10). */
const SMALL_DIMENSION = 50;

/** What the theory of structured inputs neglects, for a caller to be told. */
export function dimensionNotices({ effectiveDimension }: InputLevels): string[] {
  if (effectiveDimension >= SMALL_DIMENSION) return [];
  const size = effectiveDimension.toPrecision(3);
  return [
    `effective dimension (trΣ)²/trΣ² = ${size} is below ${SMALL_DIMENSION}: the features of the top directions are not linear, and the theory is off by O(1/${size}), more than simulations' errors`,
  ];
}

/** A network of random features with the model of its last layer. */
export interface DeepFeatures {
  readonly inputs: InputLevels;
  readonly bottom: CovarianceModel;
  /** From the inputs up. */
  readonly layers: readonly (Layer & { readonly inputs: number })[];
  readonly top: CovarianceModel;
}

/**
 * The models of structured inputs and of the random layers on them (covariates §7).
 *
 * @throws ParameterError, ExpressionError for illegal input
 * @throws QuadratureError if a Gaussian moment does not exist
 */
export function structuredRandomFeatures(description: StructuredRandomFeaturesModel): DeepFeatures {
  const inputs = checkInputs(description);
  const widths = checkList("widths", description.widths, RANGES.positive);
  const student = activation(description.student, "student");
  const target = activation(description.target, "target");
  const labelNoise = check("labelNoise", description.labelNoise ?? 0, RANGES.variance);
  const layers = layersOf(student, inputs, widths);
  const hasMean = layers.some(({ mean }) => mean);
  const bottom = inputModel(inputs, target, labelNoise, hasMean);
  let top = bottom;
  for (const layer of layers) top = layerAbove(top, layer.inputs, layer);
  return { inputs, bottom, layers, top };
}

/** A mean of the features this small beside their root mean square is rounding. */
const NO_MEAN = 1e-12;

function layersOf(student: Activation, inputs: InputLevels, widths: readonly number[]) {
  let variance = inputs.variance;
  let below = inputs.dimension;
  return widths.map((width) => {
    const { mean, first, square, residual } = conditionalMoments(student, 0, Math.sqrt(variance), "student");
    const linear = first ** 2 / variance;
    const layer = {
      width,
      linear,
      nonlinear: residual,
      inputs: below,
      mean: Math.abs(mean) > NO_MEAN * Math.sqrt(square),
    };
    if (!(first ** 2 + residual > 0))
      throw new ParameterError("student", student.name, "an activation that is not constant");
    variance = variance * linear + residual;
    below = width;
    return layer;
  });
}

/** Regression on the inputs themselves: ω = σ_i, b_i = h1* σ_i θ_i, ρ = h2* (− h0*² where a constant can be fitted) + Δ. */
function inputModel(inputs: InputLevels, target: Activation, labelNoise: number, hasMean: boolean): CovarianceModel {
  const { h0, h1, h2 } = hermiteNumbers(target, "target");
  const signal = inputs.power.map((power, i) => (h1 * inputs.eigenvalues[i]!) ** 2 * power);
  const levels = positiveLevels("inputEigenvalues", inputs.eigenvalues, inputs.multiplicities, signal);
  const unexplained = Math.max(0, h2 - h1 * h1 - (hasMean ? h0 * h0 : 0));
  return covarianceOfLevels(levels, unexplained, labelNoise);
}
