import { QuadratureError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { dampedNewton } from "../numerics/dampedNewton.ts";
import type { Bulk } from "../solver/bulk.ts";
import type { ConvexLoss } from "./convexLoss.ts";
import { frozenShare } from "./frozenFeatures.ts";
import { lossGrid, midpointRule } from "./lossGrid.ts";
import type { LossFailure, LossSolution } from "./lossSolution.ts";
import { coldStart } from "./lossStart.ts";
import type { LocalPotential } from "./localPotential.ts";
import { localFields, type SaddleState } from "./localState.ts";
import { lossSolution } from "./observables.ts";
import { localPotential } from "./potentials.ts";
import { type LossPoint, saddleProblem, type SaddleProblem } from "./saddlePoint.ts";

/** Digits that the rules aim at, level by level; the first is only a start. */
const LEVELS = [4, 8, 12, 16, 24, 36, 54];
/** Change from a level to the next, times what it has shrunk by, at which the solution has settled. */
const SETTLED = 3e-12;
/** Change from a level to the next that is taken for rounding where it does not shrink. */
const STALLED = 1e-9;
/** Error on other nodes of κ, with finer rules, at which the solution is accepted. */
const CHECKED = 2e-11;
/** The same where finer grids do not make it smaller; it is then what the estimate says. */
const LARGEST_CHECK = 1e-7;
/** From this level on a grid after one that failed the check is one of panels: averages may have kinks far out. */
const FIRST_PANELS = 3;
const MOST_EVALUATIONS = 150;
const MAX_STEP = 2;
/** Continuation in λ: ratio of successive values, and the exponent with which V follows it. */
const CONTINUATION_RATIO = 5;
const CONTINUATION_EXPONENT = 0.7;
/** Part of the readout's norm that comes from frozen features, beyond which there is no result at λ = 0. */
const WORST_FROZEN = 1e-4;
/** Where the panels of a check are split, unlike those of a grid. */
const PANEL_SPLIT = 0.37;
/** Last flips of a continuation to none. */
const LEAST_FLIPS = 1e-9;

/** Finds the saddle point of one loss on one model; starts from the last one found. */
export interface LossEngine {
  solve(point: LossPoint): LossSolution | LossFailure;
}

interface Level {
  readonly digits: number;
  readonly tolerance: number;
  readonly potential: LocalPotential;
}

/** The saddle point of convexLosses §3 by grids and rules that are refined until the solution settles. */
export function lossEngine(statistics: ConditionalFeatureStatistics, loss: ConvexLoss, labelFlips: number): LossEngine {
  const levels = LEVELS.map((digits): Level => {
    // A level is done when its error is far below that of its rules.
    const tolerance = digits === LEVELS[0] ? 1e-4 : 1e-9;
    return { digits, tolerance, potential: localPotential(loss, labelFlips, statistics, digits) };
  });
  const margin = loss.kind === "margin";
  const firstGrid = lossGrid(statistics, gridTolerance(LEVELS[0]!), margin);
  let bulk: Bulk | undefined;
  let bulkWidth = NaN;
  let last: SaddleState | undefined;

  return {
    solve(point) {
      if (!bulk || bulkWidth !== point.widthRatio) {
        bulk = statistics.bulk(point.widthRatio);
        bulkWidth = point.widthRatio;
      }
      const result = explained(attempts(point, bulk));
      last = result.status === "converged" ? result.state : undefined;
      return result.status === "converged" ? result.solution : result;
    },
  };

  /** Where a limit λ → 0 was not found because there is none, that is the reason. */
  function explained(result: Settled | LossFailure): Settled | LossFailure {
    if (result.status === "converged" || !loss.limitOf) return result;
    const share = frozenShare(firstGrid);
    return share <= WORST_FROZEN ? result : noRidgelessLimit(result.iterations, share);
  }

  function attempts(point: LossPoint, bulk: Bulk): Settled | LossFailure {
    if (last) {
      const warm = settle(point, bulk, last);
      if (warm.status === "converged") return warm;
    }
    const cold = settle(point, bulk, coldStart(firstGrid, point));
    if (cold.status === "converged") return cold;
    for (const start of [ridgeContinuation, flipsContinuation]) {
      const state = start(point, bulk);
      const result = state && settle(point, bulk, state);
      if (result?.status === "converged") return result;
    }
    return cold;
  }

  /** A start from a strongly regularised problem, by steps down to λ. */
  function ridgeContinuation(point: LossPoint, bulk: Bulk): SaddleState | undefined {
    let ridge = Math.max(1, point.ridge) * CONTINUATION_RATIO;
    let state = coldStart(firstGrid, { ...point, ridge });
    for (;;) {
      const step = solveLevel(levels[0]!, firstGrid, { ...point, ridge }, bulk, state);
      if (step.status !== "converged") return undefined;
      const next = Math.max(point.ridge, ridge / CONTINUATION_RATIO);
      const growth = (ridge / next) ** CONTINUATION_EXPONENT;
      state = { ...step.state, traces: step.state.traces.map((value) => value * growth) };
      if (next === point.ridge) return state;
      ridge = next;
    }
  }

  /** A start from flipped labels, by steps down to ε: nearly separable labels have large coefficients. */
  function flipsContinuation(point: LossPoint, bulk: Bulk): SaddleState | undefined {
    if (!margin) return undefined;
    let state = coldStart(firstGrid, point);
    for (let flips = 0.2; flips > Math.max(labelFlips, LEAST_FLIPS); flips /= CONTINUATION_RATIO) {
      const potential = localPotential(loss, flips, statistics, LEVELS[0]!);
      const step = solveLevel({ ...levels[0]!, potential }, firstGrid, point, bulk, state);
      if (step.status !== "converged") return undefined;
      state = step.state;
    }
    return state;
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
    let lastCheck = Infinity;
    for (const [index, level] of levels.entries()) {
      if (index === 0) continue;
      const grid = probedGrid(level, state, point, index >= FIRST_PANELS && lastCheck < Infinity ? [0] : []);
      if (typeof grid === "string") return failure(grid, "non-finite", evaluations, rough.residual);
      const result = solveLevel(level, grid, point, bulk, state);
      if (result.status !== "converged") return result;
      evaluations += result.evaluations;
      state = result.state;
      const extrapolated = result.moved * Math.min(1, result.moved / movement) + result.error ** 2 + 2 ** -50;
      movement = result.moved;
      if (extrapolated > SETTLED && result.moved > STALLED) continue;
      const check = errorElsewhere(levels[index + 1] ?? level, grid, point, bulk, state);
      const stalled = check <= LARGEST_CHECK && check > 0.3 * lastCheck;
      lastCheck = check;
      if (!(check <= CHECKED || stalled)) continue;
      const errorEstimate = Math.max(extrapolated, check);
      const frozen = loss.limitOf ? frozenShare(grid, { ...level, state, factors: result.factors }) : 0;
      if (!(frozen <= WORST_FROZEN)) return noRidgelessLimit(evaluations, frozen);
      const convergence = { iterations: evaluations, residual: result.residual, errorEstimate: errorEstimate + frozen };
      const solution = lossSolution(grid, loss, level.potential, state, result.factors, point, convergence);
      if (Number.isFinite(solution.objective)) return { status: "converged", state, solution };
      return failure("an observable is not finite", "non-finite", evaluations, result.residual);
    }
    return failure(
      `grids did not settle: last change ${movement.toExponential(1)}, error on other nodes ${lastCheck.toExponential(1)}`,
      "max-iterations",
      evaluations,
      NaN,
    );
  }

  /** A grid for a level by the solution of the one before, or why there is none: a limit may not exist. */
  function probedGrid(
    level: Level,
    state: SaddleState,
    { susceptibility }: LossPoint,
    splits: readonly number[],
  ): ConditionalFeatureStatistics | string {
    const probe = { potential: level.potential, state, susceptibility, stiffness: 1 / loss.curvatureBound };
    try {
      return lossGrid(statistics, gridTolerance(level.digits, splits.length > 0), margin, probe, splits);
    } catch (error) {
      if (error instanceof QuadratureError) return error.message;
      throw error;
    }
  }

  /**
   * Newton's step of a solution on nodes of κ between its own, with the rules of another level: an estimate that does not
   * believe the grid's.
   */
  function errorElsewhere(
    level: Level,
    grid: ConditionalFeatureStatistics,
    point: LossPoint,
    bulk: Bulk,
    state: SaddleState,
  ): number {
    const between = midpointRule(grid.nodes);
    const other = between ? statistics.onGrid(between) : probedGrid(level, state, point, [PANEL_SPLIT]);
    if (typeof other === "string") return NaN;
    const problem = problemOn(other, level, point, bulk);
    const reason = problem.evaluate(problem.pack(state));
    return reason === undefined ? problem.sizeOf(problem.newton) : NaN;
  }

  function problemOn(
    grid: ConditionalFeatureStatistics,
    { digits, potential }: Level,
    point: LossPoint,
    bulk: Bulk,
  ): SaddleProblem {
    const negligible = gridTolerance(digits) * 1e-4;
    return saddleProblem(
      localFields(grid),
      grid.groups.length,
      bulk,
      point,
      potential,
      loss.curvatureBound,
      negligible,
    );
  }

  function solveLevel(
    level: Level,
    grid: ConditionalFeatureStatistics,
    point: LossPoint,
    bulk: Bulk,
    start: SaddleState,
  ): LevelResult {
    const problem = problemOn(grid, level, point, bulk);
    const { tolerance } = level;
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
  readonly solution: LossSolution;
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

function noRidgelessLimit(evaluations: number, share: number): LossFailure {
  const detail = `no limit λ → 0 is resolved: features freeze at large κ, where a share of ${share.toExponential(1)} of the readout's norm is made`;
  return failure(detail, "diverged", evaluations, share);
}

/** Panels are bisected by the squares of what they leave, which says little of kinks: theirs has to be smaller. */
const gridTolerance = (digits: number, panels = false): number => Math.max(panels ? 1e-20 : 1e-12, 10 ** -(digits + 1));
