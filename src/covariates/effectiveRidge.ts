import type { CovarianceModel, EffectiveState } from "./covariance.ts";

/** Solution of n = df1(t) + λ/t. */
export interface EffectiveRidge {
  /** t ≥ 0 */
  readonly effectiveRidge: number;
  readonly state: EffectiveState;
  /** n − df1 = λ/t */
  readonly complement: number;
  readonly iterations: number;
  /** Of ln[(df1 + λ/t)/n], undamped. */
  readonly residual: number;
  /** Estimated error of ln t. */
  readonly error: number;
}

/** Rounding of a sum of terms of one sign. */
export const ROUNDING = 2 ** -49;
/** Samples and rank that differ by rounding of the multiplicities are equal. */
const EQUAL = 1e-13;
const MOST_STEPS = 200;
/** Newton's steps in ln t that are this small end the iteration. */
const TOLERANCE = 1e-15;

/** Whether n is the rank, up to rounding. */
export const isSquare = ({ rank }: CovarianceModel, samples: number): boolean =>
  samples < Infinity && Math.abs(samples - rank) <= EQUAL * samples;

/**
 * The effective ridge t of covariates §2: n = df1(t) + λ/t. Newton's method on ln[(df1 + λ/t)/n] as a function of ln t, which is
 * linear for a power law, within a bracket. For λ = 0 and n ≥ rank Ω it is t = 0.
 *
 * @param samples n > 0; Infinity is legal
 * @param ridge λ ≥ 0
 * @param start a neighbour's t to start from
 */
export function effectiveRidge(model: CovarianceModel, samples: number, ridge: number, start?: number): EffectiveRidge {
  const { rank, trace } = model;
  const overdetermined = samples >= rank || isSquare(model, samples);
  if (samples === Infinity || (ridge === 0 && overdetermined) || trace === 0) {
    const t = trace === 0 && samples < Infinity ? ridge / samples : 0;
    const complement = isSquare(model, samples) ? 0 : samples - rank;
    return { effectiveRidge: t, state: model.at(t), complement, iterations: 0, residual: 0, error: 0 };
  }
  // t n = λ + t df1 lies between λ and λ + tr Ω.
  let [low, high] = [ridge > 0 ? Math.log(ridge / samples) : -Infinity, Math.log((ridge + trace) / samples)];
  let x = start !== undefined && Math.log(start) > low && Math.log(start) < high ? Math.log(start) : high;
  let residual = Infinity;
  for (let step = 1; step <= MOST_STEPS; step++) {
    const t = Math.exp(x);
    const state = model.tracesAt(t);
    const penalty = ridge / t;
    // df1 + λ/t − n by whichever of df1 and rank − df1 is small.
    const nearRank = state.gap < state.degreesOfFreedom;
    const excess = (penalty + (nearRank ? rank - samples - state.gap : state.degreesOfFreedom - samples)) / samples;
    const value = excess > -0.5 ? Math.log1p(excess) : Math.log((state.degreesOfFreedom + penalty) / samples);
    const slope = (penalty + t * state.traceSlope) / (state.degreesOfFreedom + penalty);
    if (value > 0) low = x;
    else high = x;
    residual = Math.abs(value);
    const change = value / slope;
    const noise = ROUNDING / slope;
    const next = x + change;
    if (Math.abs(change) <= TOLERANCE * Math.max(1, Math.abs(x)) + noise || high - low <= TOLERANCE * Math.abs(x)) {
      const complement = ridge > 0 ? penalty : 0;
      return {
        effectiveRidge: t,
        state: model.at(t),
        complement,
        iterations: step,
        residual,
        // t = exp(x), and x is rounded.
        error: Math.abs(change) + noise + ROUNDING * Math.abs(x),
      };
    }
    if (next > low && next < high) x = next;
    else x = low > -Infinity && high < Infinity ? 0.5 * (low + high) : x - Math.max(1, Math.abs(x));
  }
  const t = Math.exp(x);
  return { effectiveRidge: t, state: model.at(t), complement: NaN, iterations: MOST_STEPS, residual, error: Infinity };
}

/** n − df1(t), without cancellation where df1 is close to the rank. */
export function complementAt({ rank }: CovarianceModel, samples: number, state: EffectiveState): number {
  return state.gap < state.degreesOfFreedom ? samples - rank + state.gap : samples - state.degreesOfFreedom;
}

/** The point of a model at a given t, whose λ = t(n − df1) may have any sign. */
export function atEffectiveRidge(model: CovarianceModel, samples: number, t: number): EffectiveRidge {
  const state = model.at(t);
  const complement = complementAt(model, samples, state);
  return { effectiveRidge: t, state, complement, iterations: 0, residual: 0, error: ROUNDING };
}
