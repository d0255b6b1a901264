import { QuadratureError, requireFields, MODEL_WORDS } from "../errors.ts";
import { firstTable } from "../problem/grid.ts";
import { type Problem, strengthAt } from "../problem/problem.ts";
import type { WeightResolvent } from "../bulk/weightResolvent.ts";
import { atExtremeRidge, isPeak, representableRidge } from "./extremeRidge.ts";
import { atWidth, solvedWidth } from "./infiniteWidth.ts";
import { KeptGrids } from "./keptGrids.ts";
import { type GridSolution, GridSolver, type SolvedState } from "./gridSolver.ts";
import { featureRank, type RidgePoint, withFreeTraces } from "./limits.ts";
import { checkPoint, failure, type GroupSolution, type RidgeFailure, type RidgeResult } from "./solution.ts";

/** Where a small ridge has no solution from a cold start, it is approached by this factor from at most so far above. */
const DESCENT = 10;
const HIGHEST = 1e12;
/** A solution whose averages the grid does not resolve to this relative error is solved again on a finer one. */
const GRID_TOLERANCE = 1e-10;
const MOST_REFINEMENTS = 4;
/** Interpolated moments are averaged anew where they lack digits of saturated features that change averages by more than this. */
const MOST_SATURATION = 1e-12;
/** Beyond this relative error of an average there is no result: its integrand has no integrable limit. */
const WORST_GRID_ERROR = 1e-4;
/** Each refinement asks for this much more: a readout with large cancelling coefficients needs it. */
const TIGHTENING = 1e-3;

/** A model as the solver sees it. */
export interface SolverModel {
  readonly problem: Problem;
  readonly bulk: WeightResolvent;
}

/** A solved point with the coefficients of the channels, for observables that need more than numbers. */
export interface SolvedPoint {
  readonly status: "converged";
  readonly solution: Extract<RidgeResult, { status: "converged" }>;
  readonly groups: GroupSolution;
}

/** Solves points of one model; keeps the last solution to start the next one from. */
export interface RidgeSolver {
  /** @throws ParameterError for an illegal point */
  solve(point: RidgePoint): RidgeResult;
  /** The same with the coefficients of the channels. */
  solveFully(point: RidgePoint): SolvedPoint | RidgeFailure;
}

/** A solver whose last solution can be looked into. */
export interface StatefulSolver extends RidgeSolver {
  /** The step with which to begin for the first grid of a similar model. */
  readonly step: number | undefined;
  /** The last solution that was found, at the ridge at which it was. */
  state(): SolvedState;
}

/**
 * Solver of theory §4 for one model: any number of groups, any channels, any bulk.
 *
 * α = ∞, β = ∞ (not both) and λ = 0 (the limit λ → 0⁺) are exact limits. A point starts from the solution of the last one, and the grid
 * of κ is refined where a solution needs it.
 *
 * @param options `finiteSize`: whether solutions carry {@link RidgeSolution.finiteSize}; default no
 * @example
 * const description = { model: "randomFeatures", student: "tanh", target: "sin" };
 * const solver = ridgeSolver(featureModel(description));
 * const ridges = [1, 0.1, 0.01];
 * ridges.map((ridge) => solver.solve({ sampleRatio: 1, widthRatio: 1, ridge }).testError.toFixed(4)); // ["0.3390", "0.3123", "0.4552"]
 */
export function ridgeSolver(model: SolverModel, options: RidgeOptions = {}): RidgeSolver {
  return statefulSolver(model, options);
}

interface RidgeOptions {
  readonly finiteSize?: boolean;
}

export interface StatefulOptions extends RidgeOptions {
  /** With which to begin for the first grid. */
  readonly step?: number | undefined;
}

