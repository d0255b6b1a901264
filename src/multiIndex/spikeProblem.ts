import type { TensorRule } from "../numerics/tensorRule.ts";
import type { BulkResolvent } from "./bulkResolvent.ts";

/** A random vector over the neurons of a group with an O(1) coefficient of the readout: X(κ) + Σ_b Y_b(κ) ζ_b. */
export interface Source {
  readonly group: number;
  readonly X: Float64Array | undefined;
  /** One per ζ_b. */
  readonly Y: readonly (Float64Array | undefined)[];
  /** What it is in the coordinates P = (v, ζ): overlaps of the readout are (θ_k, ψ_k) = Σ t · this. */
  readonly vector: readonly number[];
  /** The multiple of ν_k in X. */
  readonly alongNorm: number;
  /** Axis of P if the source is the bulk's component along it, with function μ1κ_a or μ1ζ_b. */
  readonly axis?: number;
}

/** A model with spikes in several directions as its solver sees it: columns on the nodes of κ ∈ R^q (multiIndex §1, §2). */
export interface SpikeProblem {
  readonly rule: TensorRule;
  /** c_k = τ_k² */
  readonly bulkVariance: readonly number[];
  /** m′ */
  readonly rest: number;
  /** π_k */
  readonly fractions: readonly number[];
  /** R Vᵀ, K×q. */
  readonly spikes: readonly (readonly number[])[];
  readonly mu0: readonly Float64Array[];
  readonly mu1: readonly Float64Array[];
  readonly mu2Squared: readonly Float64Array[];
  readonly sources: readonly Source[];
  /** h = E g, h_b = E[ζ_b g] and hh = E g² + Δ given κ. */
  readonly h: Float64Array;
  readonly slopes: readonly Float64Array[];
  readonly square: Float64Array;
  readonly labelNoise: number;
  /** The targets' directions in the coordinates P, m×(q + m′): s = Γᵀκ + Lζ. */
  readonly toTarget: readonly (readonly number[])[];
  /** Whether the resolvent has forms for the sources, which then hold Σψψ of Q1. */
  readonly ownForms: boolean;
  /** Whether the solution has the sources without an axis, which are the row norms; undefined where they are no choice. */
  readonly leading?: boolean;
  /** Dimension d that gives the mean channels the strength d; Infinity. */
  readonly meanStrength: number;
  /** Estimated relative error of the columns. */
  readonly error: number;
  readonly resolvent: () => BulkResolvent;
}
