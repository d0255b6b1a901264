import { QuadratureError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { featureRank } from "./coldStart.ts";
import { atExtremeRidge, isPeak, representableRidge } from "./extremeRidge.ts";
import { type GridSolver, gridSolver, type SolverState } from "./gridSolver.ts";
import { checkPoint, failure, type RidgeFailure, type RidgePoint, type RidgeResult } from "./ridgeSolution.ts";

export type { SolverState } from "./gridSolver.ts";
export type { Convergence, Overlaps, RidgeFailure, RidgePoint, RidgeResult, RidgeSolution } from "./ridgeSolution.ts";

/** Where a small ridge has no solution from a cold start, it is approached by this factor from at most so far above. */
const DESCENT = 10;
const HIGHEST = 1e12;

/** Solves points of one model; keeps the last solution to start the next one from. */
export interface RidgeSolver {
  /** @throws ParameterError for an illegal point */
  solve(point: RidgePoint): RidgeResult;
  /** The last converged point, on the nodes of its grid, for observables that need more than numbers. */
  readonly state: SolverState | undefined;
}

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
 *
 * @param options `finiteSize`: whether solutions carry {@link RidgeSolution.finiteSize}; default no
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
 * const solver = ridgeSolver(conditionalFeatureStatistics(model));
 * const ridges = [1, 0.1, 0.01];
 * ridges.map((ridge) => solver.solve({ ...model, ridge }).testError.toFixed(4)); // ["0.3390", "0.3123", "0.4552"]
 */
export function ridgeSolver(
  statistics: ConditionalFeatureStatistics,
  options: { readonly finiteSize?: boolean } = {},
): RidgeSolver {
  let grid = gridSolver(statistics, options.finiteSize === true);

  /** In the basis and on the grid that the solution needs. */
  function solveHere(point: RidgePoint): RidgeResult {
    let iterations = 0;
    let rebased = false;
    for (let refinements = 0; ;) {
      const result = grid.solve(point);
      iterations += result.iterations;
      if (result.status !== "converged") return { ...result, iterations };
      const inBasis = rebased ? undefined : grid.rebased();
      if (inBasis) {
        grid = inBasis;
        rebased = true;
        continue;
      }
      if (grid.gridError <= GRID_TOLERANCE)
        return iterations === result.iterations ? result : { ...result, iterations };
      const next = refinements < MOST_REFINEMENTS ? refine(grid, GRID_TOLERANCE * SHARPER ** refinements) : undefined;
      if (!next) {
        return grid.gridError <= WORST_GRID_ERROR ? { ...result, iterations } : unresolved(grid.gridError, iterations);
      }
      refinements++;
      grid = next;
    }
  }

  /** From the next larger ridges at which there is a solution down to that of the point. */
  function descend(point: RidgePoint): RidgeResult | undefined {
    let ridge = point.ridge;
    let result: RidgeResult;
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

  function solveAnywhere(point: RidgePoint): RidgeResult {
    const result = solveHere(point);
    if (result.status === "converged" || point.ridge === 0 || statistics.groups.length === 1) return result;
    return descend(point) ?? result;
  }

  return {
    get state() {
      return grid.state;
    },
    solve(at) {
      const asked = checkPoint(at);
      const { rank } = featureRank(statistics, asked.widthRatio);
      if (isPeak(asked, rank)) {
        return failure("diverged", `ridgeless interpolation threshold: the error diverges at α = ${rank}`);
      }
      const point = { ...asked, ridge: representableRidge(asked, rank) };
      const result = solveAnywhere(point);
      if (point.ridge === asked.ridge || result.status !== "converged") return result;
      const penalised = statistics.channels.some(({ kind, strength }) => {
        return (kind === "mean" || kind === "power") && strength(asked.widthRatio) < Infinity;
      });
      return atExtremeRidge(result, asked.ridge / point.ridge, penalised);
    },
  };
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
