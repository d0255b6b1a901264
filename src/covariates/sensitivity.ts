import type { CovarianceModel } from "./covariance.ts";
import { type EffectiveRidge, ROUNDING } from "./effectiveRidge.ts";
import type { CovariateSolution } from "./ridgeObservables.ts";

/** A direction in n, λ and Δ: 1 for the one to take the derivative by, 0 for the others. */
export interface SampleDirection {
  readonly samples: number;
  /** In the unit of covariates §2. */
  readonly ridge: number;
  readonly labelNoise: number;
}

/** The observables that are numbers of the solution. */
export type CovariateNumber = Exclude<keyof CovariateSolution, "status" | "iterations" | "residual" | "errorEstimate">;

/** Derivatives of the observables of covariates §2. */
export interface CovariateSensitivity {
  readonly numbers: Readonly<Record<CovariateNumber, number>>;
  /** Terms of d ln R, in absolute value. */
  readonly rate: number;
  /** Absolute rounding of the derivative of |a|². */
  readonly normRounding: number;
}

/**
 * Derivatives of ridge regression on features of any covariance by the implicit function theorem (covariates §2): from
 * t(n − df1(t)) = λ follows dt = (dλ − t dn)/(n − df2), and all observables are functions of n, t and Δ.
 *
 * @returns undefined at the ends t = 0 and n = ∞
 */
export function covariateSensitivity(
  model: CovarianceModel,
  samples: number,
  { effectiveRidge: t, state, complement }: EffectiveRidge,
  direction: SampleDirection,
): CovariateSensitivity | undefined {
  if (!(samples < Infinity && t > 0 && t < Infinity)) return undefined;
  const { traceSlope, traceCurvature, overlapSlope, overlapCurvature, degreesOfFreedom2: df2 } = state;
  const { samples: dn, ridge, labelNoise } = direction;
  const left = complement + t * traceSlope;
  const dt = (ridge - t * dn) / left;
  const dComplement = dn + traceSlope * dt;
  const dLeft = dn + 2 * traceCurvature * dt;
  const dDf2 = -2 * traceCurvature * dt;
  // B′ = 2t bᵀ(Ω + t)⁻³b
  const dBias = 2 * t * overlapCurvature * dt + labelNoise;
  const perSample = state.bias / left;
  const dPerSample = (dBias - perSample * dLeft) / left;
  const testError = samples * perSample;
  const dTestError = dn * perSample + samples * dPerSample;
  const shrinkage = complement / samples;
  const dShrinkage = (dComplement - shrinkage * dn) / samples;
  // tr Ω(Ω + t)⁻³ = [tr Ω(Ω + t)⁻² − tr Ω²(Ω + t)⁻³]/t
  const cubic = (traceSlope - traceCurvature) / t;
  const dNoiseVariance = (labelNoise * df2 + model.labelNoise * (dDf2 - (df2 * dLeft) / left)) / left;
  const dOverlap = -overlapSlope * dt;
  return {
    numbers: {
      testError: dTestError,
      excessRisk: dTestError - labelNoise,
      trainError: 2 * shrinkage * dShrinkage * testError + shrinkage * shrinkage * dTestError,
      objective: dShrinkage * state.residual + shrinkage * (overlapSlope * dt + labelNoise),
      effectiveRidge: dt,
      degreesOfFreedom: -traceSlope * dt,
      degreesOfFreedom2: dDf2,
      bias: dBias - labelNoise,
      variance: dPerSample * df2 + perSample * dDf2,
      noiseVariance: dNoiseVariance,
      teacherOverlap: dOverlap,
      squaredOutput: dTestError - labelNoise + 2 * dOverlap,
      readoutNorm: -2 * overlapCurvature * dt + dPerSample * traceSlope - 2 * perSample * cubic * dt,
    },
    rate: Math.abs(dn) / samples + Math.abs(dBias) / state.bias + Math.abs(dLeft) / left,
    normRounding: (ROUNDING * 2 * perSample * traceSlope * Math.abs(dt)) / t,
  };
}
