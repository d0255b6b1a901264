/**
 * The bulk weights at complex g and V̂, for the spectrum of the features (theory §8). Their energy
 *
 *   w(V̂, g) = (1/d) log det(I + β V̂ · U^T√g C √g U),  dw = β tr R dV̂ + Σ_k ω_k d log g_k,
 *
 * is all that the fixed point needs: R = UᵀV1U are the traces of the functions b_a of μ1_k = Σ_a U_ka b_a, and
 * ω_k = [𝒯𝒱]_kk is the share of group k. In this form nothing is divided by V̂, no root of g is taken, and groups that see
 * the same function are one.
 *
 * Packed order, for r functions and K groups: the pairs (a ≤ b), then the groups, then the bulk's own unknowns h, in all
 * r(r + 1)/2 + K + `internal` interleaved complex numbers u = (R, g, h); conjugates are y = ((2 − δ_ab)V̂_ab, V̂2_k). For z in
 * the upper half plane R, g and h have positive imaginary parts and y negative ones.
 */
export interface SpectralBulk {
  /** r */
  readonly rank: number;
  /** K */
  readonly groups: number;
  /** Number of its own unknowns. */
  readonly internal: number;
  /** Whether the rows' covariances have a spectrum without upper edge. */
  readonly longTail: boolean;
  /** Writes R and h, for V̂ and g that are small, into u. */
  start(conjugates: Float64Array, u: Float64Array): void;
  /** @returns a reason if there is no value at u */
  evaluate(conjugates: Float64Array, u: Float64Array): string | undefined;
  /** (R, ω, h) of the last `evaluate`: those of the plain map. */
  readonly values: Float64Array;
  /**
   * Changes of (R, ω, h), row by row: those of a Newton step on h at fixed V̂ and g, then with each y_a of the pairs, then with
   * each log g_k, h being taken along.
   */
  readonly changes: Float64Array;
  /** Im w at the solution that was evaluated last, continued from Im z = ∞. */
  phase(conjugates: Float64Array, u: Float64Array): number;
  /** Whether one part of h, real (0) or imaginary (1), or of its derivative, is positive semi-definite. */
  isPositive(packed: Float64Array, part: 0 | 1): boolean;
}

/** Which functions of κ the groups see, and how many rows there are. */
export interface GroupFunctions {
  /** r */
  readonly rank: number;
  /** U, K×r, row-major. */
  readonly expansion: Float64Array;
  /** β */
  readonly widthRatio: number;
}
