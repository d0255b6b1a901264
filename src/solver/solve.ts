import { ConvergenceError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import type { ModelDescription } from "../model/description.ts";
import { conditionalFeatureStatistics } from "../model/statistics.ts";
import { check, RANGES } from "../model/validation.ts";
import { type RidgePoint, type RidgeResult, ridgeSolver, type RidgeSolution } from "./deterministicEquivalent.ts";

/** Validates α, β, λ. */
export function checkPoint(point: RidgePoint): RidgePoint {
  return {
    sampleRatio: check("sampleRatio", point.sampleRatio, RANGES.positiveOrInfinite),
    widthRatio: check("widthRatio", point.widthRatio, RANGES.positive),
    ridge: check("ridge", point.ridge, RANGES.nonNegative),
  };
}

/**
 * Solves one point of a model and returns how the solver ended, without throwing for an unconverged point.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 */
export function trySolve(description: ModelDescription): RidgeResult {
  const point = checkPoint(description);
  return trySolveStatistics(conditionalFeatureStatistics(description), point);
}

/** The same from statistics of the caller's own making. */
export function trySolveStatistics(statistics: ConditionalFeatureStatistics, point: RidgePoint): RidgeResult {
  return ridgeSolver(statistics).solve(checkPoint(point));
}

/**
 * Test and training error, objective and overlaps of ridge regression on the features of a model in the proportional
 * limit (theory §4–§5).
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found
 */
export function solve(description: ModelDescription): RidgeSolution {
  const result = trySolve(description);
  if (result.status === "converged") return result;
  throw new ConvergenceError(result.status, result.detail, result.residual, { ...description });
}
