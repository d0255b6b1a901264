import type { TrialContext } from "./arena.ts";
import { matrix, type Matrix } from "./matrix.ts";
import type { Fit } from "./fit.ts";

/**
 * x ← (A + λ)⁺ x by the eigenvectors of A, the upper triangle of `gram`: eigenvalues within rounding of 0 are left out, so that λ = 0
 * gives the minimal norm. Returns |residual|² and objective of the dual problem, Σ (λ/(s+λ))² t² and Σ λ/(s+λ) t² over the components
 * t of x, with 1 for λ/(s+λ) where s is left out.
 */
export function spectralSolve({ arena, algebra }: TrialContext, gram: Matrix, ridge: number, x: Float64Array): Fit {
  const n = gram.rows;
  if (arena.eigenvectors.length < n * n) {
    throw new RangeError(
      `ridge = ${ridge} is too small beside the features: their Gram matrix is singular (0 is legal, and solved as the limit)`,
    );
  }
  const vectors = matrix(arena.eigenvectors, n, n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) vectors.data[i * n + j] = gram.data[i * gram.stride + j]!;
  }
  const values = arena.eigenvalues.subarray(0, n);
  const components = arena.eigenvalues.subarray(n, 2 * n);
  algebra.symmetricEigen(vectors, values, components, true);
  algebra.multiplyTransposed(matrix(components, n, 1), 1, vectors, matrix(x, 1, n), 0);
  const cutoff = n * Number.EPSILON * values.reduce((largest, value) => Math.max(largest, value), 0);
  let [trainError, objective] = [0, 0];
  for (let i = 0; i < n; i++) {
    const [s, t] = [values[i]!, components[i]!];
    const kept = s > cutoff;
    const left = kept ? ridge / (s + ridge) : 1;
    trainError += (left * t) ** 2;
    objective += left * t * t;
    components[i] = kept ? t / (s + ridge) : 0;
  }
  algebra.transposeMultiply(matrix(x, 1, n), 1, matrix(components, n, 1), vectors, 0);
  return { trainError, objective };
}
