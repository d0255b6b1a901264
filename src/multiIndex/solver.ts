import type { RidgeFailure } from "../ridge/solution.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import { type SpikeBounds, spikeBounds } from "./bounds.ts";
import { legalMultiIndex, type MultiIndexDescription } from "./description.ts";
import { type DescribedModel, describedModel } from "./models.ts";
import { type SolvedSpikes, spikeSolver, type SpikeSolution, type SpikeSolver } from "./spikeSolver.ts";

/** Test errors with and without the leading row norms; the truth lies between (multiIndex §11). */
export interface RowNormValues {
  readonly without: number;
  readonly leading: number;
}

/** A solved point of a model with several steps or directions. */
export interface MultiIndexSolution extends SpikeSolution {
  /** After several steps on finite batches. */
  readonly rowNormValues?: RowNormValues;
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
  let other: SpikeSolver | undefined;
  let known: SpikeBounds | undefined;
  return {
    described,
    details: main.details,
    bounds: () => (known ??= spikeBounds(described.model.problem([0]))),
    solve(point) {
      const solution = main.solve(point);
      if (solution.status !== "converged") return solution;
      const { notices } = described;
      if (!described.other) return { ...solution, notices };
      other ??= spikeSolver(described.other);
      const beside = other.solve(point);
      if (beside.status !== "converged") return beside;
      const [without, leading] = described.leading
        ? [beside.testError, solution.testError]
        : [solution.testError, beside.testError];
      return { ...solution, rowNormValues: { without, leading }, notices };
    },
  };
}
