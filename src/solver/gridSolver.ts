import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { solveFixedPoint } from "../numerics/fixedPoint.ts";
import { dot, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Bulk, GroupMixing } from "./bulk.ts";
import { coldStart, featureRank } from "./coldStart.ts";
import { effectiveRidge } from "./effectiveRidge.ts";
import {
  COMPARED_DIMENSION,
  type FiniteSize,
  isNeedless,
  isNotable,
  type MeanCost,
  meanCosts,
  shiftBound,
} from "./finiteSize.ts";
import { groupMixing, mixedFunctions, rebasedTraces, unmixed } from "./groupMixing.ts";
import type { GroupSolution, MixedBulk } from "./mixedBulk.ts";
import { resolution } from "./resolution.ts";
import { channelsByKind, failure, overlaps, type RidgePoint, type RidgeResult } from "./ridgeSolution.ts";
import {
  packedSusceptibility,
  type ScaledPoint,
  scaledPoint,
  susceptibilityBasis,
  toCoordinates,
  traceMap,
  traceUnits,
} from "./traceMap.ts";
import { extrapolate, remember, type WarmStart } from "./warmStart.ts";

export interface SolverState {
  readonly statistics: ConditionalFeatureStatistics;
  /** Coefficients of the channels, then ψ. */
  readonly coefficients: Float64Array;
  /** 1/(1 + V(κ)); in the ridgeless limit below threshold, lim 1/(λV(κ)). */
  readonly damping: Float64Array;
}

/** The solver of one model on one grid of κ. */
export interface GridSolver {
  solve(point: RidgePoint): RidgeResult;
  readonly state: SolverState | undefined;
  /** Relative error of the averages at the last solution that the grid causes. */
  readonly gridError: number;
  /** The same on a grid that resolves the last solution, and starting from it. */
  refined(tolerance: number): GridSolver;
  /**
   * The same in a basis of the groups' functions that is orthonormal where V(κ) of the last solution is not large, if that
   * loses fewer digits of V(κ), and starting from the solution.
   */
  rebased(): GridSolver | undefined;
}

/** Relative error of an average beyond which it is not given. */
const WORST_FREEZING = 1e-4;

const FAR_ABOVE = 1e30;
/** The rounding of V(κ), in units of its own, from which on another basis is taken; and the residual of the fixed point. */
const MOST_CANCELLATION = 4;
const NOTICEABLE = 1e-13;

function unknownFreezing(error: number): RidgeResult {
  const size = error.toExponential(1);
  const detail = `features freeze at large κ below the precision of the student (relative error ${size}); a larger ridge is needed`;
  return failure("diverged", detail);
}

/** Where the bulk allows it, a basis of the groups' functions. */
function basisOf(statistics: ConditionalFeatureStatistics): GroupMixing {
  return statistics.mixedBulk ? groupMixing(statistics) : unmixed(statistics.groups.length);
}

/** Errors below this part of the label's second moment are rounding. */
const NOTHING = 1e-28;
/** Beyond this difference between the two forms of the objective there is no result. */
const WORST_MISMATCH = 1e-4;

/** Relative rounding of moments given κ. */
const MOMENT_ROUNDING = 2 ** -44;

const OPTIONS = { maxIterations: 60, tolerance: 2e-13, maxStep: 3 };

/**
 * @param comparesSizes whether solutions say how far finite networks are from them
 * @param warmStart a solution in the basis of `mixing`
 */
