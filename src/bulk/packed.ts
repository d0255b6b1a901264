/**
 * Packed order of the traces, for K groups: first the pairs (k ≤ l) row by row, then the K groups; in all
 * m = K(K+1)/2 + K entries.
 *   traces      x = (V1_kl, g_k)
 *   conjugates  y = ((2 − δ_kl) V̂1_kl, V̂2_k), so that Σ_a x_a y_a = tr V1 V̂1 + Σ g V̂2
 */

/** Number of packed entries for K groups. */
export const packedSize = (groups: number): number => pairCount(groups) + groups;

/** Number of pairs k ≤ l. */
export const pairCount = (n: number): number => (n * (n + 1)) / 2;

/** Position of the pair (k, l) in the packed order. */
export function packedPair(groups: number, k: number, l: number): number {
  const [low, high] = k <= l ? [k, l] : [l, k];
  return low * groups - (low * (low - 1)) / 2 + (high - low);
}

const indices: Int32Array[] = [];

/** Packed positions of all (a, b) of a symmetric n×n matrix; not to be changed. */
export function packedIndex(n: number): Int32Array {
  return (indices[n] ??= Int32Array.from({ length: n * n }, (_, i) => packedPair(n, Math.floor(i / n), i % n)));
}

/** The pair (k ≤ l) at a packed position. */
export function pairOf(groups: number, position: number): [k: number, l: number] {
  let k = 0;
  while (position >= groups - k) position -= groups - k++;
  return [k, k + position];
}

/** The symmetric n×n matrix, row-major, of packed pairs, those off the diagonal times `offDiagonal`. */
export function unpackPairs(packed: Float64Array, n: number, offDiagonal = 1): Float64Array {
  const index = packedIndex(n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < matrix.length; i++) matrix[i] = packed[index[i]!]! * (i % (n + 1) === 0 ? 1 : offDiagonal);
  return matrix;
}
