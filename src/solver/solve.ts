import { ConvergenceError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { type RidgeFailure, type RidgePoint, type RidgeResult, ridgeSolver } from "./deterministicEquivalent.ts";

/**
 * Solves one point of theory §4–§5 from statistics of the caller's own making, without throwing for an unconverged point.
 *
 * @throws ParameterError for an illegal point
 * @example
 * const statistics = conditionalFeatureStatistics({
 *   model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 2, widthRatio: 1, ridge: 0.1,
 * });
 * const result = trySolveStatistics(statistics, { sampleRatio: 2, widthRatio: 1, ridge: 0.1 });
 * result.status === "converged" && result.testError.toFixed(6); // "0.237600"
 */
export function trySolveStatistics(statistics: ConditionalFeatureStatistics, point: RidgePoint): RidgeResult {
  return ridgeSolver(statistics).solve(point);
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
