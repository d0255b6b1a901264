import { tridiagonalEigen } from "./tridiagonal.ts";

/** A rule for averages over the standard normal: E f(z) ≈ Σ w_i f(z_i), Σ w_i = 1. */
export interface GaussianRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Orthonormal He_0/√0! … He_n/√n! at x. */
function orthonormalHermite(n: number, x: number): Float64Array {
  const h = new Float64Array(n + 1);
  h[0] = 1;
  if (n > 0) h[1] = x;
  for (let k = 1; k < n; k++) h[k + 1] = (x * h[k]! - Math.sqrt(k) * h[k - 1]!) / Math.sqrt(k + 1);
  return h;
}

/**
 * Gauss–Hermite rule for the standard normal (probabilists' convention), by Golub–Welsch on the Jacobi matrix and
 * one Newton step on each node. For smooth integrands and for discretised Gaussian readouts; integrands with kinks
 * or jumps belong to split panels (theory §11).
 *
 * @param n number of nodes, an integer from 1 to 200
 * @returns nodes ascending, weights summing to 1; exact for polynomials of degree 2n − 1
 * @throws RangeError for another n
 * @example
 * const { nodes, weights } = gaussHermite(3);
 * nodes[2].toFixed(14); // "1.73205080756888"
 * weights[1].toFixed(14); // "0.66666666666667"
 */
export function gaussHermite(n: number): GaussianRule {
  if (!(Number.isInteger(n) && n >= 1 && n <= 200)) throw new RangeError(`gaussHermite: n = ${n}, legal 1 to 200`);
  const offDiagonal = Float64Array.from({ length: n - 1 }, (_, k) => Math.sqrt(k + 1));
  const { values: eigenvalues } = tridiagonalEigen(new Float64Array(n), offDiagonal);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // The rule is symmetric; using both halves' eigenvalues makes the nodes so to the last bit.
    let x = (eigenvalues[i]! - eigenvalues[n - 1 - i]!) / 2;
    const before = orthonormalHermite(n, x);
    if (x !== 0) x -= before[n]! / (Math.sqrt(n) * before[n - 1]!);
    const h = orthonormalHermite(n - 1, x);
    nodes[i] = x;
    weights[i] = 1 / h.reduce((sum, value) => sum + value * value, 0);
  }
  return { nodes, weights };
}
