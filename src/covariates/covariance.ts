/**
 * Ridge regression on features v of any covariance Ω is two functions of an effective ridge t > 0 (covariates §2): the degrees of
 * freedom df1(t) = tr Ω(Ω + t)⁻¹ and m(t) = bᵀ(Ω + t)⁻¹b, with their derivatives, as sums of terms of one sign: none cancels.
 * These are the functions that determine t itself.
 */
export interface EffectiveTraces {
  /** df1 = tr Ω(Ω + t)⁻¹ */
  readonly degreesOfFreedom: number;
  /** rank Ω − df1 */
  readonly gap: number;
  /** −df1′ = tr Ω(Ω + t)⁻²; df1 − df2 is t times it. */
  readonly traceSlope: number;
}

/** The traces with what else the observables need. */
export interface EffectiveState extends EffectiveTraces {
  /** df2 = tr Ω²(Ω + t)⁻² = df1 + t df1′ */
  readonly degreesOfFreedom2: number;
  /** −df2′/2 = tr Ω²(Ω + t)⁻³ */
  readonly traceCurvature: number;
  /** m = bᵀ(Ω + t)⁻¹b */
  readonly overlap: number;
  /** −m′ = bᵀ(Ω + t)⁻²b */
  readonly overlapSlope: number;
  /** m″/2 = bᵀ(Ω + t)⁻³b */
  readonly overlapCurvature: number;
  /** ρ − m, label noise included. */
  readonly residual: number;
  /** B = ρ − m + tm′, label noise included. */
  readonly bias: number;
}

/** A covariance with its signal, as far as ridge regression can tell. */
export interface CovarianceModel {
  /** Number of eigenvalues that are not zero, in the unit of the samples. */
  readonly rank: number;
  /** tr Ω */
  readonly trace: number;
  /** Δ */
  readonly labelNoise: number;
  /** unexplained + Δ: what no readout explains. */
  readonly floor: number;
  /** ρ = E y², label noise included. */
  readonly secondMoment: number;
  at(effectiveRidge: number): EffectiveState;
  /** The part of `at` that the equation for t needs. */
  tracesAt(effectiveRidge: number): EffectiveTraces;
}

/** Levels of Ω: eigenvalues ω > 0 with their multiplicities and the signal b² of the whole level. */
export interface Levels {
  readonly eigenvalues: Float64Array;
  readonly multiplicities: Float64Array;
  readonly signal: Float64Array;
}

/** The model of a list of levels: a finite spectrum, or the nodes and weights of a limiting law (covariates §1). */
export function covarianceOfLevels(levels: Levels, unexplained: number, labelNoise: number): CovarianceModel {
  const { eigenvalues, multiplicities, signal } = levels;
  // b²/ω, the part of the label's variance that a level explains.
  const explained = signal.map((value, i) => (value === 0 ? 0 : value / eigenvalues[i]!));
  const floor = unexplained + labelNoise;
  return {
    rank: multiplicities.reduce((sum, value) => sum + value, 0),
    trace: eigenvalues.reduce((sum, value, i) => sum + value * multiplicities[i]!, 0),
    labelNoise,
    floor,
    secondMoment: floor + explained.reduce((sum, value) => sum + value, 0),
    tracesAt(t) {
      let degreesOfFreedom = 0;
      let gap = 0;
      let traceSlope = 0;
      for (let i = 0; i < eigenvalues.length; i++) {
        const inverse = 1 / (eigenvalues[i]! + t);
        const learnt = multiplicities[i]! * eigenvalues[i]! * inverse;
        degreesOfFreedom += learnt;
        gap += multiplicities[i]! * t * inverse;
        traceSlope += learnt * inverse;
      }
      return { degreesOfFreedom, gap, traceSlope };
    },
    at(t) {
      let [df1, df2, gap, traceSlope, traceCurvature] = [0, 0, 0, 0, 0];
      let [overlap, overlapSlope, overlapCurvature, residual, bias] = [0, 0, 0, 0, 0];
      for (let i = 0; i < eigenvalues.length; i++) {
        const omega = eigenvalues[i]!;
        const inverse = 1 / (omega + t);
        const learnt = omega * inverse;
        const left = t * inverse;
        const count = multiplicities[i]!;
        df1 += count * learnt;
        df2 += count * learnt * learnt;
        gap += count * left;
        traceSlope += count * learnt * inverse;
        traceCurvature += count * learnt * learnt * inverse;
        const part = explained[i]!;
        if (part === 0) continue;
        const along = part * learnt;
        overlap += along;
        overlapSlope += along * inverse;
        overlapCurvature += along * inverse * inverse;
        residual += part * left;
        bias += part * left * left;
      }
      return {
        degreesOfFreedom: df1,
        degreesOfFreedom2: df2,
        gap,
        traceSlope,
        traceCurvature,
        overlap,
        overlapSlope,
        overlapCurvature,
        residual: residual + floor,
        bias: bias + floor,
      };
    },
  };
}
