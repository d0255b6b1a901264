import { ParameterError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { dampedNewton } from "../numerics/dampedNewton.ts";
import { type Bulk, packedPair, packedSize } from "../solver/bulk.ts";
import type { RidgePoint } from "../solver/deterministicEquivalent.ts";
import type { ConvexLoss } from "./convexLoss.ts";
import { lossGrid } from "./lossGrid.ts";
import type { LossFailure, LossResult } from "./lossSolution.ts";
import type { LocalPotential } from "./localPotential.ts";
import { localFields, type SaddleState } from "./localState.ts";
import { lossSolution } from "./observables.ts";
import { localPotential } from "./potentials.ts";
import { type LossPoint, saddleProblem } from "./saddlePoint.ts";
import { separatedByChannels } from "./separability.ts";

/** Digits that the rules aim at, level by level; the first is only a start. */
const LEVELS = [4, 8, 12, 16, 24, 36, 54];
/** Change from a level to the next, times what it has shrunk by, at which the solution has settled. */
const SETTLED = 3e-12;
/** Change from a level to the next that is taken for rounding where it does not shrink. */
const STALLED = 1e-9;
const MOST_EVALUATIONS = 150;
const MAX_STEP = 2;
/** Continuation in λ: ratio of successive values, and the exponent with which V follows it. */
const CONTINUATION_RATIO = 5;
const CONTINUATION_EXPONENT = 0.7;

/** Solves points of one model and one loss; a point starts from the solution of the last one. */
export interface LossSolver {
  solve(point: RidgePoint): LossResult;
}

interface Level {
  readonly digits: number;
  readonly tolerance: number;
  readonly potential: LocalPotential;
}

/**
 * Solver of convexLosses §3 for one model: any number of groups, any channels, any bulk.
 *
 * @throws ParameterError at a point that this solver has no limit for
 */
export function lossSolver(statistics: ConditionalFeatureStatistics, loss: ConvexLoss, labelFlips: number): LossSolver {
  const levels = LEVELS.map((digits): Level => {
    // A level is done when its error is far below that of its rules.
    const tolerance = digits === LEVELS[0] ? 1e-4 : 1e-9;
    return { digits, tolerance, potential: localPotential(loss, labelFlips, statistics, digits) };
  });
  const margin = loss.kind === "margin";
  const firstGrid = lossGrid(statistics, gridTolerance(LEVELS[0]!), margin);
  const separated = margin ? separatedByChannels(firstGrid, labelFlips) : undefined;
  let bulk: Bulk | undefined;
  let bulkWidth = NaN;
  let last: SaddleState | undefined;

  return {
    solve(point) {
      const { sampleRatio, widthRatio, ridge } = point;
      if (sampleRatio === Infinity) {
        throw new ParameterError("sampleRatio", sampleRatio, `finite for the loss "${loss.name}"`);
      }
      if (ridge === 0) throw new ParameterError("ridge", ridge, `a number > 0 for the loss "${loss.name}"`);
      if (separated) return failure(separated, "diverged", 0, Infinity);
      if (!bulk || bulkWidth !== widthRatio) {
        bulk = statistics.bulk(widthRatio);
        bulkWidth = widthRatio;
      }
      const scaled: LossPoint = { samples: sampleRatio, susceptibility: 1, ridge, widthRatio };
      const result = attempts(scaled, bulk);
      last = result.status === "converged" ? result.state : undefined;
      return result.status === "converged" ? result.solution : result;
    },
  };

  function attempts(point: LossPoint, bulk: Bulk): Settled | LossFailure {
    if (last) {
      const warm = settle(point, bulk, last);
      if (warm.status === "converged") return warm;
    }
    const cold = settle(point, bulk, coldStart(firstGrid, point));
    return cold.status === "converged" ? cold : (continuation(point, bulk) ?? cold);
  }

  /** From a strongly regularised problem down to λ. */
  function continuation(point: LossPoint, bulk: Bulk): Settled | LossFailure | undefined {
    let ridge = Math.max(1, point.ridge) * CONTINUATION_RATIO;
    let state = coldStart(firstGrid, { ...point, ridge });
    while (ridge > point.ridge) {
      const next = Math.max(point.ridge, ridge / CONTINUATION_RATIO);
      const growth = (ridge / next) ** CONTINUATION_EXPONENT;
      const start = { ...state, traces: state.traces.map((value) => value * growth) };
      if (next === point.ridge) return settle(point, bulk, start);
      const step = firstLevel({ ...point, ridge: next }, bulk, start);
      if (step.status !== "converged") return undefined;
      state = step.state;
      ridge = next;
    }
    return undefined;
  }

  function firstLevel(point: LossPoint, bulk: Bulk, start: SaddleState): LevelResult {
    return solveLevel(levels[0]!, firstGrid, point, bulk, start);
  }

  /** Refines the rules until the solution moves no more. */
  function settle(point: LossPoint, bulk: Bulk, start: SaddleState): Settled | LossFailure {
    const rough = firstLevel(point, bulk, start);
    if (rough.status !== "converged") return rough;
    let { state, evaluations } = rough;
    let movement = 1;
    for (const level of levels.slice(1)) {
      const probe = { potential: level.potential, state, susceptibility: point.susceptibility };
      const grid = lossGrid(statistics, gridTolerance(level.digits), margin, probe);
      const result = solveLevel(level, grid, point, bulk, state);
      if (result.status !== "converged") return result;
      evaluations += result.evaluations;
      state = result.state;
      const errorEstimate = result.moved * Math.min(1, result.moved / movement) + result.error ** 2 + 2 ** -50;
      movement = result.moved;
      if (errorEstimate > SETTLED && result.moved > STALLED) continue;
      const convergence = { iterations: evaluations, residual: result.residual, errorEstimate };
      const solution = lossSolution(grid, loss, level.potential, state, result.factors, point, convergence);
      if (Number.isFinite(solution.objective)) return { status: "converged", state, solution };
      return failure("an observable is not finite", "non-finite", evaluations, result.residual);
    }
    return failure(
      `grids did not settle: last change ${movement.toExponential(1)}`,
      "max-iterations",
      evaluations,
      NaN,
    );
  }

  function solveLevel(
    { digits, tolerance, potential }: Level,
    grid: ConditionalFeatureStatistics,
    point: LossPoint,
    bulk: Bulk,
    start: SaddleState,
  ): LevelResult {
    const fields = localFields(grid);
    const groups = grid.groups.length;
    const negligible = gridTolerance(digits) * 1e-4;
    const problem = saddleProblem(fields, groups, bulk, point, potential, loss.curvatureBound, negligible);
    const u = problem.pack(start);
    const before = u.slice();
    const outcome = dampedNewton(problem, u, { maxEvaluations: MOST_EVALUATIONS, tolerance, maxStep: MAX_STEP });
    if (outcome.status !== "converged") {
      return failure(outcome.detail, outcome.status, outcome.evaluations, outcome.residual);
    }
    const moved = problem.sizeOf(u.map((value, i) => value - before[i]!));
    const state = problem.unpack(u);
    const factors = u.slice(u.length - state.coefficients.length);
    return { ...outcome, state, factors, moved };
  }
}

interface Settled {
  readonly status: "converged";
  readonly state: SaddleState;
  readonly solution: Extract<LossResult, { status: "converged" }>;
}

type LevelResult =
  | LossFailure
  | {
      readonly status: "converged";
      readonly state: SaddleState;
      /** Factors of the orthonormal regressors. */
      readonly factors: Float64Array;
      readonly evaluations: number;
      readonly residual: number;
      readonly error: number;
      readonly moved: number;
    };

function failure(detail: string, status: LossFailure["status"], iterations: number, residual: number): LossFailure {
  return { status, iterations, residual, detail };
}

const gridTolerance = (digits: number): number => Math.max(1e-12, 10 ** -(digits + 1));

/** Traces of features without data, norms that make the output of order one, and no coefficients. */
function coldStart(grid: ConditionalFeatureStatistics, point: LossPoint): SaddleState {
  const { groups, channels, weights } = grid;
  const K = groups.length;
  const [traces, norms] = [new Float64Array(packedSize(K)), new Float64Array(packedSize(K))];
  const last = traces.length - K;
  groups.forEach(({ fraction, bulkVariance: c, mu1, mu2Squared }, k) => {
    const kk = packedPair(K, k, k);
    let power = 0;
    for (let i = 0; i < weights.length; i++) power += weights[i]! * (c * mu1[i]! * mu1[i]! + mu2Squared[i]!);
    traces[last + k] = fraction / (point.ridge + power);
    traces[kk] = c * traces[last + k]!;
    norms[last + k] = fraction / power;
    norms[kk] = c * norms[last + k]!;
  });
  return { traces, norms, coefficients: new Float64Array(channels.length + K) };
}
