import { ConvergenceError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { squareLoss } from "../loss/convexLoss.ts";
import { checkFlips } from "../loss/lossInput.ts";
import type { LossResult, LossSolution } from "../loss/lossSolution.ts";
import { describedLossSolver } from "../loss/modelLoss.ts";
import type { AnyDescription, LossDescription, LossParameters, ModelDescription } from "../model/description.ts";
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
export function trySolve(description: ModelDescription): RidgeResult;
export function trySolve(description: LossDescription): LossResult;
export function trySolve(description: AnyDescription): RidgeResult | LossResult;
export function trySolve(description: AnyDescription): RidgeResult | LossResult {
  const point = checkPoint(description);
  return describedSolver(conditionalFeatureStatistics(description), description).solve(point);
}

/** The solver of a description's loss: the direct one for the square. Its points have to be checked. */
export function describedSolver(
  statistics: ConditionalFeatureStatistics,
  loss: LossParameters,
): { solve(point: RidgePoint): RidgeResult | LossResult } {
  if (loss.loss !== undefined && loss.loss !== "square") return describedLossSolver(statistics, loss);
  checkFlips(loss.labelFlips, squareLoss);
  return ridgeSolver(statistics);
}

/** Ridge regression from statistics of the caller's own making. */
export function trySolveStatistics(statistics: ConditionalFeatureStatistics, point: RidgePoint): RidgeResult {
  return ridgeSolver(statistics).solve(checkPoint(point));
}

/**
 * Test and training error, objective and overlaps of ridge regression on the features of a model in the proportional
 * limit (theory §4–§5); with another `loss`, its test and training loss, classification or square errors (convexLosses).
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found, or is at infinity
 * @example
 * const { testError } = solve({
 *   model: "spikedRandomFeatures", student: "tanh", target: "sin",
 *   spikeStrength: 1.5, bulkVariance: 1.3, alignment: 0.8, labelNoise: 0.05,
 *   sampleRatio: 1, widthRatio: 0.5, ridge: 0.01,
 * });
 * testError.toFixed(9); // "0.339273057"
 */
export function solve(description: ModelDescription): RidgeSolution;
export function solve(description: LossDescription): LossSolution;
export function solve(description: AnyDescription): RidgeSolution | LossSolution;
export function solve(description: AnyDescription): RidgeSolution | LossSolution {
  const result = trySolve(description);
  if (result.status === "converged") return result;
  throw new ConvergenceError(result.status, result.detail, result.residual, { ...description });
}
