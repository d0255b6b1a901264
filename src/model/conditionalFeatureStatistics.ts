import type { Activation } from "../activation/activation.ts";
import type { GridRule } from "../numerics/gaussianRule.ts";
import type { AnisotropicModel } from "../solver/anisotropicBulk.ts";
import type { BulkFactory, GroupMixing } from "../solver/bulk.ts";
import type { MixedBulk } from "../solver/mixedBulk.ts";

/** A group of neurons with one first-layer readout value (theory §3). Arrays run over the nodes of κ. */
export interface FeatureGroup {
  /** π_k */
  readonly fraction: number;
  /** c_k */
  readonly bulkVariance: number;
  /** μ1_k(κ) */
  readonly mu1: Float64Array;
  /** μ2_k(κ)² */
  readonly mu2Squared: Float64Array;
  /** Absolute error of μ2_k(κ)²: without ridge the solution may hang on how features freeze far out. Default none. */
  readonly mu2SquaredError?: Float64Array;
}

/** What a channel carries: group means, power channels, the spike direction, or the norms of the rows. */
export type ChannelKind = "mean" | "power" | "spikeDirection" | "rowNorm";

/** A direction over the neurons that carries an O(1) coefficient of the readout (theory §3, Channels). */
export interface Channel {
  readonly kind: ChannelKind;
  readonly group: number;
  /** X(κ) on the nodes. */
  readonly values: Float64Array;
  /** F in [0, ∞] at a width ratio β; ∞ is unpenalised, 0 is no channel at all. */
  readonly strength: (widthRatio: number) => number;
}

/** Target given κ (theory §3), on the nodes. */
export interface ConditionalTarget {
  /** h = E σ*(γκ + ρz) */
  readonly mean: Float64Array;
  /** h_ζ = E[zσ*(γκ + ρz)] */
  readonly slope: Float64Array;
  /** hh − h² − h_ζ²: what no linear readout of ζ can see, with the label noise. */
  readonly residual: Float64Array;
}

/** Quantities of theory §2 and §9 that a model computes from its parameters. */
export interface DerivedQuantities {
  /** r, signed. */
  readonly spikeStrength: number;
  /** c_k */
  readonly bulkVariance: readonly number[];
  /** d Var ‖w_j‖² per group; 0 where the row norms have no channel. */
  readonly rowNormStrength: readonly number[];
}

/**
 * Everything the solver knows of a model: the features and the target given κ ~ N(0,1) (theory §3).
 * A new model is a new way to fill this in.
 */
export interface ConditionalFeatureStatistics {
  /** κ, ascending. */
  readonly nodes: Float64Array;
  /** Positive, sum to 1. */
  readonly weights: Float64Array;
  readonly groups: readonly FeatureGroup[];
  readonly channels: readonly Channel[];
  readonly target: ConditionalTarget;
  /** Label-noise variance Δ, included in target.residual. */
  readonly labelNoise: number;
  /** γ */
  readonly alignment: number;
  /** Relative error of averages over κ and of the conditional moments, estimated when the grid was chosen. */
  readonly quadratureError: number;
  /** Estimated relative error of the average of a function given on the nodes. */
  gridError(values: Float64Array): number;
  /**
   * The same model on a grid that resolves averages damped by 1/(1 + V(κ)).
   *
   * @param susceptibility V from (μ1_0, μ2_0², μ1_1, …) at one κ
   * @param tolerance relative error of the averages
   */
  refine(susceptibility: (moments: Float64Array) => number, tolerance: number): ConditionalFeatureStatistics;
  /** (μ1_0, μ2_0², μ1_1, …, the channels, h, h_ζ, residual, errors of μ2²) at one κ, to choose a grid. Kept: do not change it. */
  rowAt(kappa: number): Float64Array;
  /** The same model on a grid of the caller's. */
  onGrid(grid: GridRule): ConditionalFeatureStatistics;
  /** Resolvent of the bulk: isotropic, or that of a trained network. */
  readonly bulk: BulkFactory;
  /** The bulk of several isotropic groups in a basis of their functions μ1. */
  readonly mixedBulk?: (widthRatio: number, mixing: GroupMixing) => MixedBulk;
  /** Law of the rows of a trained network, for spectra; absent where they are isotropic. */
  readonly stepModel?: () => AnisotropicModel;
  /** What the model computed on the way, for spiked models. */
  readonly derived?: DerivedQuantities;
  /** h0*, h1*, h2* of the target: what the baselines need. */
  readonly targetNumbers: { readonly h0: number; readonly h1: number; readonly h2: number };
  /** For functions outside the solver (plots, classification): the activations themselves. */
  readonly student: Activation;
  readonly targetActivation: Activation;
}
