/**
 * What the solver needs of the neurons' bulk weights: the one place where the isotropic surrogate and the trained
 * network differ.
 *
 * Packed order, for K groups: first the pairs (k ≤ l) row by row, then the K groups; in all m = K(K+1)/2 + K entries.
 *   traces      x = (V1_kl, g_k)
 *   conjugates  y = ((2 − δ_kl) V̂1_kl, V̂2_k), so that Σ_a x_a y_a = tr V1 V̂1 + Σ g V̂2
 * The coefficients t carry first the channels of the model in their order, then ψ_1 … ψ_K.
 */
export interface Bulk {
  readonly groups: number;
  /**
   * Solves for the traces at fixed conjugates and ridge, starting from `traces` (which it overwrites) where it iterates.
   *
   * @param ridge λ ≥ 0
   * @returns a reason if no physical solution was found
   */
  solve(conjugates: Float64Array, ridge: number, traces: Float64Array): string | undefined;
  /** m×m, row-major, symmetric: d traces = −response · d conjugates. Valid after `solve`. */
  readonly response: Float64Array;
  /**
   * Stiffness Λ of the coefficients, T×T row-major with T = channels + K: the effective ridge adds tᵀΛt, where Λ
   * is already divided by `sampleRatio`. The array is overwritten by the next call.
   *
   * @returns undefined if the prior covariance of the coefficients is not positive definite
   */
  stiffness(sampleRatio: number): Float64Array | undefined;
  /** tᵀ(∂Λ/∂y_a)t for every a: the derivative through the bulk at fixed V(κ). Overwritten likewise. */
  stiffnessDerivative(t: Float64Array, sampleRatio: number): Float64Array;
}

/** Makes the bulk of a model at one width ratio β; the channels of the model are known to the factory. */
export type BulkFactory = (widthRatio: number) => Bulk;

/** Number of packed entries for K groups. */
export const packedSize = (groups: number): number => (groups * (groups + 1)) / 2 + groups;

/** Position of the pair (k, l) in the packed order. */
export function packedPair(groups: number, k: number, l: number): number {
  const [low, high] = k <= l ? [k, l] : [l, k];
  return low * groups - (low * (low - 1)) / 2 + (high - low);
}

/** Packed positions of all (a, b) of a symmetric n×n matrix. */
export function packedIndex(n: number): Int32Array {
  return Int32Array.from({ length: n * n }, (_, i) => packedPair(n, Math.floor(i / n), i % n));
}

/**
 * The functions μ1_k(κ) of the groups in terms of r ≤ K orthonormal ones: μ1_k = Σ_a U_ka b_a and b_a = Σ_k T_ak μ1_k.
 *
 * Groups of one activation often have collinear μ1_k (affine and odd activations, polynomials of low degree). Then only
 * part of the K×K matrix V1 enters V(κ), and as λ → 0 the rest of it may be larger by any factor: in this basis it is
 * never computed, so that nothing cancels.
 */
export interface GroupMixing {
  /** r */
  readonly rank: number;
  /** U, K×r. */
  readonly expansion: Float64Array;
  /** T, r×K. */
  readonly combination: Float64Array;
}
