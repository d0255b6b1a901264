import { ParameterError } from "../errors.ts";
import type { SpikedRandomFeatures, TrainedNetwork } from "../model/description.ts";
import { learnedFunction } from "./learnedFunction.ts";

/** What a network with K readout values has learned along the target. */
export interface VocabularyEntry {
  readonly readoutValues: readonly number[];
  readonly testError: number;
  /** E[f | t] at the given t. */
  readonly function: readonly number[];
}

/**
 * K equally likely readout values, equally spaced, symmetric for K > 1, with E u² = 1: {1}, {−1, 1}, {±3, ±1}/√5, …
 *
 * @param size K, 1 to 32
 * @throws ParameterError for another K
 * @example
 * readoutVocabulary(2); // [ -1, 1 ]
 */
export function readoutVocabulary(size: number): number[] {
  if (!(Number.isInteger(size) && size >= 1 && size <= 32)) {
    throw new ParameterError("size", size, "a whole number from 1 to 32");
  }
  if (size === 1) return [1];
  const values = Array.from({ length: size }, (_, k) => 2 * k + 1 - size);
  const norm = Math.sqrt((size * size - 1) / 3);
  return values.map((value) => value / norm);
}

/**
 * What the network can express along the target as its vocabulary of readout values grows (theory §6; Cui24, Dandi24):
 * learned functions for several K side by side.
 *
 * @param description the model; its own readout values are replaced
 * @param t where the functions are wanted, t = θᵀx
 * @param sizes numbers of readout values; default 1, 2, 4, 8
 * @throws ParameterError, ExpressionError, QuadratureError, ConvergenceError as `learnedFunction`
 * @example
 * const entries = vocabularyGrowth({
 *   model: "trainedNetwork", theory: "srf", student: "softplus", target: "x + cos(3x)",
 *   learningRate: 6, stepSampleRatio: 10, sampleRatio: 20, widthRatio: 1, ridge: 0.01,
 * }, [0], [1, 2, 4]);
 * entries.map(({ testError }) => testError.toFixed(4)); // ["1.1146", "0.5753", "0.5492"]
 */
export function vocabularyGrowth(
  description: SpikedRandomFeatures | TrainedNetwork,
  t: readonly number[],
  sizes: readonly number[] = [1, 2, 4, 8],
): VocabularyEntry[] {
  return sizes.map((size) => {
    const readoutValues = readoutVocabulary(size);
    const readoutFractions = readoutValues.map(() => 1 / size);
    const learned = learnedFunction({ ...description, readoutValues, readoutFractions });
    return { readoutValues, testError: learned.solution.testError, function: learned.alongTarget(t) };
  });
}
