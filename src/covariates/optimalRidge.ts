import { ParameterError, requireDescription } from "../errors.ts";
import { check, RANGES } from "../parameters/ranges.ts";
import { bisect } from "../numerics/bisect.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import { solutionOf } from "../ridge/solveProblem.ts";
import type { CovarianceModel } from "./covariance.ts";
import type { GaussianCovariatesModel, StructuredRandomFeaturesModel } from "./description.ts";
import { atEffectiveRidge, effectiveRidge, type EffectiveRidge } from "./effectiveRidge.ts";
import { type CovariateSolution, ridgeObservables } from "./ridgeObservables.ts";
import { covariateSolver } from "./solveCovariates.ts";

/** Ridges among which the best is sought: λ ≥ 0, or any down to the edge where λ(t) is minimal. */
export type RidgeSign = "nonNegative" | "anySign";

/** The ridge of least test error, with everything at it. */
export interface OptimalRidge extends CovariateSolution {
  /** λ*; Infinity where no readout is better than none. */
  readonly ridge: number;
}

const SIGNS: readonly string[] = ["nonNegative", "anySign"];
/** Points of the grid of ln t by factor e. */
const DENSITY = 4;
/** The grid reaches from the smallest to the largest scale of Ω, in units of tr Ω. */
const [LOWEST, HIGHEST] = [1e-16, 1e4];

/**
 * The ridge λ* of least test error (covariates §3): the least of all minima of R over ln t, found on a grid and refined as zeros
 * of dR/dt. With more features than samples λ* may be negative; with sign "anySign" t goes down to the edge df2(t) = n.
 *
 * @param description model and `samples`; a `ridge` is ignored
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError where the test error at the optimum is not resolved
 * @example
 * const model = { model: "gaussianCovariates", eigenvalues: [1], multiplicities: [100], signal: [0.7], unexplained: 0.3 };
 * optimalRidge({ ...model, samples: 80 }).ridge.toFixed(6); // "42.857143"
 */
export function optimalRidge(
  description: (GaussianCovariatesModel | StructuredRandomFeaturesModel) & { readonly samples: number },
  sign: RidgeSign = "nonNegative",
): OptimalRidge {
  requireDescription(description);
  if (!SIGNS.includes(sign)) throw new ParameterError("optimalRidge", sign, `"nonNegative" or "anySign"`);
  const samples = check("samples", description.samples, RANGES.positiveOrInfinite);
  const solver = covariateSolver(description);
  const { model, ridgeUnit } = solver;
  const best = bestPoint(model, samples, sign);
  const solution = solutionOf(ridgeObservables(model, samples, best.point), description);
  return { ridge: best.ridge / ridgeUnit, ...solver.complete(solution) };
}

interface Candidate {
  readonly point: EffectiveRidge;
  readonly ridge: number;
  readonly testError: number;
}

function bestPoint(model: CovarianceModel, samples: number, sign: RidgeSign): Candidate {
  const ridgeless = effectiveRidge(model, samples, 0);
  const candidate = (point: EffectiveRidge, ridge: number): Candidate => {
    const { bias, traceSlope } = point.state;
    const perSample = bias / (point.complement + point.effectiveRidge * traceSlope);
    return { point, ridge, testError: samples === Infinity ? bias : samples * perSample };
  };
  if (samples === Infinity) return candidate(ridgeless, 0);
  const edge = sign === "anySign" && ridgeless.effectiveRidge > 0;
  const lowest = edge ? spectralEdge(model, samples, ridgeless.effectiveRidge) : ridgeless.effectiveRidge;
  const slope = (x: number): number => {
    const t = Math.exp(x);
    const { state, complement } = atEffectiveRidge(model, samples, t);
    // Infinite at the edge, where the fluctuations diverge.
    return t * state.overlapCurvature - (state.bias / (complement + t * state.traceSlope)) * state.traceCurvature;
  };
  const candidates: Candidate[] = [];
  if (!edge) candidates.push(candidate(ridgeless, 0));
  for (const t of minimaOf(slope, Math.max(lowest, LOWEST * model.trace), HIGHEST * model.trace)) {
    const point = atEffectiveRidge(model, samples, t);
    candidates.push(candidate(point, t * point.complement));
  }
  candidates.push({ point: withoutReadout(model, samples), ridge: Infinity, testError: model.secondMoment });
  const known = candidates.filter(({ testError }) => !Number.isNaN(testError));
  return known.reduce((best, next) => (next.testError < best.testError ? next : best));
}

/** t at which df2(t) = n: the least λ there is. */
function spectralEdge(model: CovarianceModel, samples: number, ridgeless: number): number {
  const beyond = (x: number): number => {
    const t = Math.exp(x);
    const { state, complement } = atEffectiveRidge(model, samples, t);
    return complement + t * state.traceSlope;
  };
  let low = Math.log(ridgeless);
  while (beyond(low) > 0 && low > -700) low -= 1;
  return beyond(low) > 0 ? 0 : Math.exp(bisect(beyond, low, Math.log(ridgeless)));
}

/** Where dR/dt turns from negative to positive between two t. */
function* minimaOf(slope: (x: number) => number, lowest: number, highest: number): Generator<number> {
  const [first, last] = [Math.log(lowest), Math.log(highest)];
  const count = Math.max(8, Math.ceil(DENSITY * (last - first)));
  let [before, valueBefore] = [NaN, NaN];
  for (let k = 0; k <= count; k++) {
    // Denser towards the lower end, where R may rise steeply.
    const x = first + (last - first) * ((k + 1e-3) / (count + 1e-3)) ** 1.5;
    const value = slope(x);
    if (valueBefore < 0 && value >= 0) yield Math.exp(bracketedRoot(slope, before, x));
    [before, valueBefore] = [x, value];
  }
}

/** λ = ∞: the readout a = 0. */
function withoutReadout(model: CovarianceModel, samples: number): EffectiveRidge {
  const state = {
    degreesOfFreedom: 0,
    gap: model.rank,
    traceSlope: 0,
    traceCurvature: 0,
    degreesOfFreedom2: 0,
    overlap: 0,
    overlapSlope: 0,
    overlapCurvature: 0,
    residual: model.secondMoment,
    bias: model.secondMoment,
  };
  return { effectiveRidge: Infinity, state, complement: samples, iterations: 0, residual: 0, error: 0 };
}
