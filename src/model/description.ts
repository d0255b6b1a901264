import type { ActivationInput } from "../activation/activation.ts";

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

/**
 * Loss of the readout's training, Σ_i ℓ(y_i, f(x_i)) + (λ/2)|a|² (convexLosses): ½(y − f)² ("square"), Huber's with
 * threshold δ on residuals; log(1 + e^{−yf}) ("logistic"), (1 − yf)₊ ("hinge"), ½(1 − yf)₊² ("squaredHinge") on margins.
 */
export type LossInput = "square" | "logistic" | "hinge" | "squaredHinge" | { readonly huber: number } | SmoothLoss;

/** What every model shares. All ratios are dimensionless, in the proportional limit n, p, d → ∞ (theory §1). */
export interface CommonParameters {
  /** Network activation σ. */
  readonly student: ActivationInput;
  /** Single-index target σ*. */
  readonly target: ActivationInput;
  /** Label-noise variance Δ ≥ 0; default 0. */
  readonly labelNoise?: number;
  /** α = n/d > 0; Infinity is legal. */
  readonly sampleRatio: number;
  /** β = p/d > 0. */
  readonly widthRatio: number;
  /** λ ≥ 0, not divided by n; 0 is the ridgeless limit λ → 0⁺. */
  readonly ridge: number;
  /** Ridge regression; another loss makes a {@link LossDescription}. */
  readonly loss?: "square";
  /** Finite-size option: the dimension d that gives the mean channels the strength F = d (theory §6); default Infinity. */
  readonly finiteDimension?: number;
}

/** First-layer readout a⁰_j = u_j/√p with finite support: values u_k, fractions π_k that sum to 1. Default: u = 1. */
export interface ReadoutSupport {
  readonly readoutValues?: readonly number[];
  readonly readoutFractions?: readonly number[];
}

/** Vanilla random features (theory §6): no spike. */
export interface RandomFeatures extends CommonParameters {
  readonly model: "randomFeatures";
  /** c > 0; default 1. */
  readonly bulkVariance?: number;
}

/** Spiked random features F = r u vᵀ + W (theory §2–§3). */
export interface SpikedRandomFeatures extends CommonParameters, ReadoutSupport {
  readonly model: "spikedRandomFeatures";
  /** r, real. */
  readonly spikeStrength: number;
  /** c_k > 0: one number for all groups, or one per group; default 1. */
  readonly bulkVariance?: number | readonly number[];
  /** γ = v·θ in [−1, 1]. */
  readonly alignment: number;
  /** Rows of W of equal norm (default) or independent Gaussian rows (theory §3). */
  readonly rows?: "equal" | "gaussian";
}

/** A network after one gradient step of rate η = η̃p on n₀ = α₀d samples (theory §2, §9). */
export interface TrainedNetwork extends CommonParameters, ReadoutSupport {
  readonly model: "trainedNetwork";
  /** "network": the trained network itself (theory §9, default); "srf": its isotropic surrogate (theory §2). */
  readonly theory?: "network" | "srf";
  /** η̃, real; 0 is no step. */
  readonly learningRate: number;
  /** α₀ = n₀/d ≥ 0; 0 is no step, Infinity an infinite batch. */
  readonly stepSampleRatio: number;
  /** Channel of the fluctuating row norms (theory §9), for theory "network"; default true. */
  readonly rowNorms?: boolean;
}

/** Ba22: rate η = Θ(1), a spike s₁ûvᵀ with |û| = 1 that acts linearly (theory §6). */
export interface SmallRate extends CommonParameters {
  readonly model: "smallRate";
  /** s₁ ≥ 0. */
  readonly spikeStrength: number;
  /** γ in [−1, 1]. */
  readonly alignment: number;
  /** c > 0; default 1. */
  readonly bulkVariance?: number;
}

/** Moniri24: rate η ≍ n^a, spikes along κ^k for the listed powers k (theory §6). */
export interface PowerChannels extends CommonParameters {
  readonly model: "powerChannels";
  /** Distinct powers k ≥ 1 whose Hermite coefficient c_k(σ) is not zero are kept; the others are skipped. */
  readonly powerChannels: readonly number[];
  /** γ in [−1, 1]. */
  readonly alignment: number;
  /** c > 0; default 1. */
  readonly bulkVariance?: number;
}

/** Any model of the library, as plain tagged data; the field names are those of the JSON interface. */
export type ModelDescription = RandomFeatures | SpikedRandomFeatures | TrainedNetwork | SmallRate | PowerChannels;

/** The readout's loss and what only its labels have. */
export interface LossParameters {
  readonly loss?: LossInput;
  /** ε in [0, ½): probability that a sign label is flipped, for losses of margins; default 0. */
  readonly labelFlips?: number;
}

/** Omit that keeps the members of a union apart. */
export type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Any model with another loss than the square; losses of margins need a target that gives sign labels. */
export type LossDescription = DistributiveOmit<ModelDescription, "loss"> &
  LossParameters & { readonly loss: Exclude<LossInput, "square"> };

/** A model with any loss. */
export type AnyDescription = ModelDescription | LossDescription;
