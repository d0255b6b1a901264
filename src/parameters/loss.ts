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
export const NAMED_LOSSES = ["square", "absolute", "logistic", "hinge", "squaredHinge"] as const;
/** Their names. */
export type NamedLoss = (typeof NAMED_LOSSES)[number];

/**
 * Loss of the readout's training, Σ_i ℓ(y_i, f(x_i)) + (λ/2)|a|² (convexLosses). On residuals x = y − f: ½x² ("square"), |x|
 * ("absolute"), Huber's with threshold δ, and τx₊ + (1 − τ)(−x)₊, whose minimum is the τ-quantile of the label; on margins x = yf:
 * log(1 + e^{−x}) ("logistic"), (1 − x)₊ ("hinge"), ½(1 − x)₊² ("squaredHinge").
 */
export type LossInput = NamedLoss | { readonly huber: number } | { readonly quantile: number } | SmoothLoss;
