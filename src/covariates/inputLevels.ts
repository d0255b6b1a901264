import { ParameterError } from "../errors.ts";
import { RANGES } from "../parameters/ranges.ts";
import { checkCounts, checkList, checkSameLength } from "./checks.ts";
import type { StructuredInputs } from "./description.ts";

/** Inputs of covariance Σ with the teacher's power by level, θᵀΣθ = 1. */
export interface InputLevels {
  readonly eigenvalues: readonly number[];
  readonly multiplicities: readonly number[];
  /** Σ θ_i² by level */
  readonly power: readonly number[];
  /** Σ multiplicities */
  readonly dimension: number;
  /** trΣ/d */
  readonly variance: number;
  /** (trΣ)²/trΣ² */
  readonly effectiveDimension: number;
}

/**
 * Validates structured inputs and scales the teacher to θᵀΣθ = 1.
 *
 * @throws ParameterError for lists of different lengths, numbers out of range, or a teacher without power on Σ
 */
export function checkInputs(inputs: StructuredInputs): InputLevels {
  const eigenvalues = checkList("inputEigenvalues", inputs.inputEigenvalues, RANGES.variance);
  const levels = eigenvalues.length;
  const multiplicities = checkCounts("inputMultiplicities", inputs.inputMultiplicities, "inputEigenvalues", levels);
  const given = checkList("teacherPower", inputs.teacherPower, RANGES.nonNegative);
  const power = checkSameLength("teacherPower", given, "inputEigenvalues", levels);
  const variance = power.reduce((sum, value, i) => sum + value * eigenvalues[i]!, 0);
  if (!(variance > 0 && variance < Infinity)) {
    throw new ParameterError("teacherPower", given, "a list with power on an eigenvalue > 0");
  }
  const dimension = multiplicities.reduce((sum, value) => sum + value, 0);
  const moment = (order: number) => eigenvalues.reduce((sum, value, i) => sum + multiplicities[i]! * value ** order, 0);
  const trace = moment(1);
  return {
    eigenvalues,
    multiplicities,
    power: power.map((value) => value / variance),
    dimension,
    variance: trace / dimension,
    effectiveDimension: trace ** 2 / moment(2),
  };
}
