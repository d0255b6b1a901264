import type { Source } from "../weightResolvent.ts";
import type { Pencil, PencilData, PencilPoint } from "./pencil.ts";

/** Covariances of the sources at one solution of the pencil. */
export interface SourceForms {
  /** B of all pairs of sources, row-major: their prior covariance is √(g_kg_l) B_kl. Signs are those of g. */
  gram(sources: readonly Source[], signs: readonly number[]): Float64Array;
  /**
   * d(wᵀBw) for the given changes of M⁻¹, one per pair of 𝒱 (those of `Pencil.linearise` without the first).
   *
   * @param factors w
   */
  slopes(sources: readonly Source[], factors: Float64Array, changes: readonly Float64Array[]): Float64Array;
}

/** The law of the rows of a network after its steps: covariances C_k/d, given the steps' data (theory §9; multiIndex §4). */
export interface NetworkRows {
  readonly pencil: PencilData;
  /** π_k */
  readonly fractions: readonly number[];
  /** A bound on the size of C_k, for starting values: c_k. */
  readonly bulkVariances: readonly number[];
  /** Whether the prior of a source is one of the rows' covariances; it is that of an isotropic one if not. */
  knows(source: Source): boolean;
  /** @returns undefined if the resolvent is singular along a special direction */
  forms(pencil: Pencil, point: PencilPoint): SourceForms | undefined;
}
