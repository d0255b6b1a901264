import { type RidgeFailure, failure } from "../ridge/solution.ts";
import type { CovarianceModel, EffectiveState } from "./covariance.ts";
import { type EffectiveRidge, isSquare, ROUNDING } from "./effectiveRidge.ts";

/** Observables of ridge regression on features of a given covariance (covariates §2). */
export interface CovariateSolution {
  readonly status: "converged";
  /** R = E (y − f)² on a fresh noisy label. */
  readonly testError: number;
  /** R − Δ */
  readonly excessRisk: number;
  /** (1/n) Σ (y − f)² */
  readonly trainError: number;
  /** (1/n) [Σ (y − f)² + λ|a|²] */
  readonly objective: number;
  /** t */
  readonly effectiveRidge: number;
  /** df1 = tr Ω(Ω + t)⁻¹ */
  readonly degreesOfFreedom: number;
  /** df2 = tr Ω²(Ω + t)⁻² */
  readonly degreesOfFreedom2: number;
  /** Excess risk of the predictor averaged over training sets. */
  readonly bias: number;
  /** Excess risk that fluctuations between training sets add. */
  readonly variance: number;
  /** Part of the variance that label noise makes at a fixed design. */
  readonly noiseVariance: number;
  /** m = E[y f] */
  readonly teacherOverlap: number;
  /** E f² */
  readonly squaredOutput: number;
  /** |a|² */
  readonly readoutNorm: number;
  /** Steps of Newton's method for t. */
  readonly iterations: number;
  /** Undamped residual of n = df1 + λ/t, relative to n. */
  readonly residual: number;
  /** Estimated relative error of the test error. */
  readonly errorEstimate: number;
}

/** Sums that a test error is made of, each rounded. */
const SUMS = 4;
/** Difference of n − df1 from 0 below which, at λ = 0, the test error is not resolved. */
const UNRESOLVED = 1e-4;

/**
 * The observables at an effective ridge (covariates §2, table).
 *
 * @param samples n > 0; Infinity is legal
 * @returns a failure at the interpolation peak, p = n at λ = 0, where the test error is infinite
 */
export function ridgeObservables(
  model: CovarianceModel,
  samples: number,
  solved: EffectiveRidge,
): CovariateSolution | RidgeFailure {
  const { effectiveRidge: t, state, complement, iterations, residual, error } = solved;
  if (!(error < 1)) {
    return { status: "max-iterations", iterations, residual, detail: "the effective ridge did not converge" };
  }
  const spread = spreadAt(t, state);
  const perfect = complement === 0 && spread === 0;
  if (perfect && state.bias > 0) return failure("diverged", PEAK);
  // E R/n, the test error by sample: n − df2 = (n − df1) + (df1 − df2).
  const perSample = samples === Infinity ? 0 : perfect ? 0 : state.bias / (complement + spread);
  const testError = samples === Infinity ? state.bias : samples * perSample;
  const shrinkage = samples === Infinity ? 1 : complement / samples;
  const amplified = errorOf(model, samples, solved, perSample);
  if (!(amplified < UNRESOLVED)) return failure("diverged", PEAK);
  const norm = state.overlapSlope + perSample * state.traceSlope;
  const df2 = state.degreesOfFreedom2;
  return {
    status: "converged",
    testError,
    excessRisk: Math.max(0, testError - model.labelNoise),
    trainError: shrinkage * shrinkage * testError,
    objective: shrinkage * state.residual,
    effectiveRidge: t,
    degreesOfFreedom: state.degreesOfFreedom,
    degreesOfFreedom2: df2,
    bias: Math.max(0, state.bias - model.labelNoise),
    variance: perSample * df2,
    noiseVariance: samples === Infinity || perfect ? 0 : (model.labelNoise * df2) / (complement + spread),
    teacherOverlap: state.overlap,
    squaredOutput: Math.max(0, testError - model.secondMoment + 2 * state.overlap),
    readoutNorm: norm,
    iterations,
    residual,
    errorEstimate: amplified,
  };
}

const PEAK = "interpolation peak: at λ = 0 with as many samples as degrees of freedom the test error is infinite";

/** Relative error of R: that of t, and rounding, which the difference n − rank amplifies where t = 0. */
function errorOf(
  model: CovarianceModel,
  samples: number,
  { effectiveRidge: t, state, complement, error }: EffectiveRidge,
  perSample: number,
): number {
  if (samples === Infinity || perSample === 0) return ROUNDING;
  if (t === Infinity) return ROUNDING;
  const denominator = complement + spreadAt(t, state);
  const cancelled = t === 0 && !isSquare(model, samples) ? samples / denominator : 1;
  // R has n − df1 as λ/t, whose relative error is that of t.
  const direct = complement / denominator;
  return ROUNDING * (SUMS + cancelled) + error * (direct + Math.abs(t * riskSlope(samples, t, state, perSample)));
}

/** df1 − df2; 0 also at t = ∞. */
function spreadAt(t: number, { traceSlope }: EffectiveState): number {
  return traceSlope === 0 ? 0 : t * traceSlope;
}

/** d ln R/dt = 2t bᵀ(Ω + t)⁻³b/B − 2 tr Ω²(Ω + t)⁻³/(n − df2), with R/n = B/(n − df2). */
export function riskSlope(samples: number, t: number, state: EffectiveState, perSample: number): number {
  if (samples === Infinity || state.bias === 0) return 0;
  return (2 / state.bias) * (t * state.overlapCurvature - perSample * state.traceCurvature);
}
