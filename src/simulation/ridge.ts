import type { TrialContext } from "./arena.ts";
import type { Fit } from "./fit.ts";
import { dot, leadingBlock, matrix, topRows, type Matrix } from "./matrix.ts";
import { spectralSolve } from "./spectralSolve.ts";
import { squaredNorm } from "./weights.ts";

/**
 * Ridge readout of the first n ≤ p samples in the dual: c = (ΦΦᵀ/p + λ)⁻¹ y, â = Φᵀc/√p, written to `readout`. The residual is λc,
 * so no error is lost where the training set is interpolated. λ = 0 is the least-squares readout of minimal norm.
 */
export function solveDual(context: TrialContext, n: number, ridge: number, readout: Matrix): Fit {
  const { arena, algebra, specification } = context;
  const labels = arena.labels.subarray(0, n);
  const coefficients = arena.solution.subarray(0, n);
  const gram = leadingBlock(arena.dualGram, n);
  coefficients.set(labels);
  const fit = factoredSolve(context, gram, ridge, coefficients)
    ? {
        trainError: (ridge * ridge * squaredNorm(coefficients)) / n,
        objective: (ridge * dot(labels, coefficients)) / n,
      }
    : averaged(spectralSolve(context, gram, ridge, coefficients), n);
  const features = topRows(arena.dualFeatures, n);
  algebra.transposeMultiply(readout, 1 / Math.sqrt(specification.width), matrix(coefficients, n, 1), features, 0);
  return fit;
}

/**
 * Ridge readout of n > p samples in the primal: â = (ΦᵀΦ/p + λ)⁻¹ b with b = Φᵀy/√p; then
 * Σ(y − f)² = |y|² − âᵀb − λ|â|².
 */
export function solvePrimal(context: TrialContext, gram: Matrix, n: number, ridge: number, readout: Matrix): Fit {
  const { arena } = context;
  const solution = arena.solution.subarray(0, gram.rows);
  solution.set(arena.moment);
  if (!factoredSolve(context, gram, ridge, solution)) spectralSolve(context, gram, ridge, solution);
  readout.data.set(solution);
  const unexplained = squaredNorm(arena.labels.subarray(0, n)) - dot(arena.moment, solution);
  return { trainError: (unexplained - ridge * squaredNorm(solution)) / n, objective: unexplained / n };
}

function averaged({ trainError, objective }: Fit, n: number): Fit {
  return { trainError: trainError / n, objective: objective / n };
}

/** Squared ratio of pivots below which a Gram matrix without ridge is taken as singular. */
const singular = 1e-12;

/**
 * x ← (A + λ)⁻¹ x with A in the upper triangle of `gram`, which is kept; its lower triangle takes the factor. False, with x unchanged,
 * if A + λ is singular to working precision.
 */
export function factoredSolve({ arena, algebra }: TrialContext, gram: Matrix, ridge: number, x: Float64Array): boolean {
  const { data, rows } = gram;
  const step = gram.stride + 1;
  const diagonal = arena.diagonal.subarray(0, rows);
  for (let i = 0; i < rows; i++) {
    diagonal[i] = data[i * step]!;
    // A factor with infinite pivots would pass for the solution 0.
    if (!Number.isFinite(diagonal[i])) throw new RangeError("the squares of the features are no finite numbers");
  }
  mirror(gram);
  for (let i = 0; i < rows; i++) data[i * step]! += ridge;
  let regular = algebra.cholesky(gram);
  if (regular && ridge === 0) {
    let [least, largest] = [Infinity, 0];
    for (let i = 0; i < rows; i++) {
      least = Math.min(least, data[i * step]!);
      largest = Math.max(largest, data[i * step]!);
    }
    regular = least * least > singular * largest * largest;
  }
  if (regular) algebra.solveCholesky(gram, x);
  for (let i = 0; i < rows; i++) data[i * step] = diagonal[i]!;
  return regular;
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
