import type { Table } from "../problem/table.ts";
import type { LossModel } from "./grid.ts";
import type { ConvexLoss } from "../loss/convexLoss.ts";
import type { LossFailure, LossSolution } from "./solution.ts";
import type { SolvedLoss } from "./sensitivity.ts";
import { scaledSigns } from "./labelLaw.ts";
import { coldStart } from "./start.ts";
import type { SaddleState } from "./localState.ts";
import { failure, type LevelSolution, LevelSolver } from "./levelSolver.ts";
import { lossSolution } from "./observables.ts";
import { Refinement, type SettledSolution } from "./refinement.ts";
import { distanceBetween, nearest } from "../numerics/distance.ts";
import type { LossPoint } from "./saddlePoint.ts";

/** Continuation in λ: ratio of successive values, and the exponent with which V follows it. */
const CONTINUATION_RATIO = 5;
const CONTINUATION_EXPONENT = 0.7;
/** Last flips of a continuation to none. */
const LEAST_FLIPS = 1e-9;

/** Evaluations of the equations that are a glimpse. */
const GLIMPSE = 30;

/** Solutions that are kept to start others from. */
const KEPT = 128;

/** A solution and where it is. */
interface Found {
  readonly point: LossPoint;
  readonly state: SaddleState;
}

/** Finds the saddle point of one loss on one model; starts from the nearest of the last ones found. */
export interface LossEngine {
  solve(point: LossPoint): LossSolution | LossFailure;
  /** The saddle point alone, without its observables. */
  settle(point: LossPoint): SettledSolution | LossFailure;
  /** The traces g_k by the first rules alone, if they are found at once. */
  glimpse(point: LossPoint): Float64Array | undefined;
  /** The last point, if it has a solution. */
  solved(): SolvedLoss | undefined;
}

type Start = (point: LossPoint) => LevelSolution | LossFailure | undefined;

/**
 * The saddle point of convexLosses §3: starts, one after the other until one leads there.
 *
 * @param firstGrid that resolves the features
 */
export function lossEngine(model: LossModel, loss: ConvexLoss, firstGrid: Table): LossEngine {
  const levels = new LevelSolver(model, loss, firstGrid);
  const refinement = new Refinement(levels);
  /** The latest first. */
  const found: Found[] = [];
  let last: { readonly point: LossPoint; readonly settled: SettledSolution } | undefined;
  let predicted: SaddleState | undefined;

  const nearestTo = (point: LossPoint) => nearest(found, (one) => distanceBetween(one.point, point));
  const warm: Start = (point) => {
    const near = nearestTo(point);
    return near && levels.rough(point, (near === found[0] && predicted) || near.state);
  };
  const cold: Start = (point) => levels.rough(point, coldStart(firstGrid, point));
  const onGrids: Start = (point) => levels.onGrids(point, coldStart(firstGrid, point));
  const starts = [warm, cold, onGrids, ridgeContinuation, flipsContinuation];

  return {
    settle,
    glimpse(point) {
      const start = nearestTo(point)?.state ?? coldStart(firstGrid, point);
      const rough = levels.rough(point, start, GLIMPSE);
      return rough.status === "converged" ? rough.state.traces.slice(-firstGrid.groups.length) : undefined;
    },
    solve(point) {
      const settled = settle(point);
      if (settled.status !== "converged") return settled;
      const { grid, level, state, convergence } = settled;
      const solution = lossSolution(grid, loss, level.potential, state, point, convergence);
      if (Number.isFinite(solution.objective)) return solution;
      last = undefined;
      return failure("an observable is not finite", "non-finite", convergence.iterations, convergence.residual);
    },
    solved() {
      if (!last) return undefined;
      const { point, settled } = last;
      const other = refinement.checkRule(settled, point);
      const { level, grid, state } = settled;
      return { solver: levels, point, state, rules: [{ level, grid }, ...(other ? [other] : [])] };
    },
  };

  function settle(point: LossPoint): SettledSolution | LossFailure {
    last = undefined;
    predicted = found[0] && refinement.predicted(point, found[0].state);
    const settled = (predicted && refinement.follow(point, predicted)) ?? attempts(point);
    if (settled.status !== "converged") return settled;
    last = { point, settled };
    found.unshift({ point, state: settled.state });
    if (found.length > KEPT) found.pop();
    return settled;
  }

  function attempts(point: LossPoint): SettledSolution | LossFailure {
    let failed: LossFailure | undefined;
    for (const start of starts) {
      const rough = start(point);
      if (!rough) continue;
      const result = rough.status === "converged" ? refinement.settle(point, rough) : rough;
      if (result.status === "converged") return result;
      failed = result;
      // Where a limit λ → 0 was not found because there is none, that is the reason.
      const frozen = refinement.frozenLimit(result.iterations);
      if (frozen) return frozen;
      if ("final" in result) break;
    }
    return failed!;
  }

  /** A start from a strongly regularised problem, by steps down to λ. */
  function ridgeContinuation(point: LossPoint): LevelSolution | undefined {
    let ridge = Math.max(1, point.ridge) * CONTINUATION_RATIO;
    let state = coldStart(firstGrid, { ...point, ridge });
    for (;;) {
      const step = levels.onGrids({ ...point, ridge }, state);
      if (step.status !== "converged") return undefined;
      if (ridge === point.ridge) return step;
      const next = Math.max(point.ridge, ridge / CONTINUATION_RATIO);
      const growth = (ridge / next) ** CONTINUATION_EXPONENT;
      state = { ...step.state, traces: step.state.traces.map((value) => value * growth) };
      ridge = next;
    }
  }

  /** A start from flipped labels, by steps down to those of the labels: nearly separable labels have large coefficients. */
  function flipsContinuation(point: LossPoint): LevelSolution | undefined {
    if (loss.kind !== "margin") return undefined;
    let state = coldStart(firstGrid, point);
    for (let flips = 0.2; flips > LEAST_FLIPS; flips /= CONTINUATION_RATIO) {
      const step = levels.onGrids(point, state, scaledSigns(model.labels, 1 - 2 * flips));
      if (step.status !== "converged") return undefined;
      state = step.state;
    }
    const step = levels.onGrids(point, state);
    return step.status === "converged" ? step : undefined;
  }
}
