import type { RidgeFailure } from "../ridge/solution.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import { type SpikeBounds, spikeBounds } from "./bounds.ts";
import { legalMultiIndex, type MultiIndexDescription } from "./description.ts";
import { type DescribedModel, describedModel } from "./models.ts";
import { type SolvedSpikes, spikeSolver, type SpikeSolution } from "./spikeSolver.ts";

/** A solved point of a model with several steps or directions. */
export interface MultiIndexSolution extends SpikeSolution {
  readonly notices: readonly string[];
}

/** A solved point of a model with several steps or directions, or its failure. */
export type MultiIndexResult = MultiIndexSolution | RidgeFailure;

/** One model, whose points are solved each from the last. */
export interface MultiIndexSolver {
  readonly described: DescribedModel;
  readonly solve: (point: RidgePoint) => MultiIndexResult;
  readonly details: (point: RidgePoint) => SolvedSpikes | RidgeFailure;
  readonly bounds: () => SpikeBounds;
}

/**
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 */
export function multiIndexSolver(description: Omit<MultiIndexDescription, keyof RidgePoint>): MultiIndexSolver {
  const described = describedModel(legalMultiIndex(description as MultiIndexDescription, POINT_PARAMETERS));
  const main = spikeSolver(described.model);
  let known: SpikeBounds | undefined;
  return {
    described,
    details: main.details,
    bounds: () => (known ??= spikeBounds(described.model.problem([0]))),
    solve(point) {
      const solution = main.solve(point);
      if (solution.status !== "converged") return solution;
      return { ...solution, notices: described.notices };
    },
  };
}
