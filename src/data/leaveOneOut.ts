import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import { matrix, type Matrix } from "../simulation/matrix.ts";
import { type SampleSpectrum, shrinkages } from "./transport.ts";

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
  /** Modes × batch, three times. */
  readonly right: Matrix;
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
  const width = arrays.right.columns;
  const results: LeaveOneOut[] = [];
  for (let start = 0; start < dataRidges.length; start += width) {
    const batch = dataRidges.slice(start, start + width).map((ridge) => weightsOf(spectrum, ridge));
    const [right, residuals, leverages] = [arrays.right, arrays.residuals, arrays.leverages].map(({ data, stride }) =>
      matrix(data, N, batch.length, stride),
    ) as [Matrix, Matrix, Matrix];
    fill(right, batch, components);
    algebra.transposeMultiply(residuals, 1, arrays.vectors, right, 0);
    fill(right, batch, undefined);
    algebra.transposeMultiply(leverages, 1, arrays.squares, right, 0);
    // The constant mode has r = 1, and part 1/N of every sample.
    const constant = spectrum.constants / N;
    const squares = new Float64Array(N);
    for (let k = 0; k < batch.length; k++) {
      for (let i = 0; i < N; i++) {
        const at = i * right.stride + k;
        squares[i] = (residuals.data[at]! / (leverages.data[at]! - constant)) ** 2;
      }
      results.push(summaryOf(squares));
    }
  }
  return results;
}

/** r, or as L → 0 without modes of s = 0, where e/h is a ratio, 1/s. */
function weightsOf(spectrum: SampleSpectrum, dataRidge: number): Float64Array {
  const r = shrinkages(spectrum, dataRidge);
  const left = r.reduce((sum, value) => sum + value, 0) - spectrum.constants;
  if (dataRidge > 0 || left > 0.5) return r;
  // The constant mode keeps its weight: e has no part along it, and h takes it off.
  return spectrum.eigenvalues.map((s) => (s === 0 ? 1 : 1 / s));
}

function fill(right: Matrix, batch: readonly Float64Array[], factor: Float64Array | undefined): void {
  batch.forEach((weights, k) => {
    for (let j = 0; j < weights.length; j++) right.data[j * right.stride + k] = weights[j]! * (factor ? factor[j]! : 1);
  });
}
