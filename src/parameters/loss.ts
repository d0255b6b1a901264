/** A smooth convex loss of the caller's own. */
export interface SmoothLoss {
  /** Of the residual y − f, or of the margin yf with labels y = ±1. */
  readonly kind: "residual" | "margin";
  /** ℓ(x) */
  readonly value: (x: number) => number;
  /** ℓ′(x) */
  readonly derivative: (x: number) => number;
  /** ℓ″(x) ≥ 0 */
  readonly secondDerivative: (x: number) => number;
}

/** The losses that have a name and no parameter. */
export type NamedLoss = "square" | "logistic" | "hinge" | "squaredHinge";
/** Their names. */
export const NAMED_LOSSES: readonly NamedLoss[] = ["square", "logistic", "hinge", "squaredHinge"];

/**
 * Loss of the readout's training, Σ_i ℓ(y_i, f(x_i)) + (λ/2)|a|² (convexLosses): ½(y − f)² ("square"), Huber's with
 * threshold δ on residuals; log(1 + e^{−yf}) ("logistic"), (1 − yf)₊ ("hinge"), ½(1 − yf)₊² ("squaredHinge") on margins.
 */
export type LossInput = NamedLoss | { readonly huber: number } | SmoothLoss;