/** The same, with the state of its last solution. */
export function statefulSolver(model: SolverModel, { finiteSize = false, step }: StatefulOptions): StatefulSolver {
  requireFields("model", model, ["problem", "bulk"], MODEL_WORDS);
  const { bulk } = model;
  let { problem } = model;
  const table = firstTable(problem, undefined, step);
  let grid = new GridSolver(table, { bulk, finiteSize });
  const grids = new KeptGrids();

  /** In the basis and on the grid that the solution needs. */
  function solveHere(point: RidgePoint): GridSolution | RidgeFailure {
    grid = grids.nearest(point) ?? grid;
    let iterations = 0;
    let rebased = false;
    for (let refinements = 0; ;) {
      const result = grid.solve(point);
      const { averaged } = problem.row;
      if (averaged && !(result.status === "converged" && result.saturation <= MOST_SATURATION)) {
        problem = { ...problem, row: averaged };
        grid = new GridSolver(firstTable(problem), { bulk, finiteSize });
        grids.clear();
        continue;
      }
      if (result.status !== "converged") return { ...result, iterations: iterations + result.iterations };
      iterations += result.solution.iterations;
      const inBasis = rebased ? undefined : grid.rebased();
      if (inBasis) {
        grid = inBasis;
        rebased = true;
        continue;
      }
      if (result.gridError <= GRID_TOLERANCE) return kept(result, iterations);
      const next =
        refinements < MOST_REFINEMENTS ? refine(grid, GRID_TOLERANCE * TIGHTENING ** refinements) : undefined;
      if (!next) {
        return result.gridError <= WORST_GRID_ERROR
          ? kept(result, iterations)
          : unresolved(result.gridError, iterations);
      }
      refinements++;
      grid = next;
    }
  }

  function kept(result: GridSolution, iterations: number): GridSolution {
    grids.keep(grid);
    return withIterations(result, iterations);
  }

  /** From the next larger ridges at which there is a solution down to that of the point. */
  function descend(point: RidgePoint): GridSolution | RidgeFailure | undefined {
    let ridge = point.ridge;
    let result: GridSolution | RidgeFailure;
    do {
      ridge *= DESCENT;
      if (ridge > point.ridge * HIGHEST) return undefined;
      result = solveHere({ ...point, ridge });
    } while (result.status !== "converged");
    while (result.status === "converged" && ridge > point.ridge) {
      ridge = Math.max(point.ridge, ridge / DESCENT);
      result = solveHere({ ...point, ridge });
    }
    return result;
  }

  function solveAnywhere(point: RidgePoint): GridSolution | RidgeFailure {
    const result = solveHere(point);
    if (result.status === "converged" || point.ridge === 0 || problem.groups.length === 1) return result;
    return descend(point) ?? result;
  }

  function solveFully(at: RidgePoint): SolvedPoint | RidgeFailure {
    const legal = checkPoint(at);
    const result = solveRepresentable({ ...legal, widthRatio: solvedWidth(legal.widthRatio, legal.sampleRatio) });
    if (result.status !== "converged") return result;
    return { ...result, solution: atWidth(result.solution, legal.widthRatio) };
  }

  /** At the nearest ridge for which doubles have the range. */
  function solveRepresentable(asked: RidgePoint): SolvedPoint | RidgeFailure {
    const features = featureRank(grid.table, asked.widthRatio);
    const { rank } = features;
    if (isPeak(asked, rank)) {
      return failure("diverged", `ridgeless interpolation threshold: the error diverges at α = ${rank}`);
    }
    const point = { ...asked, ridge: representableRidge(asked, rank) };
    const result = solveAnywhere(point);
    if (result.status !== "converged") return result;
    if (point.ridge === asked.ridge) return { ...result, solution: withFreeTraces(result.solution, asked, features) };
    const penalised = problem.channels.some(({ kind, strength }) => {
      return (kind === "mean" || kind === "power") && strengthAt(strength, asked.widthRatio) < Infinity;
    });
    return { ...result, solution: atExtremeRidge(result.solution, asked.ridge / point.ridge, penalised) };
  }

  return {
    step: table.grid.step,
    solveFully,
    state: () => grid.state(),
    solve(at) {
      const result = solveFully(at);
      return result.status === "converged" ? result.solution : result;
    },
  };
}

function withIterations(result: GridSolution, iterations: number): GridSolution {
  if (iterations === result.solution.iterations) return result;
  return { ...result, solution: { ...result.solution, iterations } };
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
