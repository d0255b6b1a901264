import { requireDescription } from "../errors.ts";
import type { ConvexCovariatesSolution } from "../covariates/convexCovariates.ts";
import type {
  ConvexCovariates,
  CovariateDescription,
  GaussianCovariates,
  StructuredGradientStep,
  StructuredRandomFeatures,
} from "../covariates/description.ts";
import type { CovariateSolution } from "../covariates/ridgeObservables.ts";
import { anyCovariateSolver, type AnyCovariateSolution, type StructuredStepSolution } from "../covariates/solve.ts";
import type { StructuredFeaturesSolution } from "../covariates/solveCovariates.ts";
import type { LossSolution } from "../convex/solution.ts";
import type { MultiIndexDescription } from "../multiIndex/description.ts";
import type { MultiIndexSolution } from "../multiIndex/solver.ts";
import { trySolve as trySolveNetwork } from "../solve/solve.ts";
import type { AnyDescription, LossDescription, ModelDescription } from "../parameters/description.ts";
import { isCovariateName } from "../parameters/models.ts";
import type { RidgeFailure, RidgeSolution } from "../ridge/solution.ts";
import { solutionOf } from "../ridge/solveProblem.ts";

/** A description of any model, with any loss. */
export type Description = AnyDescription | CovariateDescription | MultiIndexDescription;
/** A solved point of any model. */
export type Solution = RidgeSolution | LossSolution | AnyCovariateSolution | MultiIndexSolution;

/** Whether a description is one of covariates. */
export function isCovariateDescription(description: { readonly model?: unknown }): description is CovariateDescription {
  return isCovariateName(description.model);
}

/**
 * Solves one point of a model like {@link solve} and returns how the solver ended, without throwing for an unconverged
 * point.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @example
 * const result = trySolve({ model: "gaussianCovariates", eigenvalues: [1], signal: [0.7], samples: 1, ridge: 0, labelNoise: 0.1 });
 * result.status; // "diverged"
 */
export function trySolve(description: ModelDescription): RidgeSolution | RidgeFailure;
export function trySolve(description: LossDescription): LossSolution | RidgeFailure;
export function trySolve(description: AnyDescription): RidgeSolution | LossSolution | RidgeFailure;
export function trySolve(description: GaussianCovariates): CovariateSolution | RidgeFailure;
export function trySolve(description: ConvexCovariates): ConvexCovariatesSolution | RidgeFailure;
export function trySolve(description: StructuredRandomFeatures): StructuredFeaturesSolution | RidgeFailure;
export function trySolve(description: StructuredGradientStep): StructuredStepSolution | RidgeFailure;
export function trySolve(description: MultiIndexDescription): MultiIndexSolution | RidgeFailure;
export function trySolve(description: Description): Solution | RidgeFailure;
export function trySolve(description: Description): Solution | RidgeFailure {
  requireDescription(description);
  return isCovariateDescription(description)
    ? anyCovariateSolver(description).solve(description)
    : trySolveNetwork(description);
}

/**
 * Errors, objective and overlaps of the readout trained on the features of a model in the limit of high dimension: by ridge
 * regression (theory §4–§5; covariates §2, §7, §8), or with another `loss` (convexLosses; covariates §6), which gives its test
 * and training loss, and classification or square errors.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if the saddle point was not found, or is at infinity
 * @example
 * const network = solve({ model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 2, widthRatio: 1, ridge: 0.1 });
 * network.testError.toFixed(6); // "0.237600"
 * @example
 * const regression = solve({
 *   model: "gaussianCovariates", eigenvalues: [5, 1, 0.2], multiplicities: [5, 20, 60], signal: [4, 0.5, 0.05],
 *   unexplained: 0.1, labelNoise: 0.2, samples: 80, ridge: 0.5,
 * });
 * regression.testError.toFixed(6); // "1.235455"
 */
export function solve(description: ModelDescription): RidgeSolution;
export function solve(description: LossDescription): LossSolution;
export function solve(description: AnyDescription): RidgeSolution | LossSolution;
export function solve(description: GaussianCovariates): CovariateSolution;
export function solve(description: ConvexCovariates): ConvexCovariatesSolution;
export function solve(description: StructuredRandomFeatures): StructuredFeaturesSolution;
export function solve(description: StructuredGradientStep): StructuredStepSolution;
export function solve(description: MultiIndexDescription): MultiIndexSolution;
export function solve(description: Description): Solution;
export function solve(description: Description): Solution {
  const result: { readonly status: "converged" } | RidgeFailure = trySolve(description);
  return solutionOf(result, description) as Solution;
}
