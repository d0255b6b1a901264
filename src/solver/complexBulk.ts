import type { Complex } from "../numerics/complex.ts";

/**
 * The bulk at a complex ridge λ = −z, for the spectrum of the features (theory §8). Packed order as in `Bulk`; all arrays are
 * interleaved complex numbers.
 *
 * For z in the upper half plane the traces have positive imaginary part (V1 as a matrix), λ and the conjugates negative; real
 * λ is the limit from below, and real arguments outside the spectrum must give real traces.
 */
export interface ComplexBulk {
  readonly groups: number;
  /** Whether the rows' covariances have a spectrum without upper edge, of which a far tail is left out; default no. */
  readonly longTail?: boolean;
  /**
   * Solves for the traces at fixed conjugates and ridge, starting from `traces` (which it overwrites) where it iterates.
   *
   * @returns a reason if no solution was found
   */
  solve(conjugates: Float64Array, ridge: Complex, traces: Float64Array): string | undefined;
  /** m×m, row-major, symmetric: d traces = −response · d conjugates. Valid after `solve`. */
  readonly response: Float64Array;
  /** Real part of the stiffness Λ of `Bulk`, T×T: used at real z outside the spectrum, where it is all of it. */
  stiffness(sampleRatio: number): Float64Array;
}

/** Makes the complex bulk of a model at one width ratio β. */
export type ComplexBulkFactory = (widthRatio: number) => ComplexBulk;
