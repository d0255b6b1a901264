import { type Channel, type ChannelKind, type Group, strengthAt } from "../problem/problem.ts";
import { mapped } from "../numerics/mapped.ts";

/** A channel as its prior sees it: a vector over the neurons of a group. */
export interface Source {
  readonly kind: ChannelKind;
  readonly group: number;
  readonly direction?: number;
  /** F at the width ratio; Infinity for none. */
  readonly strength: number;
}

/** The channels as their prior sees them, at a width ratio. */
export function sourcesOf(channels: readonly Channel[], widthRatio: number): Source[] {
  return mapped(channels, ({ kind, group, direction = 0, strength }) => {
    return { kind, group, direction, strength: strengthAt(strength, widthRatio) };
  });
}

/** The cost tᵀΛt/α of the coefficients of some sources, with Λ = (prior covariance)⁻¹. */
export interface PriorPrecision {
  /** Λ, T×T row-major; diag(1/(F g_k)) where the rows of the bulk are isotropic. */
  readonly matrix: Float64Array;
  /** tᵀ(∂Λ/∂y_a)t for every conjugate y_a, at fixed λ. */
  slope(t: Float64Array): Float64Array;
  /** The same with the traces g held where they are; absent where Λ depends on the conjugates through them alone. */
  heldSlope?(t: Float64Array): Float64Array;
}

/** Where the traces of the weights are wanted. Arrays in the packed order of packed.ts. */
export interface ResolventArgument {
  /** β */
  readonly widthRatio: number;
  /** λ ≥ 0 */
  readonly ridge: number;
  readonly conjugates: Float64Array;
  /** Traces from which to iterate, if the resolvent does. */
  readonly traces: Float64Array;
  /** A solution nearby, to start from. */
  readonly near?: ResolventSolution | undefined;
  /** For bulks of `anyBasis`: the pairs are those of these functions. */
  readonly basis?: LinearBasis;
}

/** The traces at one argument; its arrays are its own. */
export interface ResolventSolution {
  /** (V1, g), or (UᵀV1U, g) in a basis. */
  readonly traces: Float64Array;
  /** m×m, row-major, symmetric: d traces = −response · d conjugates. */
  readonly response: Float64Array;
  /**
   * The part of the response that is left where g is held, which is that of two networks whose weights are independent given the
   * steps (statistics §3, §5): −(∂V1/∂V̂1)_g on the pairs, 0 elsewhere. A bulk without it has no predictors with fresh weights.
   */
  heldResponse?(): Float64Array;
  /** @returns undefined if the prior covariance is not positive definite */
  priorPrecision(sources: readonly Source[]): PriorPrecision | undefined;
  /** In a basis: traces and norms of the groups, from norms (Q1, Q2) and their conjugates in the basis. */
  inGroups?(norms: Float64Array, conjugates: Float64Array): { traces: Float64Array; norms: Float64Array };
}

/**
 * The bulk of a model: the resolvent of the neurons' weights, the one place where the isotropic surrogate and the trained
 * network differ (theory §4, §9).
 */
export interface WeightResolvent {
  /** Whether the pairs may be those of a basis of the groups' functions. */
  readonly anyBasis?: boolean;
  /** @returns a reason if no physical solution was found */
  solve(at: ResolventArgument): ResolventSolution | string;
  /** What its second derivatives are found from; absent where they are not. */
  readonly rows?: BulkRows;
}

/** Rows that are independent, of which second derivatives have a formula, or others, of which they are differences. */
export type BulkRows =
  | { readonly kind: "independent"; readonly groups: readonly Group[] }
  | { readonly kind: "correlated"; readonly groups: number };

/** A direction in which the argument and the solution of a bulk move together: derivatives by one parameter. */
export interface BulkDirection {
  readonly widthRatio: number;
  readonly ridge: number;
  readonly conjugates: Float64Array;
  /** Of the solution, with its conjugates, β and λ. */
  readonly traces: Float64Array;
}

/** Derivatives of a solution. */
export interface BulkSensitivity {
  /** ∂(V1, g)/∂β at fixed conjugates and λ. */
  readonly byWidth: Float64Array;
  /** Relative error where it is more than rounding. */
  readonly error?: number;
  along(direction: BulkDirection): BulkChange | undefined;
}

/** Derivatives along one direction. */
export interface BulkChange {
  readonly response: Float64Array;
  readonly error?: number;
  /** @param strengths dF/F of the sources */
  priorPrecision(sources: readonly Source[], strengths: readonly number[]): PriorChange | undefined;
  /** Of `inGroups`, from norms and conjugates in the basis and their derivatives. */
  inGroups?(norms: Moving, conjugates: Moving): { traces: Float64Array; norms: Float64Array };
}

/** Numbers with their derivatives. */
export interface Moving {
  readonly value: Float64Array;
  readonly change: Float64Array;
}

/** Derivatives of a {@link PriorPrecision}. */
export interface PriorChange {
  readonly matrix: Float64Array;
  readonly error?: number;
  /** Of tᵀ(∂Λ/∂y_a)t, t moving, too. */
  slope(t: Moving): Float64Array;
}

/**
 * The functions μ1_k(κ) of the groups in terms of r ≤ K orthonormal ones: μ1_k = Σ_a U_ka b_a and b_a = Σ_k T_ak μ1_k.
 *
 * Groups of one activation often have collinear μ1_k (affine and odd activations, polynomials of low degree). Then only
 * part of the K×K matrix V1 enters V(κ), and as λ → 0 the rest of it may be larger by any factor: in this basis it is
 * never computed, so that nothing cancels.
 */
export interface LinearBasis {
  /** r */
  readonly rank: number;
  /** U, K×r. */
  readonly expansion: Float64Array;
  /** T, r×K. */
  readonly combination: Float64Array;
}
