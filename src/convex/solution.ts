import type { Overlaps, RidgeFailure } from "../ridge/solution.ts";

/** Summary statistics of the trained readout (convexLosses §2), per group in the order of the readout values. */
export interface LossOverlaps extends Omit<Overlaps, "Q1"> {
  /** Q1_kl, K×K, without ψ_kψ_l: aᵀΩa/p = Q1 + ψψᵀ (the square loss reports the sum). */
  readonly Q1: number[][];
}

/** How the saddle point was found. */
export interface Convergence {
  /** Evaluations of the saddle-point equations, over all grids. */
  readonly iterations: number;
  /** Largest undamped residual of the equations, in logarithms of V1, V2, Q1, Q2 and in units of the readout's spread. */
  readonly residual: number;
  /** Estimated error of the saddle point in the same units: what the last refinement of the grids has left. */
  readonly errorEstimate: number;
}

interface AnyLossSolution extends Convergence {
  readonly status: "converged";
  /** E ℓ(y, f) on a fresh label. */
  readonly testLoss: number;
  /** (1/n)Σ ℓ(y_i, f(x_i)) */
  readonly trainLoss: number;
  /** (1/n)[Σ ℓ(y_i, f(x_i)) + (λ/2)|a|²] */
  readonly objective: number;
  readonly overlaps: LossOverlaps;
}

/** Classification with sign labels. */
export interface MarginSolution extends AnyLossSolution {
  readonly kind: "margin";
  /** P(yf < 0) on a fresh label. */
  readonly testClassificationError: number;
  readonly trainClassificationError: number;
}

/** Regression with a robust loss, on real labels or ±1. */
export interface ResidualSolution extends AnyLossSolution {
  readonly kind: "residual";
  /** E (y − f)² on a fresh noisy label. */
  readonly testError: number;
  /** testError without the label's own noise: Δ, or E Var(y|x) of labels ±1. */
  readonly excessRisk: number;
  /** (1/n)Σ (y_i − f(x_i))² */
  readonly trainError: number;
  /** P(yf < 0) on a fresh label ±1; for real labels, that f has another sign than the noiseless target. */
  readonly testClassificationError: number;
  /** Of labels ±1. */
  readonly trainClassificationError?: number;
}

/** Observables of another loss than the square at one point (convexLosses); `kind` tells margins and residuals apart. */
export type LossSolution = MarginSolution | ResidualSolution;

/** How a point failed; no observable can be had from it. */
export type LossFailure = RidgeFailure;

/** A solved point or its failure; `status` tells them apart. */
export type LossResult = LossSolution | LossFailure;
