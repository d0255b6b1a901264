import type { ActivationInput } from "../activation/activation.ts";
import type { LossInput } from "../parameters/loss.ts";

/** A list of eigenvalues with their multiplicities and the label's covariance with them. */
export interface ListedSpectrum {
  /** ω ≥ 0: the eigenvalues of Ω = Cov v, or the nodes of a limiting law. */
  readonly eigenvalues: readonly number[];
  /** How often each occurs: any number > 0, in the unit of the samples (counts, or per dimension); default 1. */
  readonly multiplicities?: readonly number[];
  /** Σ b_i² over the level, with b = E[y v] in the eigenbasis of Ω. */
  readonly signal: readonly number[];
}

/** ω_i = i^{−a} and b_i² = ω_i i^{−s}, i = 1 … count. */
export interface PowerLawSpectrum {
  /** a ≥ 0 */
  readonly eigenvalueExponent: number;
  /** s, real */
  readonly signalExponent: number;
  readonly count: number;
}

/** Covariance and signal of the features. */
export type Spectrum = ListedSpectrum | PowerLawSpectrum;

/**
 * What no readout explains: by `unexplained` = E y_clean² − Σ b_i²/ω_i, or by `secondMoment` ρ = E y², which includes the label
 * noise.
 */
export interface LabelMoments {
  /** Default 0. */
  readonly unexplained?: number;
  readonly secondMoment?: number;
  /** Δ, variance of the label noise; default 0. */
  readonly labelNoise?: number;
}

/** Where a learning curve is solved. */
export interface SamplePoint {
  /** n > 0 in the unit of the multiplicities; Infinity is legal. */
  readonly samples: number;
  /** λ ≥ 0, not divided by n; 0 is the limit λ → 0⁺. */
  readonly ridge: number;
}

/** What determines ridge regression on Gaussian covariates. */
export type GaussianCovariatesModel = { readonly model: "gaussianCovariates" } & Spectrum & LabelMoments;

/**
 * Ridge regression on features v of covariance Ω (covariates §1–§2): min ½ Σ (y − a·v)² + (λ/2)|a|². Only second moments
 * of features and labels matter.
 */
export type GaussianCovariates = GaussianCovariatesModel &
  SamplePoint & { readonly loss?: "square"; readonly teacher?: undefined };

/** How labels follow from the teacher's field ν with variance ρ_ν (covariates §6). */
export interface CovariateTeacher {
  /**
   * Labels ±1: sign(ν + shift), with P(y = 1) = Φ((ν + shift)/√Δ) ("probit") or 1/(1 + e^{−k(ν + shift)}) ("logistic"); or numbers
   * target(ν) + √Δ ε ("regression").
   */
  readonly teacher: "sign" | "probit" | "logistic" | "regression";
  /** ρ_ν = Var ν ≥ Σ b_i²/ω_i */
  readonly teacherVariance: number;
  /** Added to ν before the label is drawn, for labels ±1; default 0. */
  readonly teacherShift?: number;
  /** k > 0 of logistic labels; default 1. */
  readonly logisticScale?: number;
  /** Δ of probit and regression labels; default 0. */
  readonly labelNoise?: number;
  /** ε in [0, ½): probability that a label ±1 is flipped; default 0. */
  readonly labelFlips?: number;
  /** Of regression labels. */
  readonly target?: ActivationInput;
}

/**
 * Any convex loss on features of covariance Ω (covariates §6): min Σ ℓ(y_i, a·v_i + c₀) + (λ/2)|a|², with `signal` Σ b_i²,
 * b = Cov(ν, v).
 */
export type ConvexCovariates = { readonly model: "gaussianCovariates" } & Spectrum &
  CovariateTeacher & {
    readonly loss: LossInput | "huber";
    /** δ of the loss "huber". */
    readonly huberThreshold?: number;
    /** Whether the unpenalised constant c₀ is fitted; default false. */
    readonly intercept?: boolean;
    readonly samples: number;
    /** λ > 0 */
    readonly ridge: number;
  };

/** Inputs x with covariance Σ and a linear teacher direction. */
export interface StructuredInputs {
  /** σ_i ≥ 0, eigenvalues of Σ. */
  readonly inputEigenvalues: readonly number[];
  /** How often each occurs; default 1. */
  readonly inputMultiplicities?: readonly number[];
  /** Σ θ_i² over each level; scaled such that θᵀΣθ = 1. */
  readonly teacherPower: readonly number[];
}

/** What determines deep random features. */
export type StructuredRandomFeaturesModel = {
  readonly model: "structuredRandomFeatures";
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  /** p of each layer of random weights, from the inputs up, in the unit of the multiplicities. */
  readonly widths: readonly number[];
  /** Δ; default 0. */
  readonly labelNoise?: number;
} & StructuredInputs;

/**
 * Random features of one or more layers on inputs of covariance Σ (covariates §7): φ_l = σ(W_l φ_{l−1}), W_ij ~ N(0, 1/p_{l−1}),
 * read by ridge regression on φ/√p with the λ of theory.md.
 */
export type StructuredRandomFeatures = StructuredRandomFeaturesModel & SamplePoint & { readonly loss?: "square" };

/**
 * One gradient step on the first layer, then ridge regression, on inputs of covariance Σ (covariates §8), for odd students. The
 * multiplicities matter only by their ratios.
 */
export type StructuredGradientStep = {
  readonly model: "structuredGradientStep";
  readonly student: ActivationInput;
  readonly target: ActivationInput;
  /** η̃, real; 0 is no step. */
  readonly learningRate: number;
  /** α₀ = n₀/d > 0; Infinity is an infinite batch. */
  readonly stepSampleRatio: number;
  /** α = n/d > 0 */
  readonly sampleRatio: number;
  /** β = p/d > 0 */
  readonly widthRatio: number;
  /** λ ≥ 0 of theory.md. */
  readonly ridge: number;
  /** Δ; default 0. */
  readonly labelNoise?: number;
  readonly loss?: "square";
} & StructuredInputs;

/** Any model of features or inputs of a given covariance. */
export type CovariateDescription =
  GaussianCovariates | ConvexCovariates | StructuredRandomFeatures | StructuredGradientStep;
