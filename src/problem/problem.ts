import type { Resolution } from "../numerics/gaussianRule.ts";

/** A group of neurons with one first-layer readout value (theory §3). */
export interface Group {
  /** π_k; the fractions sum to 1. */
  readonly fraction: number;
  /** c_k, the squared norm of the bulk of its rows. */
  readonly bulkVariance: number;
}

/** Conditional moments of one group at one κ (theory §3). */
export interface GroupMoments {
  /** μ0_k(κ) */
  readonly mu0: number;
  /** μ1_k(κ) */
  readonly mu1: number;
  /** μ2_k(κ)² */
  readonly mu2Squared: number;
  /** Absolute error of μ2_k(κ)²: without ridge the solution may hang on how features saturate far out. Default 0. */
  readonly mu2SquaredError?: number;
  /** ∂μ0_k/∂c_k; only row-norm channels read it. */
  readonly normSlope?: number;
}

/** The target at one κ (theory §3). */
export interface TargetMoments {
  /** h(κ) = E[y | κ] */
  readonly mean: number;
  /** h_b(κ) = E[ζ_b y | κ], b = 1 … m′: the directions of the target across κ. */
  readonly slopes: readonly number[];
  /** E[y² | κ] − h² − Σ h_b² without label noise: what no readout of the features can see. */
  readonly residual: number;
  /** Variance of the label given x, averaged given κ, where it is not Δ alone: that of labels ±1. Default 0. */
  readonly noise?: number;
}

/** All functions of a problem at one κ, by name. */
export interface Row {
  readonly groups: readonly GroupMoments[];
  readonly target: TargetMoments;
  /** Relative error of these numbers; default 0. */
  readonly error?: number;
}

/** A function of κ made from the row there. It must depend on its arguments alone. */
export type RowFunction = (row: Row, kappa: Float64Array) => number;

/** What a channel carries; a bulk whose rows have a covariance of their own knows its prior by kind, group and direction. */
export type ChannelKind = "mean" | "power" | "spikeDirection" | "rowNorm" | "targetDirection";

/** F in [0, ∞], or F = constant + overWidth/β: ∞ is unpenalised, 0 is no channel at all. */
export type Strength = number | { readonly constant: number; readonly overWidth: number };

/**
 * A vector over the neurons of one group that carries an O(1) coefficient t of the readout (theory §3; multiIndex §2): its
 * contribution to the output is t·(X(κ) + Σ_b Y_b(κ) ζ_b), at the cost t²/(αFg_k).
 */
export interface Channel {
  readonly kind: ChannelKind;
  readonly group: number;
  readonly strength: Strength;
  /** X; left out where it is 0. */
  readonly value?: RowFunction;
  /** Y_b by b; left out where they are 0. */
  readonly slopes?: readonly (RowFunction | undefined)[];
  /** Which of the spike's or the target's directions it belongs to; default 0. */
  readonly direction?: number;
}

/**
 * What a solver may know of a model: plain data. A copy with a change (a channel added or left out, another row, other groups)
 * is the changed model, at every λ and K.
 */
export interface Problem {
  /** q: κ ~ N(0, I_q). */
  readonly dimension: number;
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
  /** m′: the number of slopes h_b of the target. */
  readonly targetDirections: number;
  /** Δ, the variance of the label noise. */
  readonly labelNoise: number;
  /** For q = 1, values of κ at which the functions have a kink or a jump. */
  readonly breakpoints: readonly number[];
  /** For q = 1, how finely κ must be sampled so that nothing of a row varies unseen; without it the values alone tell. */
  readonly resolution?: Resolution;
  /**
   * The functions of the model at κ, an array of q numbers; must depend on κ alone.
   *
   * @throws QuadratureError where one of them has no value
   */
  readonly row: RowOf;
}

/** The functions of a model at κ. */
export interface RowOf {
  (kappa: Float64Array): Row;
  /**
   * For q = 1, the same at equidistant places at once, where that is quicker; undefined at those that are no quicker. It goes with the
   * function, so that another row does not keep the line of this one.
   */
  readonly onLine?: (places: readonly number[]) => readonly (Row | undefined)[];
  /** Where moments are interpolated: the same with each of them averaged, for solutions that need more digits. */
  readonly averaged?: RowOf;
}

/** F at a width ratio β. */
export function strengthAt(strength: Strength, widthRatio: number): number {
  return typeof strength === "number" ? strength : strength.constant + strength.overWidth / widthRatio;
}

/** d ln F/dβ */
export function strengthRate(strength: Strength, widthRatio: number): number {
  if (typeof strength === "number") return 0;
  const over = strength.overWidth / widthRatio;
  return over === 0 ? 0 : -over / widthRatio / (strength.constant + over);
}
