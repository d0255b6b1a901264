import { ConvergenceError } from "../errors.ts";
import type { RidgePoint } from "./limits.ts";
import type { RidgeFailure, RidgeResult } from "./solution.ts";
import { ridgeSolver, type SolverModel } from "./solve.ts";

/**
 * Solves one point of theory §4–§5 for a problem and bulk of the caller's own making, without throwing for an unconverged point.
 *
 * @throws ParameterError for an illegal point
 * @example
 * const model = featureModel({ model: "randomFeatures", student: "tanh", target: "sin" });
 * const result = trySolveModel(model, { sampleRatio: 2, widthRatio: 1, ridge: 0.1 });
 * result.status === "converged" && result.testError.toFixed(6); // "0.237600"
 */
export function trySolveModel(model: SolverModel, point: RidgePoint): RidgeResult {
  return ridgeSolver(model).solve(point);
}

/**
 * The solution of a result.
 *
 * @param parameters named in the error
 * @throws ConvergenceError if the result is a failure
 */
export function solutionOf<R extends { readonly status: "converged" } | RidgeFailure>(
  result: R,
  parameters: object,
): Extract<R, { readonly status: "converged" }> {
  if (result.status !== "converged") {
    const { status, detail, residual } = result;
    throw new ConvergenceError(status, detail, residual, { ...parameters });
  }
  return result as Extract<R, { readonly status: "converged" }>;
}
