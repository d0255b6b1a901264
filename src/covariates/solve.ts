import { checkPoint, type RidgeFailure, type RidgeResult, type RidgeSolution } from "../ridge/solution.ts";
import { ridgeSolver } from "../ridge/solve.ts";
import { legalParameters } from "../parameters/legal.ts";
import { type ConvexCovariatesResult, convexSolver, type ConvexCovariatesSolution } from "./convexCovariates.ts";
import type {
  ConvexCovariates,
  CovariateDescription,
  GaussianCovariates,
  StructuredGradientStep,
} from "./description.ts";
import type { CovariateSolution } from "./ridgeObservables.ts";
import { type CovariateResult, covariateSolver, type StructuredFeaturesSolution } from "./solveCovariates.ts";
import { structuredGradientStep } from "./structuredGradientStep.ts";

/** Observables of a network after a step on structured inputs (covariates §8). */
export interface StructuredStepSolution extends RidgeSolution {
  /** r|Σ^½v|, signed. */
  readonly spikeStrength: number;
  /** γ */
  readonly alignment: number;
  /** d_eff = (trΣ)²/trΣ² */
  readonly effectiveDimension: number;
  readonly notices: readonly string[];
}

/** A solved point of any model of covariates. */
export type AnyCovariateSolution =
  CovariateSolution | StructuredFeaturesSolution | ConvexCovariatesSolution | StructuredStepSolution;

/** A solved point or its failure. */
export type AnyCovariateResult =
  CovariateResult | ConvexCovariatesResult | Exclude<RidgeResult, RidgeSolution> | StructuredStepSolution;

/** Coordinates of a point: n and λ, or α, β and λ. */
export interface CovariatePoint {
  readonly samples?: number;
  readonly sampleRatio?: number;
  readonly widthRatio?: number;
  readonly ridge?: number;
}

/** A model that is checked; its points start from each other. */
export interface AnyCovariateSolver {
  /** @throws ParameterError for an illegal point */
  solve(point: CovariatePoint): AnyCovariateResult;
}

/** Whether a description asks for the equations of covariates §6. */
export function isConvex(description: GaussianCovariates | ConvexCovariates): description is ConvexCovariates {
  const { teacher, loss = "square" }: Pick<GaussianCovariates | ConvexCovariates, "teacher" | "loss"> = description;
  return teacher !== undefined || loss !== "square";
}

/** Coordinates that a solver does not depend on. */
const POINTS = ["samples", "ridge", "sampleRatio", "widthRatio"];

/**
 * The solver of any model of covariates.
 *
 * @param description its point may be missing
 * @throws ParameterError, ExpressionError, QuadratureError for an illegal model
 */
export function anyCovariateSolver(description: CovariateDescription): AnyCovariateSolver {
  legalParameters(description, POINTS);
  switch (description.model) {
    case "gaussianCovariates": {
      const solver = isConvex(description) ? convexSolver(description) : covariateSolver(description);
      return { solve: (point) => solver.solve(point as { samples: number; ridge: number }) };
    }
    case "structuredRandomFeatures": {
      const solver = covariateSolver(description);
      return { solve: (point) => solver.solve(point as { samples: number; ridge: number }) };
    }
    case "structuredGradientStep":
      return stepSolver(description);
  }
}

function stepSolver(description: StructuredGradientStep): AnyCovariateSolver {
  const { model, ...step } = structuredGradientStep(description);
  const solver = ridgeSolver(model);
  return {
    solve(point): StructuredStepSolution | RidgeFailure {
      const result = solver.solve(checkPoint(point as Parameters<typeof checkPoint>[0]));
      return result.status === "converged" ? { ...result, ...step } : result;
    },
  };
}
