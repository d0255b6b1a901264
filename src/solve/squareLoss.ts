import { ParameterError } from "../errors.ts";
import { featureModel } from "../model/featureModel.ts";
import type { ModelDescription } from "../parameters/description.ts";
import { legalParameters } from "../parameters/legal.ts";
import { checkPoint, type RidgeResult, type RidgeSolution } from "../ridge/solution.ts";
import { statefulSolver } from "../ridge/solve.ts";
import { solutionOf } from "../ridge/solveProblem.ts";

/**
 * Solves one point of a network's model like {@link solve} and returns how the solver ended, without throwing for an
 * unconverged point.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @example
 * const result = trySolve({
 *   model: "spikedRandomFeatures", student: "tanh", target: "tanh", spikeStrength: 3, alignment: 0.5,
 *   sampleRatio: 0.5, widthRatio: 1, ridge: 0.01,
 * });
 * result.status === "converged" ? result.testError.toFixed(6) : result.detail; // "0.401237"
 */
export function trySolve(description: ModelDescription): RidgeResult {
  legalParameters(description);
  const { loss = "square" } = description as { readonly loss?: unknown };
  if (loss !== "square") {
    throw new ParameterError("loss", loss, '"square"; the main entry of the package solves the other losses, too');
  }
  const point = checkPoint(description);
  return statefulSolver(featureModel(description), { finiteSize: true }).solve(point);
}

/**
 * Errors, objective and overlaps of ridge regression on a network's features in the proportional limit (theory §4–§5): those
 * of `solve` of "replica-theory", for targets of one direction after at most one step.
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
export function solve(description: ModelDescription): RidgeSolution {
  return solutionOf(trySolve(description), description);
}
