import { QuadratureError } from "../errors.ts";
import type { ChannelKind, ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { solveFixedPoint } from "../numerics/fixedPoint.ts";
import { dot, solveInPlace } from "../numerics/linearAlgebra.ts";
import { type Bulk, packedPair, packedSize } from "./bulk.ts";
import { effectiveRidge } from "./effectiveRidge.ts";
import {
  type FeatureRank,
  packedSusceptibility,
  type ScaledPoint,
  scaledPoint,
  susceptibilityBasis,
  toCoordinates,
  traceMap,
} from "./traceMap.ts";

/** Where a curve is solved: α, β, λ. */
export interface RidgePoint {
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
}

/** Summary statistics of the trained readout (theory §4), per group in the order of the readout values. */
export interface Overlaps {
  /** m_k: coefficients of the mean channels (powers of κ follow the constant for powerChannels). */
  readonly m: number[];
  /** θ_k: of the spike-direction channels. */
  readonly theta: number[];
  /** ν_k: of the row-norm channels, where there are any. */
  readonly nu: number[];
  /** ψ_k: of the bulk's image of ζ̂. */
  readonly psi: number[];
  /** Q1_kl, K×K. */
  readonly Q1: number[][];
  /** Q2_k = |a|²/p within the group. */
  readonly Q2: number[];
  /** V1_kl, K×K. */
  readonly V1: number[][];
  /** V2_k = g_k. */
  readonly V2: number[];
}

export interface Convergence {
  readonly iterations: number;
  /** Largest undamped residual of the fixed point in log V1, log g. */
  readonly residual: number;
  /** Estimated relative error of the test error: quadrature, last Newton step, and rounding. */
  readonly errorEstimate: number;
}

export interface RidgeSolution extends Convergence {
  readonly status: "converged";
  /** E[(y − f)²] on a fresh noisy label (theory §5). */
  readonly testError: number;
  /** testError − Δ. */
  readonly excessRisk: number;
  readonly trainError: number;
  /** (1/n)[Σ(y − f)² + λ|a|²] */
  readonly objective: number;
  readonly overlaps: Overlaps;
}

export interface RidgeFailure {
  readonly status: "max-iterations" | "diverged" | "non-finite";
  readonly iterations: number;
  readonly residual: number;
  readonly detail: string;
}

export type RidgeResult = RidgeSolution | RidgeFailure;

/** Solves points of one model; keeps the last solution to start the next one from. */
export interface RidgeSolver {
  solve(point: RidgePoint): RidgeResult;
  /** The last converged point, on the nodes of its grid, for observables that need more than numbers. */
  readonly state: SolverState | undefined;
}

export interface SolverState {
  readonly statistics: ConditionalFeatureStatistics;
  /** Coefficients of the channels, then ψ. */
  readonly coefficients: Float64Array;
  /** 1/(1 + V(κ)); in the ridgeless limit below threshold, lim 1/(λV(κ)). */
  readonly damping: Float64Array;
}

const OPTIONS = { maxIterations: 60, tolerance: 2e-13, maxStep: 3 };
/** A solution whose averages the grid does not resolve to this relative error is solved again on a finer one. */
const GRID_TOLERANCE = 1e-10;
const MOST_REFINEMENTS = 4;
/** Beyond this relative error of an average there is no result: its integrand has no integrable limit. */
const WORST_GRID_ERROR = 1e-4;
/** Each refinement asks for this much more: a readout with large cancelling coefficients needs it. */
const SHARPER = 1e-3;

/**
 * Solver of theory §4 for one model: any number of groups, any channels, any bulk.
 *
 * α = ∞ and λ = 0 (the limit λ → 0⁺) are exact limits. A point starts from the solution of the last one, and the grid
 * of κ is refined where a solution needs it.
 */
export function ridgeSolver(statistics: ConditionalFeatureStatistics): RidgeSolver {
  let grid = gridSolver(statistics);
  return {
    get state() {
      return grid.state;
    },
    solve(point) {
      let iterations = 0;
      for (let refinements = 0; ; refinements++) {
        const result = grid.solve(point);
        iterations += result.iterations;
        if (result.status !== "converged" || grid.gridError <= GRID_TOLERANCE) {
          return iterations === result.iterations ? result : { ...result, iterations };
        }
        const next = refinements < MOST_REFINEMENTS ? refine(grid, GRID_TOLERANCE * SHARPER ** refinements) : undefined;
        if (!next) {
          return grid.gridError <= WORST_GRID_ERROR
            ? { ...result, iterations }
            : unresolved(grid.gridError, iterations);
        }
        grid = next;
      }
    },
  };
}

interface GridSolver extends RidgeSolver {
  /** Relative error of the averages at the last solution that the grid causes. */
  readonly gridError: number;
  /** The same on a grid that resolves the last solution, and starting from it. */
  refined(tolerance: number): GridSolver;
}

/** A solution in logarithmic coordinates, with the units it was found in and, on a line of points, the step to it. */
interface WarmStart {
  readonly z: Float64Array;
  readonly point: ScaledPoint;
  readonly at: RidgePoint;
  readonly slope?: { readonly parameter: keyof RidgePoint; readonly z: Float64Array };
}

function gridSolver(statistics: ConditionalFeatureStatistics, warmStart?: WarmStart): GridSolver {
  const basis = susceptibilityBasis(statistics);
  const map = traceMap(statistics, basis);
  const ridge = effectiveRidge(statistics);
  const { weights } = statistics;
  const N = weights.length;
  const K = statistics.groups.length;
  const m = packedSize(K);
  const z = new Float64Array(m);
  /** E[(y − f)²] given κ: the integrand of the test error. */
  const risk = new Float64Array(N);
  const bias = new Float64Array(N);
  const damped = new Float64Array(N);
  const channels = channelsByKind(statistics);
  let last = warmStart;
  let bulk: Bulk | undefined;
  let bulkWidth = NaN;
  let state: SolverState | undefined;
  let gridError = Infinity;
  const source = new Float64Array(m);
  const matrix = new Float64Array(m * m);

  return {
    get state() {
      return state;
    },
    solve({ sampleRatio, widthRatio, ridge: lambda }) {
      if (!bulk || bulkWidth !== widthRatio) {
        bulk = statistics.bulk(widthRatio);
        bulkWidth = widthRatio;
      }
      const features = featureRank(statistics, widthRatio);
      const { rank } = features;
      const point = scaledPoint(sampleRatio, widthRatio, lambda, features);
      if (lambda === 0 && Math.abs(sampleRatio - rank) < 1e-12 * rank) {
        return failure("diverged", `ridgeless interpolation threshold: the error diverges at α = ${rank}`);
      }
      map.setPoint(point, bulk, widthRatio);
      // A warm start is worth it only in the same units.
      const at = { sampleRatio, widthRatio, ridge: lambda };
      const previous =
        last?.point.one === point.one && last.point.susceptibility === point.susceptibility ? last : undefined;
      if (previous) extrapolate(previous, at, z);
      else coldStart(statistics, basis, point, widthRatio, rank, z);
      let outcome = solveFixedPoint(map, z, OPTIONS);
      if (outcome.status !== "converged" && previous) {
        coldStart(statistics, basis, point, widthRatio, rank, z);
        outcome = solveFixedPoint(map, z, OPTIONS);
      }
      last = outcome.status === "converged" ? remember(previous, at, z, point) : undefined;
      return outcome.status === "converged" ? assemble(point, bulk, widthRatio, outcome) : outcome;
    },
    get gridError() {
      return gridError;
    },
    refined(tolerance) {
      const { point } = last!;
      const traces = map.traces.slice();
      // Where only V counts beside 0, it is put far above 1.
      const scale = point.one === 0 ? 1e14 * averageDamping() : point.susceptibility;
      const susceptibility = (moments: Float64Array) => scale * packedSusceptibility(moments, traces, K);
      return gridSolver(statistics.refine(susceptibility, tolerance), { z: last!.z, point, at: last!.at });
    },
  };

  function averageDamping(): number {
    return map.damping.reduce((sum, w, i) => sum + weights[i]! * w, 0);
  }

  /** Of the test error, the training error (where it is not 0), the conjugates and the source of the norms. */
  function estimateGridError(point: ScaledPoint): number {
    let error = statistics.gridError(risk);
    if (point.one > 0) {
      for (let i = 0; i < N; i++) damped[i] = risk[i]! * map.square[i]!;
      error = Math.max(error, statistics.gridError(damped));
    }
    const [first, second] = [basis[0]!, basis[m - 1]!];
    for (let i = 0; i < N; i++) damped[i] = map.damping[i]! * (first[i]! + second[i]!);
    error = Math.max(error, statistics.gridError(damped));
    for (let i = 0; i < N; i++) damped[i]! *= risk[i]! * map.damping[i]!;
    return Math.max(error, statistics.gridError(damped));
  }

  function assemble(
    point: ScaledPoint,
    bulk: Bulk,
    widthRatio: number,
    outcome: { iterations: number; residual: number; error: number },
  ): RidgeResult {
    const stiffness = bulk.stiffness(point.samples);
    if (!stiffness) return failure("diverged", "positivity of the prior covariance of the overlaps");
    const t = ridge.solve(map.damping, stiffness);
    ridge.bias(t, bias);
    const Q = normResponse(point, bulk, widthRatio, t);
    if (!Q) return failure("diverged", "linear response of the norms is singular");
    risk.set(bias);
    for (let a = 0; a < m; a++) {
      const [phi, q] = [basis[a]!, Q[a]!];
      for (let i = 0; i < N; i++) risk[i]! += q * phi[i]!;
    }
    const testError = dot(weights, risk);
    for (let i = 0; i < N; i++) damped[i] = risk[i]! * map.square[i]!;
    const trainError = point.one * dot(weights, damped);
    for (let i = 0; i < N; i++) damped[i] = bias[i]! * map.damping[i]!;
    const fit = point.one * dot(weights, damped);
    if (!Number.isFinite(testError)) return failure("non-finite", "test error is not finite");
    let penalty = 0;
    const T = t.length;
    for (let i = 0; i < T; i++) for (let j = 0; j < T; j++) penalty += t[i]! * stiffness[i * T + j]! * t[j]!;
    gridError = estimateGridError(point);
    state = { statistics, coefficients: t, damping: map.damping };
    return {
      status: "converged",
      testError,
      excessRisk: testError - statistics.labelNoise,
      trainError,
      objective: fit + point.one * penalty,
      overlaps: overlaps(channels, t, Q, map.traces),
      iterations: outcome.iterations,
      residual: outcome.residual,
      errorEstimate: statistics.quadratureError + gridError + outcome.error + 2 ** -50,
    };
  }

  /** (Q1 − ψψᵀ, Q2): (I − R H)⁻¹ [R τ(α/β)E[φ bias/(δ+τV)²] + (α/β) ∂(tᵀΛt)] with R the bulk's response (theory §4). */
  function normResponse(point: ScaledPoint, bulk: Bulk, widthRatio: number, t: Float64Array): Float64Array | undefined {
    const scale = point.samples / widthRatio;
    for (let i = 0; i < N; i++) damped[i] = bias[i]! * map.square[i]!;
    for (let a = 0; a < m; a++) source[a] = point.susceptibility * scale * dot(map.weightedBasis[a]!, damped);
    const Q = bulk.stiffnessDerivative(t, point.samples);
    for (let a = 0; a < m; a++) {
      Q[a]! *= scale;
      for (let b = 0; b < m; b++) {
        Q[a]! += bulk.response[a * m + b]! * source[b]!;
        let product = 0;
        for (let c = 0; c < m; c++) product += bulk.response[a * m + c]! * map.hessian[c * m + b]!;
        matrix[a * m + b] = (a === b ? 1 : 0) - product;
      }
    }
    return solveInPlace(matrix, Q, m, 1) ? Q : undefined;
  }
}

/** A finer grid, or none where even the finest does not resolve the averages. */
function refine(grid: GridSolver, tolerance: number): GridSolver | undefined {
  try {
    return grid.refined(tolerance);
  } catch (error) {
    if (error instanceof QuadratureError) return undefined;
    throw error;
  }
}

function unresolved(error: number, iterations: number): RidgeFailure {
  const detail = `averages over κ are not resolved (relative error ${error.toExponential(1)}): features freeze at large κ`;
  return { status: "diverged", iterations, residual: error, detail };
}

/** The one parameter in which two points differ, if both are positive and finite there. */
function changedParameter(a: RidgePoint, b: RidgePoint): keyof RidgePoint | undefined {
  const changed = (["sampleRatio", "widthRatio", "ridge"] as const).filter((name) => a[name] !== b[name]);
  const [name] = changed;
  if (changed.length !== 1 || !name) return undefined;
  return a[name] > 0 && b[name] > 0 && a[name] < Infinity && b[name] < Infinity ? name : undefined;
}

/** Beyond this factor between two points the secant of a sweep is not trusted. */
const FARTHEST = Math.log(1.5);

/** Continues the line through the last two solutions, in logarithms of the parameter that moves. */
function extrapolate(previous: WarmStart, at: RidgePoint, z: Float64Array): void {
  z.set(previous.z);
  const { slope } = previous;
  if (!slope || changedParameter(previous.at, at) !== slope.parameter) return;
  const distance = Math.log(at[slope.parameter] / previous.at[slope.parameter]);
  if (Math.abs(distance) > FARTHEST) return;
  for (let i = 0; i < z.length; i++) z[i]! += distance * slope.z[i]!;
}

function remember(previous: WarmStart | undefined, at: RidgePoint, z: Float64Array, point: ScaledPoint): WarmStart {
  const parameter = previous && changedParameter(previous.at, at);
  if (!parameter) return { z: z.slice(), point, at };
  const distance = Math.log(at[parameter] / previous.at[parameter]);
  if (Math.abs(distance) > FARTHEST) return { z: z.slice(), point, at };
  return { z: z.slice(), point, at, slope: { parameter, z: z.map((value, i) => (value - previous.z[i]!) / distance) } };
}

function failure(status: RidgeFailure["status"], detail: string): RidgeFailure {
  return { status, iterations: 0, residual: Infinity, detail };
}

/** What the limits of α and λ need to know of a model at one width. */
export function featureRank(statistics: ConditionalFeatureStatistics, widthRatio: number): FeatureRank {
  let [nonlinear, linear, linearPower] = [0, 0, 0];
  for (const { fraction, mu1, mu2Squared, bulkVariance } of statistics.groups) {
    if (mu2Squared.some((value) => value > 0)) nonlinear += fraction * widthRatio;
    else {
      linear += fraction * widthRatio;
      linearPower +=
        fraction * bulkVariance * mu1.reduce((sum, value, i) => sum + statistics.weights[i]! * value ** 2, 0);
    }
  }
  // A group with any nonlinear part counts in full, the linear ones up to d.
  return { rank: nonlinear + Math.min(linear, 1), nullPower: linear > 1 ? linearPower : 0 };
}

/**
 * Starting traces. Below the threshold λ bounds g = π/λ from above; beyond it, and for large λ, the features' own
 * scale does. Newton in logarithms then needs a step for every few powers of e between start and solution.
 */
function coldStart(
  statistics: ConditionalFeatureStatistics,
  basis: readonly Float64Array[],
  point: ScaledPoint,
  widthRatio: number,
  rank: number,
  z: Float64Array,
): void {
  const { groups, weights } = statistics;
  const K = groups.length;
  const x = new Float64Array(z.length);
  const bounded = point.ridge > 0 && !(point.one === 1 && point.samples > rank);
  groups.forEach((group, k) => {
    const mean = (values: Float64Array) => values.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    const power = group.bulkVariance * mean(basis[packedPair(K, k, k)]!) + mean(group.mu2Squared);
    const g = group.fraction / (point.ridge + (bounded ? 0 : (point.samples / widthRatio) * power));
    x[packedPair(K, k, k)] = group.bulkVariance * g;
    x[x.length - K + k] = g;
  });
  toCoordinates(x, K, z);
}

interface ChannelsByKind {
  readonly m: readonly number[];
  readonly theta: readonly number[];
  readonly nu: readonly number[];
  readonly groups: number;
}

function channelsByKind({ channels, groups }: ConditionalFeatureStatistics): ChannelsByKind {
  const positions = (...kinds: ChannelKind[]) =>
    channels.flatMap((channel, i) => (kinds.includes(channel.kind) ? [i] : []));
  return {
    m: positions("mean", "power"),
    theta: positions("spikeDirection"),
    nu: positions("rowNorm"),
    groups: groups.length,
  };
}

function overlaps(channels: ChannelsByKind, t: Float64Array, Q: Float64Array, traces: Float64Array): Overlaps {
  const K = channels.groups;
  const m = Q.length;
  const pick = (positions: readonly number[]) => positions.map((i) => t[i]!);
  const psi = Array.from(t.subarray(t.length - K));
  const square = (packed: Float64Array, scale: number) =>
    psi.map((first, k) => psi.map((second, l) => packed[packedPair(K, k, l)]! + scale * first * second));
  return {
    m: pick(channels.m),
    theta: pick(channels.theta),
    nu: pick(channels.nu),
    psi,
    Q1: square(Q, 1),
    Q2: Array.from(Q.subarray(m - K)),
    V1: square(traces, 0),
    V2: Array.from(traces.subarray(m - K)),
  };
}
