import type { TrialContext } from "./arena.ts";
import { leadingBlock, matrix, topRows, type Matrix } from "./matrix.ts";
import { squaredNorm } from "./weights.ts";

/** Training observables of one readout (theory §5). */
export interface Fit {
  /** (1/n) Σ (y − f)². */
  readonly trainError: number;
  /** (1/n) [Σ (y − f)² + λ|a|²]. */
  readonly objective: number;
}

/**
 * Ridge readout of the first n ≤ p samples in the dual: c = (ΦΦᵀ/p + λ)⁻¹ y, â = Φᵀc/√p, written to `readout`. The residual is λc,
 * so no error is lost where the training set is interpolated.
 */
export function solveDual(context: TrialContext, n: number, ridge: number, readout: Matrix): Fit {
  const { arena, algebra, specification } = context;
  const labels = arena.labels.subarray(0, n);
  const coefficients = arena.solution.subarray(0, n);
  coefficients.set(labels);
  factoredSolve(context, leadingBlock(arena.dualGram, n), ridge, coefficients);
  const features = topRows(arena.dualFeatures, n);
  algebra.transposeMultiply(readout, 1 / Math.sqrt(specification.width), matrix(coefficients, n, 1), features, 0);
  return {
    trainError: (ridge * ridge * squaredNorm(coefficients)) / n,
    objective: (ridge * dot(labels, coefficients)) / n,
  };
}

/**
 * Ridge readout of n > p samples in the primal: â = (ΦᵀΦ/p + λ)⁻¹ b with b = Φᵀy/√p; then
 * Σ(y − f)² = |y|² − âᵀb − λ|â|².
 */
export function solvePrimal(context: TrialContext, gram: Matrix, n: number, ridge: number, readout: Matrix): Fit {
  const { arena } = context;
  const solution = arena.solution.subarray(0, gram.rows);
  solution.set(arena.moment);
  factoredSolve(context, gram, ridge, solution);
  readout.data.set(solution);
  const explained = squaredNorm(arena.labels.subarray(0, n)) - dot(arena.moment, solution);
  return { trainError: (explained - ridge * squaredNorm(solution)) / n, objective: explained / n };
}

/** x ← (A + λ)⁻¹ x with A in the upper triangle of `gram`, which is kept; its lower triangle takes the factor. */
function factoredSolve({ arena, algebra }: TrialContext, gram: Matrix, ridge: number, x: Float64Array): void {
  const diagonal = arena.diagonal.subarray(0, gram.rows);
  for (let i = 0; i < gram.rows; i++) diagonal[i] = gram.data[i * (gram.stride + 1)]!;
  mirror(gram);
  for (let i = 0; i < gram.rows; i++) gram.data[i * (gram.stride + 1)]! += ridge;
  const definite = algebra.cholesky(gram);
  if (definite) algebra.solveCholesky(gram, x);
  for (let i = 0; i < gram.rows; i++) gram.data[i * (gram.stride + 1)] = diagonal[i]!;
  if (!definite) throw new RangeError(`the Gram matrix of ${gram.rows} rows is singular at ridge = ${ridge}`);
}

const tile = 32;

/** Copies the upper triangle to the lower one, by tiles that fit the cache. */
function mirror({ data, rows, stride }: Matrix): void {
  for (let top = 0; top < rows; top += tile) {
    for (let left = 0; left <= top; left += tile) {
      for (let i = top; i < Math.min(rows, top + tile); i++) {
        for (let j = left; j < Math.min(i, left + tile); j++) data[i * stride + j] = data[j * stride + i]!;
      }
    }
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
