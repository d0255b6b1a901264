import { solveInPlace } from "../numerics/linearAlgebra.ts";
import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import { matrix, type Matrix } from "../simulation/matrix.ts";
import { inverseOf } from "./inverse.ts";
import { type LeaveOneOut, summaryOf } from "./leaveOneOut.ts";

/** Errors at n by conditional transport (covariates §5). */
export interface ConditionalErrors {
  readonly testError: number;
  readonly trainError: number;
  /** Of the weighted leave-one-out residuals. */
  readonly relativeStandardError: number;
  readonly iterations: number;
  /** Largest undamped residual of ln V. */
  readonly residual: number;
}

/** Arrays of the workspace: N×N each. */
export interface ConditionalArrays {
  /** K, kept. */
  readonly gram: Matrix;
  readonly factor: Matrix;
  readonly inverse: Matrix;
}

const MOST_SWEEPS = 200;
/** Residual of ln V at which the iteration ends, and at which a stagnating one is still good. */
const [TOLERANCE, ACCEPTABLE] = [1e-11, 1e-7];
/** Terms of the Neumann series before elimination is cheaper, and its tolerance. */
const [MOST_TERMS, NEUMANN] = [400, 1e-13];

/**
 * Weighted ridge on all N samples at the target λ, for susceptibilities V_i that differ from sample to sample:
 *
 *   a_i = n/(N + (N − n)V_i),  H = λ(A^½KA^½ + λ)⁻¹,  H_ii = 1/(1 + a_iV_i),
 *   e_i = (HA^½y)_i/(√a_i H_ii),  M_ij = H_ij²a_j/(a_iH_ii²) (M_ii = 0),  (I − (N/n − 1)M)R = e²,
 *
 * with test error mean R_i and training error mean R_i/(1 + V_i)². Written in a/λ and λV, it holds at λ = 0, too.
 *
 * @param start λV, a positive guess for all samples
 * @returns undefined where the weighted matrix is singular
 */
export function conditionalErrors(
  algebra: LinearAlgebra,
  arrays: ConditionalArrays,
  labels: Float64Array,
  samples: number,
  ridge: number,
  start: number,
): ConditionalErrors | undefined {
  const N = labels.length;
  const scaled = new Float64Array(N).fill(start);
  const alpha = new Float64Array(N);
  const { inverse } = arrays;
  const diagonal = (i: number): number => inverse.data[i * inverse.stride + i]!;
  let residual = Infinity;
  let iterations = 0;
  for (; iterations < MOST_SWEEPS; iterations++) {
    for (let i = 0; i < N; i++) alpha[i] = samples / (ridge * N + (N - samples) * scaled[i]!);
    if (!weightedInverse(algebra, arrays, alpha)) return undefined;
    residual = 0;
    const change = new Float64Array(N);
    for (let i = 0; i < N; i++) {
      const next = (1 / diagonal(i) - 1) / alpha[i]!;
      change[i] = Math.log(next / scaled[i]!);
      residual = Math.max(residual, Math.abs(change[i]!));
    }
    if (!(residual > TOLERANCE)) break;
    for (let i = 0; i < N; i++) scaled[i]! *= Math.exp(0.5 * change[i]!);
  }
  if (!(residual <= ACCEPTABLE)) return undefined;
  const squares = weightedResiduals(inverse, alpha, labels);
  const R = transportedResiduals(inverse, alpha, squares, N / samples - 1);
  if (!R) return undefined;
  let [test, train] = [0, 0];
  for (let i = 0; i < N; i++) {
    test += R[i]!;
    train += R[i]! * (ridge / (ridge + scaled[i]!)) ** 2;
  }
  const { relativeStandardError }: LeaveOneOut = summaryOf(squares);
  return { testError: test / N, trainError: train / N, relativeStandardError, iterations: iterations + 1, residual };
}

/** (α^½Kα^½ + 1)⁻¹ into the whole of `inverse`; false if it is not positive definite. */
function weightedInverse(algebra: LinearAlgebra, { gram, factor, inverse }: ConditionalArrays, alpha: Float64Array) {
  const N = gram.rows;
  const root = alpha.map(Math.sqrt);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j <= i; j++) {
      factor.data[i * factor.stride + j] = root[i]! * root[j]! * gram.data[i * gram.stride + j]!;
    }
    factor.data[i * factor.stride + i]! += 1;
  }
  return inverseOf(algebra, factor, inverse);
}

/** e_i² of the weighted leave-one-out residuals. */
function weightedResiduals({ data, stride }: Matrix, alpha: Float64Array, labels: Float64Array): Float64Array {
  const N = labels.length;
  const right = labels.map((y, i) => Math.sqrt(alpha[i]!) * y);
  return Float64Array.from({ length: N }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < N; j++) sum += data[i * stride + j]! * right[j]!;
    return (sum / (Math.sqrt(alpha[i]!) * data[i * stride + i]!)) ** 2;
  });
}

/** R of (I − cM)R = e²: the series while it converges fast, else elimination. */
function transportedResiduals(
  inverse: Matrix,
  alpha: Float64Array,
  squares: Float64Array,
  c: number,
): Float64Array | undefined {
  const N = squares.length;
  if (c === 0) return squares;
  const { data, stride } = inverse;
  const system = new Float64Array(N * N);
  for (let i = 0; i < N; i++) {
    const scale = c / (alpha[i]! * data[i * stride + i]! ** 2);
    for (let j = 0; j < N; j++) {
      if (j !== i) system[i * N + j] = scale * data[i * stride + j]! ** 2 * alpha[j]!;
    }
  }
  const total = squares.slice();
  let term = squares;
  for (let k = 0; k < MOST_TERMS; k++) {
    const next = multiplied(matrix(system, N, N), term);
    let size = 0;
    for (let i = 0; i < N; i++) {
      total[i]! += next[i]!;
      size = Math.max(size, next[i]! / total[i]!);
    }
    if (size < NEUMANN) return total;
    term = next;
  }
  for (let i = 0; i < N * N; i++) system[i] = -system[i]!;
  for (let i = 0; i < N; i++) system[i * N + i]! += 1;
  const solution = squares.slice();
  if (!solveInPlace(system, solution, N, 1)) return undefined;
  // Squared errors: a negative one means that the series diverges, beyond the interpolation peak.
  return solution.every((value) => value >= 0) ? solution : undefined;
}

function multiplied({ data, rows, columns }: Matrix, x: Float64Array): Float64Array {
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[i * columns + j]! * x[j]!;
    y[i] = sum;
  }
  return y;
}
