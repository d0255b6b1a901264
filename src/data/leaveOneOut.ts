import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import { matrix, type Matrix } from "../simulation/matrix.ts";
import { rankOf, type SampleSpectrum } from "./transport.ts";

/** Squared leave-one-out residuals q_i = (e_i/h_i)² at one ridge L, summed up. */
export interface LeaveOneOut {
  /** mean q: the exact leave-one-out error of all N samples at the ridge L. */
  readonly error: number;
  /** sd(q)/(√N mean q) */
  readonly relativeStandardError: number;
}

/** Mean and relative standard error of squared residuals. */
export function summaryOf(squares: ArrayLike<number>): LeaveOneOut {
  const N = squares.length;
  let [sum, square] = [0, 0];
  for (let i = 0; i < N; i++) sum += squares[i]!;
  const mean = sum / N;
  for (let i = 0; i < N; i++) square += (squares[i]! - mean) ** 2;
  return { error: mean, relativeStandardError: mean > 0 ? Math.sqrt(square / (N - 1) / N) / mean : 0 };
}

/** Arrays of the workspace for {@link leaveOneOutErrors}. */
export interface LeaveOneOutArrays {
  /** Row j is the eigenvector of mode j. */
  readonly vectors: Matrix;
  /** Its entries squared. */
  readonly squares: Matrix;
  /** Modes × batch. */
  readonly weights: Matrix;
  /** Batch × samples, twice. */
  readonly residuals: Matrix;
  readonly leverages: Matrix;
}

/**
 * Leave-one-out errors at many ridges, in batches: e = U(r∘Uᵀy) and h_i = Σ_j U_ij² r_j are products of matrices
 * (covariates §5).
 */
export function leaveOneOutErrors(
  algebra: LinearAlgebra,
  spectrum: SampleSpectrum,
  /** Uᵀy */
  components: Float64Array,
  arrays: LeaveOneOutArrays,
  dataRidges: readonly number[],
): LeaveOneOut[] {
  const N = components.length;
  const width = arrays.weights.columns;
  const ones = new Float64Array(N).fill(1);
  const squares = new Float64Array(N);
  // The constant mode has r = 1, and part 1/N of every sample.
  const constant = spectrum.constants / N;
  const results: LeaveOneOut[] = [];
  for (let start = 0; start < dataRidges.length; start += width) {
    const batch = dataRidges.slice(start, start + width);
    const weights = matrix(arrays.weights.data, N, batch.length, width);
    const [residuals, leverages] = [arrays.residuals, arrays.leverages].map(({ data }) =>
      matrix(data, batch.length, N),
    ) as [Matrix, Matrix];
    fill(weights, spectrum, batch, components);
    algebra.transposeMultiply(residuals, 1, weights, arrays.vectors, 0);
    fill(weights, spectrum, batch, ones);
    algebra.transposeMultiply(leverages, 1, weights, arrays.squares, 0);
    for (let k = 0; k < batch.length; k++) {
      for (let i = 0; i < N; i++) {
        squares[i] = (residuals.data[k * N + i]! / (leverages.data[k * N + i]! - constant)) ** 2;
      }
      results.push(summaryOf(squares));
    }
  }
  return results;
}

/**
 * Column k is r at ridge k times the factors of the modes. As L → 0 without modes of s = 0, where e/h is a ratio, r is 1/s; the
 * constant mode keeps its weight: e has no part along it, and h takes it off.
 */
function fill(weights: Matrix, spectrum: SampleSpectrum, dataRidges: readonly number[], factors: Float64Array): void {
  const { eigenvalues, count } = spectrum;
  const ratio = rankOf(spectrum) === count;
  for (let j = 0; j < eigenvalues.length; j++) {
    const [s, factor, at] = [eigenvalues[j]!, factors[j]!, j * weights.stride];
    for (let k = 0; k < dataRidges.length; k++) {
      const L = dataRidges[k]!;
      const r = s === 0 ? 1 : L === 0 && ratio ? 1 / s : L / (s + L);
      weights.data[at + k] = r * factor;
    }
  }
}