export function gridSolver(
  statistics: ConditionalFeatureStatistics,
  comparesSizes: boolean,
  mixing: GroupMixing = basisOf(statistics),
  warmStart?: WarmStart,
): GridSolver {
  const linear = mixedFunctions(
    mixing,
    statistics.groups.map(({ mu1 }) => mu1),
  );
  const basis = susceptibilityBasis(statistics, linear);
  const map = traceMap(statistics, basis, mixing.rank);
  const ridge = effectiveRidge(statistics, linear);
  const checks = resolution(statistics, basis, map);
  const { weights } = statistics;
  const N = weights.length;
  const m = basis.length;
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
  let residual = Infinity;
  const source = new Float64Array(m);
  const matrix = new Float64Array(m * m);
  const units = new Float64Array(m);

  return {
    get state() {
      return state;
    },
    solve({ sampleRatio, widthRatio, ridge: lambda }) {
      if (!bulk || bulkWidth !== widthRatio) {
        bulk = statistics.mixedBulk?.(widthRatio, mixing) ?? statistics.bulk(widthRatio);
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
      else coldStart(statistics, mixing, point, widthRatio, rank, z);
      let outcome = solveFixedPoint(map, z, OPTIONS);
      if (outcome.status !== "converged" && previous) {
        coldStart(statistics, mixing, point, widthRatio, rank, z);
        outcome = solveFixedPoint(map, z, OPTIONS);
      }
      residual = outcome.residual;
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
      const scale = point.one === 0 ? FAR_ABOVE * averageDamping() : point.susceptibility;
      const susceptibility = (moments: Float64Array) => scale * packedSusceptibility(moments, traces, mixing);
      const refined = statistics.refine(susceptibility, tolerance);
      return gridSolver(refined, comparesSizes, mixing, { z: last!.z, point, at: last!.at });
    },
    rebased() {
      if (!statistics.mixedBulk || mixing.rank === 1 || !last) return undefined;
      if (!(residual > NOTICEABLE || checks.cancellation(last.point) > MOST_CANCELLATION)) return undefined;
      const next = groupMixing(
        statistics,
        weights.map((w, i) => w * map.damping[i]!),
      );
      const start = next.rank === mixing.rank ? rebasedTraces(map.traces, mixing, next) : undefined;
      if (!start) return undefined;
      const { point, at } = last;
      const moved = new Float64Array(m);
      toCoordinates(start, next.rank, moved);
      return gridSolver(statistics, comparesSizes, next, { z: moved, point, at });
    },
  };

  function averageDamping(): number {
    return map.damping.reduce((sum, w, i) => sum + weights[i]! * w, 0);
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
    if (!Q) {
      const cause = point.one === 0 ? " without ridge: features freeze at large κ" : "";
      return failure("diverged", `linear response of the norms is singular${cause}`);
    }
    risk.set(bias);
    for (let a = 0; a < m; a++) {
      const [phi, q] = [basis[a]!, Q[a]!];
      for (let i = 0; i < N; i++) risk[i]! += q * phi[i]!;
    }
    const testError = dot(weights, risk);
    for (let i = 0; i < N; i++) damped[i] = risk[i]! * map.square[i]!;
    const trainError = point.one * dot(weights, damped);
    for (let i = 0; i < N; i++) damped[i] = bias[i]! * map.damping[i]!;
    const fit = dot(weights, damped);
    if (!Number.isFinite(testError)) return failure("non-finite", "test error is not finite");
    if (ridge.targetSquare === 0 && t.some((value) => value !== 0)) {
      return failure("diverged", "rounding: the target is not 0, but its squares are below the smallest number");
    }
    // What is learned exactly leaves rounding, which no grid resolves.
    if (testError < NOTHING * ridge.targetSquare) risk.fill(testError);
    let penalty = 0;
    const T = t.length;
    for (let i = 0; i < T; i++) for (let j = 0; j < T; j++) penalty += t[i]! * stiffness[i * T + j]! * t[j]!;
    // What the readout misses on average, and by how much its fluctuations are larger: so do errors of several functions.
    const missed = dot(weights, bias);
    const amplification = missed > 0 ? Math.max(1, testError / missed) : 1;
    const errors = checks.errors(risk, point, widthRatio, amplification);
    gridError = errors.grid;
    if (errors.freezing > WORST_FREEZING) return unknownFreezing(errors.freezing);
    // The objective, once as the minimum over t and once from the errors it consists of (theory §5): what rounding has
    // done anywhere shows in their difference.
    const norms = Q.subarray(m - statistics.groups.length).reduce((sum, value) => sum + value, 0);
    const parts = trainError + (point.ridge * widthRatio * norms) / point.samples;
    const mismatch = fit + penalty === parts ? 0 : Math.abs(fit + penalty - parts) / (fit + penalty);
    const grown = mixing.rank > 1 ? (amplification - 1) * MOMENT_ROUNDING : 0;
    const rounding = 2 ** -50 + grown + outcome.error + mismatch + ridge.rounding(t, testError);
    if (!(mismatch < WORST_MISMATCH || fit + penalty < NOTHING * ridge.targetSquare)) {
      return failure(
        "diverged",
        `rounding: two forms of the objective differ by a fraction ${mismatch.toExponential(1)}`,
      );
    }
    const own = inGroups(bulk, t, Q);
    const finiteSize = comparesSizes ? atFiniteSize(point, bulk, widthRatio, t, testError, missed) : undefined;
    state = { statistics, coefficients: own.coefficients, damping: map.damping };
    return {
      status: "converged",
      testError,
      excessRisk: testError - statistics.labelNoise,
      trainError,
      objective: point.one * (fit + penalty),
      overlaps: overlaps(channels, own.coefficients, own.norms, own.traces),
      iterations: outcome.iterations,
      residual: outcome.residual,
      errorEstimate: statistics.quadratureError + gridError + errors.freezing + rounding,
      ...(finiteSize && { finiteSize }),
    };
  }

  /** The test error with a finite strength of the mean channels, if it differs notably: the traces do not depend on that. */
  function atFiniteSize(
    point: ScaledPoint,
    bulk: Bulk,
    widthRatio: number,
    t: Float64Array,
    testError: number,
    missed: number,
  ): FiniteSize | undefined {
    const { samples, one, susceptibility } = point;
    const dimension = COMPARED_DIMENSION;
    const g = map.traces.subarray(m - statistics.groups.length);
    const costs = meanCosts(statistics.channels, t, g, { samples, widthRatio, dimension });
    if (costs.length === 0) return undefined;
    const means = basis.map((phi) => dot(weights, phi));
    if (m === 2) {
      // V/(1 + V)² is at most ¼.
      const steepest = one === 1 ? susceptibility / 4 : Math.max(...map.damping);
      const { traces, hessian } = map;
      const { response } = bulk;
      const scale = samples / widthRatio;
      const { sizes } = ridge;
      const column = (position: number) => ridge.column(position);
      const bound = shiftBound({ costs, column, t, sizes, missed, traces, response, hessian, means, scale, steepest });
      if (isNeedless(bound, testError)) return undefined;
    }
    const stiffness = bulk.stiffness(samples)!;
    for (const { position, stiffness: cost } of costs) stiffness[position * (t.length + 1)]! += cost;
    const moved = ridge.solve(map.damping, stiffness);
    ridge.bias(moved, bias);
    const Q = normResponse(point, bulk, widthRatio, moved, costs);
    const finite = Q ? dot(weights, bias) + means.reduce((sum, mean, a) => sum + mean * Q[a]!, 0) : NaN;
    return isNotable(finite, testError) ? { dimension, testError: finite } : undefined;
  }

  /** The solution by groups: from the basis, if it is in one. */
  function inGroups(bulk: Bulk | MixedBulk, t: Float64Array, Q: Float64Array): GroupSolution {
    if (!("expand" in bulk)) return { coefficients: t, norms: Q, traces: map.traces };
    const moved = source.map((value, a) => value + dot(map.hessian.subarray(a * m, (a + 1) * m), Q));
    return bulk.expand(t, Q, moved);
  }

  /** (Q1 − ψψᵀ, Q2): (I − R H)⁻¹ [R τ(α/β)E[φ bias/(δ+τV)²] + (α/β) ∂(tᵀΛt)] with R the bulk's response (theory §4). */
  function normResponse(
    point: ScaledPoint,
    bulk: Bulk,
    widthRatio: number,
    t: Float64Array,
    costs: readonly MeanCost[] = [],
  ): Float64Array | undefined {
    const scale = point.samples / widthRatio;
    for (let i = 0; i < N; i++) damped[i] = bias[i]! * map.square[i]!;
    for (let a = 0; a < m; a++) source[a] = point.susceptibility * scale * dot(map.weightedBasis[a]!, damped);
    const Q = bulk.stiffnessDerivative(t, point.samples);
    for (const { position, group, stiffness } of costs) {
      const row = m - statistics.groups.length + group;
      const slope = (stiffness * t[position]! ** 2) / map.traces[row]!;
      for (let a = 0; a < m; a++) Q[a]! += slope * bulk.response[row * m + a]!;
    }
    // In units of the traces: without linear ridge those of the groups may be larger than V1 by any factor.
    traceUnits(map.traces, mixing.rank, units);
    for (let a = 0; a < m; a++) {
      Q[a]! *= scale;
      for (let b = 0; b < m; b++) {
        Q[a]! += bulk.response[a * m + b]! * source[b]!;
        let product = 0;
        for (let c = 0; c < m; c++) product += bulk.response[a * m + c]! * map.hessian[c * m + b]!;
        matrix[a * m + b] = (a === b ? 1 : 0) - (product * units[b]!) / units[a]!;
      }
      Q[a]! /= units[a]!;
    }
    if (!solveInPlace(matrix, Q, m, 1)) return undefined;
    for (let a = 0; a < m; a++) Q[a]! *= units[a]!;
    return Q;
  }
}
