import type { CovarianceModel, EffectiveState } from "./covariance.ts";
import { effectiveRidge } from "./effectiveRidge.ts";

/** A layer of random features φ = σ(Wu), as the deterministic equivalent knows it (covariates §7). */
export interface Layer {
  /** p */
  readonly width: number;
  /** k1² */
  readonly linear: number;
  /** ks² */
  readonly nonlinear: number;
}

/**
 * The layer's state at the effective ridge t₀ of the layer below (covariates §7), with its own effective ridge
 *
 *   t = (k1²/p₀) t₀ (p − df1₀(t₀)) − ks².
 *
 * Derivatives by t follow from those by t₀ with dt/dt₀ = (k1²/p₀)(p − df2₀(t₀)).
 *
 * @param inputs p₀, the dimension below
 * @param complement p − df1₀(t₀)
 */
export function stateAbove(
  { width, linear, nonlinear }: Layer,
  inputs: number,
  t0: number,
  below: EffectiveState,
  complement: number,
): { readonly effectiveRidge: number; readonly state: EffectiveState } {
  const kappa = linear / inputs;
  const t = Math.max(0, kappa * t0 * complement - nonlinear);
  const rate = kappa * (complement + t0 * below.traceSlope);
  const bend = 2 * kappa * below.traceCurvature;
  // t₀ dt/dt₀ − t without cancellation.
  const excess = kappa * t0 * t0 * below.traceSlope + nonlinear;
  const [slope, slopeChange] = [1 / rate, -bend / rate ** 3];
  const secondDerivative = (2 * slope + t * slopeChange - (2 * t * slope * slope) / t0) / (kappa * t0 * t0);
  const traceSlope = (excess * slope) / (kappa * t0 * t0);
  const state: EffectiveState = {
    degreesOfFreedom: width - t / (kappa * t0),
    degreesOfFreedom2: below.degreesOfFreedom2 + (excess * excess * slope) / (kappa * t0 * t0),
    gap: t / (kappa * t0),
    traceSlope,
    traceCurvature: traceSlope - 0.5 * t * secondDerivative,
    overlap: below.overlap,
    overlapSlope: below.overlapSlope * slope,
    overlapCurvature: below.overlapCurvature * slope * slope - 0.5 * below.overlapSlope * slopeChange,
    residual: below.residual,
    bias: below.bias + below.overlapSlope * excess * slope,
  };
  return { effectiveRidge: t, state };
}

/**
 * Gaussian-equivalent features of one random layer on the features below (covariates §7): width plays the samples and
 * ks² + t the ridge.
 *
 * @param inputs p₀, the dimension below
 */
export function layerAbove(below: CovarianceModel, inputs: number, layer: Layer): CovarianceModel {
  const { width, linear, nonlinear } = layer;
  const kappa = linear / inputs;
  const rank = nonlinear > 0 ? width : linear > 0 ? Math.min(width, below.rank) : 0;
  let last: number | undefined;
  const at = (t: number): EffectiveState => {
    // Without a linear part the features know nothing of the target.
    if (linear === 0) return nothingLearnt(below, layer, t);
    const solved = effectiveRidge(below, width, (t + nonlinear) / kappa, last);
    const t0 = solved.effectiveRidge;
    if (t0 === 0) return linearLimit(solved.state, kappa * solved.complement);
    last = t0;
    return stateAbove(layer, inputs, t0, solved.state, solved.complement).state;
  };
  return {
    rank,
    trace: width * (nonlinear + kappa * below.trace),
    labelNoise: below.labelNoise,
    floor: below.floor,
    secondMoment: below.secondMoment,
    at,
    tracesAt: at,
  };
}

function nothingLearnt(below: CovarianceModel, { width, nonlinear }: Layer, t: number): EffectiveState {
  const inverse = nonlinear + t > 0 ? 1 / (nonlinear + t) : 0;
  const learnt = nonlinear * inverse;
  const variance = below.secondMoment;
  return {
    degreesOfFreedom: width * learnt,
    degreesOfFreedom2: width * learnt * learnt,
    gap: nonlinear > 0 ? width * t * inverse : 0,
    traceSlope: width * learnt * inverse,
    traceCurvature: width * learnt * learnt * inverse,
    overlap: 0,
    overlapSlope: 0,
    overlapCurvature: 0,
    residual: variance,
    bias: variance,
  };
}

/** Features without a nonlinear part that span all inputs, at t = t₀ = 0. */
function linearLimit(below: EffectiveState, rate: number): EffectiveState {
  return {
    ...below,
    traceSlope: below.traceSlope / rate,
    traceCurvature: below.traceSlope / rate,
    overlapSlope: below.overlapSlope / rate,
    overlapCurvature: below.overlapCurvature / rate ** 2 + below.overlapSlope / rate ** 2,
  };
}
