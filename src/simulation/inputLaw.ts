import { ParameterError } from "../errors.ts";
import type { Matrix } from "./matrix.ts";
import type { RandomStream } from "./randomStreams.ts";
import { apportion } from "./weightLaw.ts";

/** Inputs of a given covariance, in its eigenbasis, by levels of equal eigenvalues; and the teacher's field on them. */
export interface InputLaw {
  /** Coordinates of each level; they sum to d. */
  readonly counts: readonly number[];
  /** √σ of each level. */
  readonly deviations: readonly number[];
  /** θ_l: the field is ν = Σ_l θ_l x_l + √h g, with x_l the first coordinate of level l: inputs are isotropic within a level. */
  readonly field: readonly number[];
  /** h: variance of the part of the field that the inputs do not have. */
  readonly hidden: number;
}

/** Labels y = sign(g + shift + noise) of a score g, whose noise is Gaussian with variance Δ, or logistic. */
export interface SignLaw {
  readonly shift: number;
  /** k of P(y = 1) = 1/(1 + e^{−k(g + shift)}); absent for Gaussian noise. */
  readonly logisticScale?: number;
  /** Whether the score is the target of the field ν; absent where it is ν. */
  readonly ofTarget?: true;
  /** Whether the gradient step sees these labels, too; absent where it sees the target with its noise. */
  readonly inStep?: true;
}

/**
 * Whole numbers of coordinates in proportion to multiplicities.
 *
 * @throws ParameterError if a level has none
 */
export function coordinateCounts(name: string, multiplicities: ArrayLike<number>, dimension: number): number[] {
  const given = Array.from(multiplicities);
  const total = given.reduce((sum, value) => sum + value, 0);
  const counts = apportion(
    given.map((value) => value / total),
    dimension,
  );
  const empty = counts.indexOf(0);
  if (empty >= 0) {
    const legal = `such that each level has one of the dimension = ${dimension} coordinates that are simulated`;
    throw new ParameterError(`${name}[${empty}]`, given[empty], legal);
  }
  return counts;
}

/** Turns rows of independent normal numbers into inputs. */
export function scaleInputs({ data, rows, columns, stride }: Matrix, { counts, deviations }: InputLaw): void {
  const scales = coordinateDeviations({ counts, deviations });
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[i * stride + j]! *= scales[j]!;
  }
}

/** √σ of every coordinate. */
export function coordinateDeviations({ counts, deviations }: Pick<InputLaw, "counts" | "deviations">): Float64Array {
  const scales = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  let first = 0;
  counts.forEach((count, l) => {
    scales.fill(deviations[l]!, first, first + count);
    first += count;
  });
  return scales;
}

/** ν of the first inputs of a block. */
export function fieldsOfInputs(
  inputs: Matrix,
  { counts, field, hidden }: InputLaw,
  stream: RandomStream,
  fields: Float64Array,
): void {
  fields.fill(0);
  let first = 0;
  counts.forEach((count, l) => {
    const slope = field[l]!;
    if (slope !== 0)
      for (let i = 0; i < fields.length; i++) fields[i]! += slope * inputs.data[i * inputs.stride + first]!;
    first += count;
  });
  const deviation = Math.sqrt(hidden);
  if (deviation > 0) for (let i = 0; i < fields.length; i++) fields[i]! += deviation * stream.normal();
}
